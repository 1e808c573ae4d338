//! What a cell of each kind of column may hold.

use serde_json::{Value, json};
use shared::{
    edit::Edit,
    ids::RowId,
    key::Key,
    limits,
    template::{Column, Kind, TableId},
    value,
};

/// The schema of a column's cells.
pub fn of(column: &Column) -> Value {
    let mut schema = of_kind(column.kind);
    schema["title"] = column.title.into();
    schema["description"] = column.help.into();
    schema
}

fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Text => defined("text"),
        Kind::Narrative => defined("narrative"),
        Kind::Integer => defined("integer"),
        Kind::Money => defined("money"),
        Kind::Flag => defined("flag"),
        Kind::Date => defined("date"),
        Kind::Reference(_) | Kind::Instrument => defined("code"),
        Kind::References(_) | Kind::Places | Kind::Sectors => defined("set"),
        Kind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
            one("value", &one("code", &json!({ "enum": codes })))
        }
        Kind::Choices(choices) => {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
            one("set", &json!({ "type": "array", "uniqueItems": true, "items": { "enum": codes } }))
        }
    }
}

/// The shapes that columns share.
pub fn definitions() -> Value {
    let count = |most: i64| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let states = json!({ "enum": ["to_be_defined", "not_applicable", "masked"] });
    let short = one("text", &json!({ "type": "string", "maxLength": limits::SHORT_TEXT }));
    let long = json!({ "type": "string", "maxLength": limits::NARRATIVE_BYTES });
    let day = one("date", &json!({ "type": "string", "format": "date" }));
    let code = one("code", &json!({ "type": "string", "pattern": "^[a-z0-9_]{1,40}$" }));
    let flag = one("flag", &json!({ "type": "boolean" }));
    let (integer, money) =
        (one("integer", &count(limits::COUNT)), one("money", &count(limits::MONEY)));
    let none = json!({ "const": "not_applicable" });
    let any = |schemas: &[&Value]| one("value", &json!({ "anyOf": schemas }));
    let members = json!({
        "type": "array",
        "maxItems": limits::MEMBERS,
        "uniqueItems": true,
        "items": { "type": "string", "pattern": "^[A-Za-z0-9_]{1,40}$" },
    });
    let regional = ["text", "narrative", "integer", "money", "flag", "date"].map(defined);
    json!({
        "value": { "anyOf": [short, integer, money, flag, day, code, states] },
        "text": any(&[&short, &none]),
        "narrative": one("narrative", &long),
        "integer": any(&[&integer, &states]),
        "money": any(&[&money, &states]),
        "flag": one("value", &flag),
        "date": any(&[&day, &none]),
        "code": one("value", &code),
        "set": one("set", &members),
        "regional": { "anyOf": regional },
    })
}

fn defined(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// An object with exactly this property.
fn one(name: &str, schema: &Value) -> Value {
    json!({
        "type": "object",
        "required": [name],
        "additionalProperties": false,
        "properties": { name: schema },
    })
}

/// Writes the budget of a row of the large exercise.
pub fn budget(pesos: i64) -> Edit {
    let row = RowId::new("r1").expect("a letter and a digit");
    let value = Some(value::Value::Money(pesos));
    Edit::SetCell { key: Key::cell(TableId::Focus, &row, "budget"), value }
}
