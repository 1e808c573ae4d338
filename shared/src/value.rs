//! The value of one cell, and how the document writes it.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a cell of fixed type holds. A cell that holds nothing is *missing*, which is none of
/// these: missing, zero, "por definir", "no aplica" and masked are five different things.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A short text, replaced as a whole. Long ones are narrative cells and merge by character.
    Text(String),
    /// A count.
    Integer(i64),
    /// Chilean pesos.
    Money(i64),
    /// Yes or no.
    Flag(bool),
    /// A civil date.
    Date(NaiveDate),
    /// One of a column's choices, or the id of a row, instrument, place or sector.
    Code(String),
    /// "Por definir": to be settled, for example until the *montos preliminares* arrive.
    ToBeDefined,
    /// "No aplica".
    NotApplicable,
    /// A figure withheld by its source (statistical secrecy), shown as `*`.
    Masked,
}

/// The bytes of a cell are none that the product writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadValue;

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("valor de celda no válido")
    }
}

impl std::error::Error for BadValue {}

impl Value {
    /// Whether it stands in the place of a figure without being one.
    #[must_use]
    pub fn is_state(&self) -> bool {
        matches!(self, Self::ToBeDefined | Self::NotApplicable | Self::Masked)
    }

    /// One character for the type, then the value: `m311345000`, `tFeria`, `?`.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::Text(text) => format!("t{text}"),
            Self::Integer(number) => format!("i{number}"),
            Self::Money(pesos) => format!("m{pesos}"),
            Self::Flag(flag) => format!("b{}", u8::from(*flag)),
            Self::Date(date) => format!("d{date}"),
            Self::Code(code) => format!("c{code}"),
            Self::ToBeDefined => "?".into(),
            Self::NotApplicable => "x".into(),
            Self::Masked => "*".into(),
        }
    }

    /// The inverse of [`Value::encode`]. Only the one spelling that it writes is accepted, so
    /// that equal values are equal bytes.
    pub fn decode(text: &str) -> Result<Self, BadValue> {
        let mut rest = text.chars();
        let tag = rest.next().ok_or(BadValue)?;
        let rest = rest.as_str();
        let value = match tag {
            't' => Self::Text(rest.into()),
            'i' => Self::Integer(rest.parse().map_err(|_| BadValue)?),
            'm' => Self::Money(rest.parse().map_err(|_| BadValue)?),
            'b' => Self::Flag(rest == "1"),
            'd' => Self::Date(rest.parse().map_err(|_| BadValue)?),
            'c' => Self::Code(rest.into()),
            '?' => Self::ToBeDefined,
            'x' => Self::NotApplicable,
            '*' => Self::Masked,
            _ => return Err(BadValue),
        };
        // Texts and codes have one spelling anyway, and are most of what is opened.
        let is_spelled_so =
            matches!(value, Self::Text(_) | Self::Code(_)) || value.encode() == text;
        if is_spelled_so { Ok(value) } else { Err(BadValue) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn decoding_never_panics_and_keeps_one_spelling(text in "\\PC{0,12}") {
            if let Ok(value) = Value::decode(&text) {
                prop_assert_eq!(value.encode(), text);
            }
        }

        #[test]
        fn figures_survive(number in any::<i64>(), text in "\\PC{0,40}") {
            for value in [Value::Money(number), Value::Integer(number), Value::Text(text.clone())] {
                prop_assert_eq!(Value::decode(&value.encode()), Ok(value));
            }
        }
    }

    #[test]
    fn the_encoding_is_pinned() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 30).unwrap();
        for (value, text) in [
            (Value::Text("Ñuble".into()), "tÑuble"),
            (Value::Integer(0), "i0"),
            (Value::Money(311_345_000), "m311345000"),
            (Value::Flag(true), "b1"),
            (Value::Date(date), "d2026-12-30"),
            (Value::Code("juntos".into()), "cjuntos"),
            (Value::ToBeDefined, "?"),
            (Value::NotApplicable, "x"),
            (Value::Masked, "*"),
        ] {
            assert_eq!(value.encode(), text);
            assert_eq!(Value::decode(text), Ok(value));
        }
        for bad in ["", "m1.000", "m+1", "m01", "b2", "?x", "q"] {
            assert_eq!(Value::decode(bad), Err(BadValue), "{bad}");
        }
    }
}
