//! What is typed into a cell: how a value is written there, and how it is read back.

use shared::{
    fold::fold,
    format::{
        ParseError, Parsed, format_date, format_integer, parse_date, parse_integer, parse_money,
    },
    limits,
    model::Cell,
    template::Kind,
    value::Value,
};

/// How cells of a kind are edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// By writing.
    Text,
    /// By going through yes, no and nothing.
    Toggle,
    /// By choosing from a list.
    Picker,
}

impl Editor {
    /// The editor of this kind.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Narrative | Kind::Integer | Kind::Money | Kind::Date => Self::Text,
            Kind::Flag => Self::Toggle,
            Kind::Choice(_)
            | Kind::Choices(_)
            | Kind::Reference(_)
            | Kind::References(_)
            | Kind::Instrument
            | Kind::Places
            | Kind::Sectors => Self::Picker,
        }
    }
}

/// What can stand in the place of a figure or date, as it is chosen and read back.
#[must_use]
pub fn states(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Money | Kind::Integer => &["Por definir", "No aplica"],
        Kind::Date => &["No aplica"],
        _ => &[],
    }
}

/// The text that stands for a cell while it is edited.
#[must_use]
pub fn written(cell: Option<&Cell>) -> String {
    match cell {
        Some(Cell::Narrative(text) | Cell::Value(Value::Text(text))) => text.clone(),
        Some(Cell::Value(Value::Integer(number) | Value::Money(number))) => format_integer(*number),
        Some(Cell::Value(Value::Date(date))) => format_date(*date),
        Some(Cell::Value(Value::ToBeDefined)) => "por definir".into(),
        Some(Cell::Value(Value::NotApplicable)) => "no aplica".into(),
        Some(Cell::Value(Value::Masked)) => "*".into(),
        Some(Cell::Value(Value::Flag(_) | Value::Code(_)) | Cell::Set(_)) | None => String::new(),
    }
}

/// Reads what was typed into a cell of this kind; `None` empties it. The error tells the person
/// how to write it instead.
pub fn read(kind: Kind, text: &str) -> Result<Option<Value>, String> {
    match kind {
        Kind::Integer => figure(parse_integer(text), Value::Integer),
        Kind::Money => figure(parse_money(text), Value::Money),
        Kind::Date => match figure(parse_date(text), Value::Date)? {
            Some(Value::ToBeDefined | Value::Masked) => Err(ParseError::NotADate.to_string()),
            date => Ok(date),
        },
        _ => short_text(text),
    }
}

fn figure<T>(
    parsed: Result<Parsed<T>, ParseError>,
    value: impl FnOnce(T) -> Value,
) -> Result<Option<Value>, String> {
    Ok(match parsed.map_err(|error| error.to_string())? {
        Parsed::Missing => None,
        Parsed::Value(figure) => Some(value(figure)),
        Parsed::ToBeDefined => Some(Value::ToBeDefined),
        Parsed::NotApplicable => Some(Value::NotApplicable),
        Parsed::Masked => Some(Value::Masked),
    })
}

/// What was typed or pasted, as a text of one line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn short_text(text: &str) -> Result<Option<Value>, String> {
    // Pasted line breaks and tabs: a short text has one line.
    let text = one_line(text);
    if text.is_empty() {
        return Ok(None);
    }
    if fold(&text) == "no aplica" {
        return Ok(Some(Value::NotApplicable));
    }
    let length = text.chars().count();
    if length > limits::SHORT_TEXT {
        return Err(format!(
            "El texto tiene {} caracteres y esta celda admite {}.",
            format_integer(length as i64),
            limits::SHORT_TEXT
        ));
    }
    Ok(Some(Value::Text(text)))
}

/// The place in the text that is edited for a place in what the cell shows of it, both in UTF-16
/// units; `None` where the cell shows something else.
#[must_use]
pub fn caret_in(written: &str, shown: &str, offset: u32) -> Option<u32> {
    let length = |text: &str| text.encode_utf16().count() as u32;
    if let Some(start) = shown.find(written) {
        // An amount is shown with its sign before it.
        return Some(offset.saturating_sub(length(&shown[..start])).min(length(written)));
    }
    // Of a long text the cell shows the beginning.
    let beginning = shown.strip_suffix('…')?;
    written.starts_with(beginning).then(|| offset.min(length(beginning)))
}

/// What follows when a yes-or-no cell is toggled: yes, no, nothing.
#[must_use]
pub fn toggled(flag: Option<bool>) -> Option<bool> {
    match flag {
        None => Some(true),
        Some(true) => Some(false),
        Some(false) => None,
    }
}

/// What a letter typed on a yes-or-no cell says; `None` for any other text.
#[must_use]
pub fn flag_typed(text: &str) -> Option<bool> {
    match text.trim().chars().next()?.to_ascii_lowercase() {
        's' | 'y' | '1' => Some(true),
        'n' | '0' => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 30).unwrap();
        for (kind, value) in [
            (Kind::Money, Value::Money(311_345_000)),
            (Kind::Money, Value::Money(0)),
            (Kind::Money, Value::ToBeDefined),
            (Kind::Money, Value::NotApplicable),
            (Kind::Integer, Value::Integer(1_234)),
            (Kind::Integer, Value::Masked),
            (Kind::Date, Value::Date(date)),
            (Kind::Date, Value::NotApplicable),
            (Kind::Text, Value::Text("Feria del Norte Grande".into())),
            (Kind::Text, Value::NotApplicable),
        ] {
            let text = written(Some(&Cell::Value(value.clone())));
            assert_eq!(read(kind, &text), Ok(Some(value)), "{text}");
        }
    }

    #[test]
    fn nothing_typed_is_missing_and_never_zero() {
        for kind in [Kind::Money, Kind::Integer, Kind::Date, Kind::Text] {
            assert_eq!(read(kind, "  "), Ok(None));
        }
        assert_eq!(written(None), "");
    }

    #[test]
    fn what_cannot_be_read_says_how_to_write_it() {
        assert!(read(Kind::Money, "1,000").unwrap_err().contains("1.000"));
        assert!(read(Kind::Money, "mucho").is_err());
        assert!(read(Kind::Integer, "2,5").is_err());
        assert!(read(Kind::Date, "31-2-2026").unwrap_err().contains("no existe"));
        assert!(read(Kind::Date, "por definir").is_err(), "no date cell may hold it");
        let long = "a".repeat(501);
        assert!(read(Kind::Text, &long).unwrap_err().contains("501"));
    }

    #[test]
    fn short_texts_have_one_line() {
        let value = Some(Value::Text("Feria Norte Sur".into()));
        assert_eq!(read(Kind::Text, " Feria\r\nNorte\tSur "), Ok(value));
    }

    #[test]
    fn the_caret_goes_where_the_cell_was_pointed_at() {
        assert_eq!(caret_in("Ferias del norte", "Ferias del norte", 6), Some(6));
        assert_eq!(caret_in("311.345.000", "$311.345.000", 4), Some(3));
        assert_eq!(caret_in("311.345.000", "$311.345.000", 0), Some(0));
        assert_eq!(caret_in("Ñandú 🦤 corre lejos", "Ñandú 🦤 corre…", 8), Some(8), "UTF-16");
        assert_eq!(caret_in("Ñandú corre lejos", "Ñandú corre…", 12), Some(11), "on the dots");
        assert_eq!(caret_in("por definir", "Por definir", 3), None);
        assert_eq!(caret_in("", "⇄", 1), Some(0));
    }

    #[test]
    fn flags_go_round() {
        assert_eq!(toggled(toggled(toggled(None))), None);
        assert_eq!(
            (flag_typed("Sí"), flag_typed("no"), flag_typed("x")),
            (Some(true), Some(false), None)
        );
    }
}
