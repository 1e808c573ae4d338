//! Values that a schema allows, nearly allows, or never would.

use serde_json::{Map, Value, json};

/// SplitMix64: the same sequence for the same seed, everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below this.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// How deep values go before they end.
const DEEP: usize = 6;

pub struct Generator<'a> {
    /// Where references lead.
    pub document: &'a Value,
    pub random: Random,
    /// Values that name something, by the name of their member, or of their parameter after `/`.
    pub known: Vec<(&'static str, Value)>,
}

impl Generator<'_> {
    /// What is called so is mostly something that exists.
    pub fn named(&mut self, name: &str, schema: &Value) -> Value {
        let known: Vec<_> = self.known.iter().filter(|known| known.0 == name).cloned().collect();
        if !known.is_empty() && self.random.chance(80) {
            return self.random.of(&known).1.clone();
        }
        self.valid(schema, 0)
    }

    /// Something that the schema allows, as far as its keywords are known here.
    pub fn valid(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(members) = schema.as_object() else { return json!("algo") };
        if let Some(examples) = members.get("examples").and_then(Value::as_array)
            && self.random.chance(90)
        {
            return self.random.of(examples).clone();
        }
        if let Some(only) = members.get("const") {
            return only.clone();
        }
        if let Some(choices) = members.get("enum").and_then(Value::as_array) {
            return self.random.of(choices).clone();
        }
        let mut made = None;
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let target = self.document.pointer(&reference[1..]).unwrap().clone();
            made = Some(self.valid(&target, depth + 1));
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = members.get(choice).and_then(Value::as_array) {
                let mut chosen = self.random.of(choices).clone();
                if depth > DEEP {
                    // What ends: null, a constant, a plain text.
                    let ends = |choice: &&Value| choice.get("$ref").is_none();
                    chosen = choices.iter().find(ends).unwrap_or(&chosen).clone();
                }
                made = Some(merged(made, self.valid(&chosen, depth + 1)));
            }
        }
        for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            made = Some(merged(made, self.valid(part, depth + 1)));
        }
        let kind = match members.get("type") {
            Some(Value::Array(kinds)) => self.random.of(kinds).as_str(),
            Some(kind) => kind.as_str(),
            None if members.contains_key("properties") => Some("object"),
            None => None,
        };
        let kind = kind.map(ToOwned::to_owned);
        match kind {
            Some(kind) => merged(made, self.of_kind(&kind, members, depth)),
            None => made.unwrap_or(json!("algo")),
        }
    }

    fn of_kind(&mut self, kind: &str, schema: &Map<String, Value>, depth: usize) -> Value {
        match kind {
            "object" => self.object(schema, depth),
            "array" => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
                let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(least + 3);
                let most = most.min(least + 40) as usize;
                let more =
                    if depth > DEEP { 0 } else { self.random.below(most - least as usize + 1) };
                let items = schema.get("items").cloned().unwrap_or(json!({}));
                (0..least as usize + more).map(|_| self.valid(&items, depth + 1)).collect()
            }
            "integer" | "number" => {
                let bound = |name| schema.get(name).and_then(Value::as_i64);
                let least = bound("minimum").unwrap_or(-3);
                let most = bound("maximum").unwrap_or(least.saturating_add(60_000));
                let span = most.saturating_sub(least).max(0).unsigned_abs();
                let near = [0, 1, 2, span];
                let step = match self.random.chance(60) {
                    true => *self.random.of(&near),
                    false => self.random.next(),
                };
                json!(least.saturating_add_unsigned(step % span.saturating_add(1)))
            }
            "boolean" => json!(self.random.chance(50)),
            "null" => Value::Null,
            _ => self.text(schema),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = match schema.get("required").and_then(Value::as_array) {
            Some(names) => names.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
        };
        let mut made = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let wanted = required.contains(&name.as_str());
            if wanted || (depth <= DEEP && self.random.chance(60)) {
                let value = if name == "request" && self.random.chance(90) {
                    // Drawn anew by whoever asks; the same one is asked twice now and then.
                    json!(format!("request-{}", self.random.below(100_000)))
                } else if self.known.iter().any(|known| known.0 == name) {
                    self.named(name, property)
                } else {
                    self.valid(property, depth + 1)
                };
                made.insert(name.clone(), value);
            }
        }
        if let Some(more) = schema.get("additionalProperties").filter(|more| more.is_object()) {
            for name in ["crece", "juntos", "final"] {
                if self.random.chance(30) {
                    made.insert(name.into(), self.valid(more, depth + 1));
                }
            }
        }
        Value::Object(made)
    }

    fn text(&mut self, schema: &Map<String, Value>) -> Value {
        let pattern = schema.get("pattern").and_then(Value::as_str).unwrap_or_default();
        let digits = |random: &mut Random| {
            (0..64).map(|_| char::from(*random.of(b"0123456789abcdef"))).collect::<String>()
        };
        json!(match (schema.get("format").and_then(Value::as_str), pattern) {
            (Some("date"), _) => format!(
                "{}-{:02}-{:02}",
                2025 + self.random.below(3),
                1 + self.random.below(12),
                1 + self.random.below(28)
            ),
            (_, "") => self
                .random
                .of(&["algo", "Señal", "request-1", "crece", "01", "Se completa después."])
                .to_string(),
            (_, pattern) if pattern.starts_with("^[0-9a-f]{64}") => digits(&mut self.random),
            (_, pattern) if pattern.starts_with("^[0-9a-fA-F]{64}\\.ics") =>
                digits(&mut self.random) + ".ics",
            (_, pattern) if pattern.starts_with("^[0-9a-fA-F]{64}") => digits(&mut self.random),
            (_, pattern) if pattern.starts_with("^[0-9]{2}-[0-9]{4}-") => "01-2027-0001".into(),
            (_, pattern) if pattern.starts_with("^[0-9]{2}") => "01-2027".into(),
            (_, pattern) if pattern.starts_with("^[a-z]+/") => "focus/r7/budget".into(),
            _ => "r1".into(),
        })
    }

    /// Something that no person means.
    pub fn hostile(&mut self) -> Value {
        match self.random.below(18) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(i64::MIN),
            4 => json!(u64::MAX),
            5 => json!(1e308),
            6 => json!(0.5),
            7 => json!(""),
            8 => json!("\u{0}"),
            9 => json!("ñ".repeat(20_000)),
            10 => json!("\u{202e}\u{200b}👩‍👩‍👧‍👦\u{fffd}\u{1f}"),
            11 => json!("../../../etc/passwd"),
            12 => json!("' OR 1=1; DROP TABLE acts; --"),
            13 => json!([]),
            14 => json!({}),
            15 => (0..100).fold(json!(1), |inner, _| json!([inner])),
            16 => (0..2_000).map(|n| json!(n)).collect(),
            _ => json!("9999-99-99"),
        }
    }

    /// The same with something wrong in one place.
    pub fn nearly(&mut self, value: &Value) -> Value {
        let mut changed = value.clone();
        self.worsen(&mut changed);
        changed
    }

    fn worsen(&mut self, place: &mut Value) {
        let enters = self.random.chance(70);
        match place {
            Value::Object(members) if enters && !members.is_empty() => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = self.random.of(&names).clone();
                match self.random.below(10) {
                    0 | 1 => drop(members.remove(&name)),
                    2 => drop(members.insert("__proto__".into(), self.hostile())),
                    _ => self.worsen(&mut members[&name]),
                }
            }
            Value::Array(items) if enters && !items.is_empty() => {
                let index = self.random.below(items.len());
                self.worsen(&mut items[index]);
            }
            _ => *place = self.hostile(),
        }
    }
}

fn merged(first: Option<Value>, second: Value) -> Value {
    match (first, second) {
        (Some(Value::Object(mut first)), Value::Object(second)) => {
            first.extend(second);
            Value::Object(first)
        }
        (Some(first), Value::Object(second)) if second.is_empty() => first,
        (_, second) => second,
    }
}
