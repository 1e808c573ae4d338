//! How one operation is described, and the document of all of them.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use shared::{api::Problem, limits};

use crate::operations;

pub const JSON: &str = "application/json";
pub const BYTES: &str = "application/octet-stream";
pub const SVG: &str = "image/svg+xml";

/// What makes the document: schemas of the types that it names are gathered on the way.
pub struct Describer {
    generator: SchemaGenerator,
    paths: Map<String, Value>,
}

/// One operation while it is written.
pub struct Operation<'a> {
    describer: &'a mut Describer,
    method: &'static str,
    path: &'static str,
    content: Value,
}

pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut describer = Describer { generator: settings.into_generator(), paths: Map::new() };
    operations::all(&mut describer);
    let schemas = Value::Object(describer.generator.take_definitions(true));
    let mut document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Focaliza",
            "version": "1",
            "description": "Accounts, exercises and the yearly process, as the application asks for them. Requests that change something must say by `Origin` that they come from the application's own pages. What people write travels over `/api/sync` (`docs/protocol.md`). Generated; do not edit.",
            "license": { "name": "MPL-2.0", "identifier": "MPL-2.0" },
        },
        "paths": describer.paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "focaliza",
                    "description": "Behind TLS its name is `__Host-focaliza`.",
                },
            },
        },
    });
    plain_links(&mut document);
    document
}

/// Comments name other items as rustdoc links.
fn plain_links(json: &mut Value) {
    match json {
        Value::String(text) if text.contains("[`") => {
            *text = text.replace("[`", "`").replace("`]", "`").replace("`crate::", "`");
        }
        Value::Array(items) => items.iter_mut().for_each(plain_links),
        Value::Object(members) => members.values_mut().for_each(plain_links),
        _ => {}
    }
}

impl Describer {
    /// Begins an operation. All may fail for want of a database.
    pub fn on(&mut self, method: &'static str, path: &'static str, summary: &str) -> Operation<'_> {
        let name = path.replace(['{', '}'], "").replace(['/', '.'], "_");
        let content = json!({
            "operationId": format!("{method}{name}"),
            "summary": summary,
            "parameters": [],
            "responses": {},
        });
        let operation = Operation { describer: self, method, path, content };
        operation.parts().fails(&[503])
    }

    /// A reference to a type's schema.
    pub fn of<T: JsonSchema>(&mut self) -> Value {
        self.generator.subschema_for::<T>().into()
    }
}

/// What varies in addresses.
fn part(name: &str) -> Value {
    let exercise =
        json!({ "type": "string", "pattern": "^[0-9]{2}-[0-9]{4}$", "examples": ["01-2027"] });
    match name {
        "id" => exercise,
        "act" => {
            json!({ "type": "integer", "minimum": 1, "maximum": limits::ACTS, "examples": [1, 2] })
        }
        "user" | "invitation" => json!({ "type": "integer", "minimum": 1 }),
        "sha256" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
        "token" => json!({ "type": "string", "pattern": "^[0-9a-fA-F]{64}$" }),
        "receipt" => json!({ "type": "string", "pattern": "^[0-9]{2}-[0-9]{4}-[0-9]{4,}$" }),
        "code" => json!({ "type": "string" }),
        "name" => json!({ "type": "string", "pattern": "^[0-9a-fA-F]{64}\\.ics$" }),
        other => panic!("{other} is not described"),
    }
}

impl Operation<'_> {
    fn parts(mut self) -> Self {
        for piece in self.path.split('/') {
            let Some(name) = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                continue;
            };
            self.parameter(json!({
                "name": name, "in": "path", "required": true, "schema": part(name),
            }));
        }
        // With an empty part it is another address, at which nothing is.
        if self.path.contains('{') { self.fails(&[404]) } else { self }
    }

    fn parameter(&mut self, parameter: Value) {
        self.content["parameters"].as_array_mut().unwrap().push(parameter);
    }

    /// For people who are signed in; the address may say who is meant.
    pub fn signed_in(mut self) -> Self {
        self.content["security"] = json!([{ "session": [] }]);
        self.parameter(json!({
            "name": "user",
            "in": "query",
            "description": "The account that is meant: 401 where the session is another's.",
            "schema": { "type": "integer" },
        }));
        self.fails(&[401])
    }

    /// Something after the question mark.
    pub fn asks(mut self, name: &str, is_required: bool, schema: &Value) -> Self {
        self.parameter(json!({
            "name": name, "in": "query", "required": is_required, "schema": schema,
        }));
        self.fails(&[400])
    }

    /// Takes JSON of a type.
    pub fn takes<T: JsonSchema>(self) -> Self {
        let schema = self.describer.of::<T>();
        self.takes_json(&schema)
    }

    /// Takes JSON.
    pub fn takes_json(mut self, schema: &Value) -> Self {
        self.content["requestBody"] =
            json!({ "required": true, "content": { JSON: { "schema": schema } } });
        self.fails(&[400, 413, 415])
    }

    /// Takes bytes.
    pub fn takes_bytes(mut self) -> Self {
        self.content["requestBody"] = json!({ "required": true, "content": { BYTES: {} } });
        self.fails(&[400, 413])
    }

    /// Is answered with JSON of a type.
    pub fn gives<T: JsonSchema>(self) -> Self {
        let schema = self.describer.of::<T>();
        self.gives_as(200, JSON, &json!({ "schema": schema }))
    }

    /// Is answered with something else.
    pub fn gives_as(mut self, status: u16, kind: &str, media: &Value) -> Self {
        self.content["responses"][status.to_string()] =
            json!({ "description": meaning(status), "content": { kind: media } });
        self
    }

    /// Is answered with nothing.
    pub fn gives_nothing(mut self, status: u16) -> Self {
        self.content["responses"][status.to_string()] = json!({ "description": meaning(status) });
        self
    }

    /// May fail so, with a [`Problem`].
    pub fn fails(mut self, with: &[u16]) -> Self {
        let problem = self.describer.of::<Problem>();
        for status in with {
            self = self.gives_as(*status, JSON, &json!({ "schema": problem }));
        }
        self
    }

    /// Waits until there is something to say.
    pub fn waits(mut self) -> Self {
        self.content["x-waits"] = json!(true);
        self
    }

    /// Writes it down. What changes something must come from the application's own pages.
    pub fn end(self) {
        let this = if self.method == "get" { self } else { self.fails(&[403]) };
        let item = this.describer.paths.entry(format!("/api{}", this.path)).or_insert(json!({}));
        item[this.method] = this.content;
    }
}

fn meaning(status: u16) -> &'static str {
    match status {
        101 => "Becomes a WebSocket.",
        200 => "Done.",
        204 => "Done; there is nothing to say.",
        303 => "Another page is shown, `Location` says which.",
        400 => "Not understood, or not good.",
        401 => "Nobody is signed in, or not who was meant, or not with this.",
        403 => "The person may not, or the request is not from the application's own pages.",
        404 => "It does not exist, or the person may not know that it does.",
        409 => "What is there forbids it.",
        410 => "It is over.",
        413 => "More than is taken.",
        415 => "Of another content type than is taken.",
        422 => "Understood, and against what holds for it.",
        426 => "Spoken over WebSocket only.",
        429 => "Too many attempts; `Retry-After` says the seconds to wait.",
        503 => "The database does not answer.",
        other => panic!("{other} has no meaning here"),
    }
}
