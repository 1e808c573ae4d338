//! Whether a value may stand in a cell. This is about form only: what a norm asks of the content
//! are rules, and they never keep anybody from writing.

use std::fmt;

use super::{
    Kind, TableId,
    regional::{kind_of_field, regional_kinds},
};
use crate::{
    key::{DELETED, Key, ORDER},
    limits,
    model::Exercise,
    value::Value,
};

/// Why a value cannot stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// No column has this field.
    UnknownColumn,
    /// The column holds values of another type.
    WrongType,
    /// None of the column's choices.
    UnknownChoice,
    /// More than [`limits`] allows.
    TooLong,
    /// Below zero or above what a cell may hold.
    OutOfRange,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownColumn => "La columna no existe en esta versión.",
            Self::WrongType => "El valor no es del tipo que lleva esta columna.",
            Self::UnknownChoice => "El valor no está entre las opciones de la columna.",
            Self::TooLong => "El texto es más largo de lo que admite la celda.",
            Self::OutOfRange => "El número está fuera de lo que admite la celda.",
        })
    }
}

impl std::error::Error for Misfit {}

/// Whether this value may be written under this key. The exercise tells the regional columns.
pub fn fits(exercise: &Exercise, key: &Key, value: Option<&Value>) -> Result<(), Misfit> {
    let kind = match (key.field.as_str(), &key.member) {
        (ORDER, None) => {
            return match value {
                Some(Value::Text(order)) if (1..=200).contains(&order.len()) => Ok(()),
                _ => Err(Misfit::WrongType),
            };
        }
        (DELETED, None) => {
            return match value {
                Some(Value::Flag(_)) => Ok(()),
                _ => Err(Misfit::WrongType),
            };
        }
        (field, _) => kind_of_field(exercise, key.table, field).ok_or(Misfit::UnknownColumn)?,
    };
    if let Some(member) = &key.member {
        return match (kind, value) {
            _ if !crate::ids::is_member(member) => Err(Misfit::UnknownChoice),
            (Kind::Choices(choices), _) if choices.iter().all(|c| c.code != member) => {
                Err(Misfit::UnknownChoice)
            }
            (kind, Some(Value::Flag(true)) | None) if kind.is_set() => Ok(()),
            _ => Err(Misfit::WrongType),
        };
    }
    match value {
        _ if kind.is_set() || kind == Kind::Narrative => Err(Misfit::WrongType),
        None => Ok(()),
        Some(value) => fits_kind(kind, value),
    }
}

fn fits_kind(kind: Kind, value: &Value) -> Result<(), Misfit> {
    let within = |ok: bool| if ok { Ok(()) } else { Err(Misfit::OutOfRange) };
    match (kind, value) {
        (Kind::Text, Value::Text(text)) => {
            if text.chars().count() <= limits::SHORT_TEXT {
                Ok(())
            } else {
                Err(Misfit::TooLong)
            }
        }
        (Kind::Integer, Value::Integer(number)) => within((0..=limits::COUNT).contains(number)),
        (Kind::Money, Value::Money(pesos)) => within((0..=limits::MONEY).contains(pesos)),
        (Kind::Integer | Kind::Money, value) if value.is_state() => Ok(()),
        (Kind::Date | Kind::Text, Value::NotApplicable) => Ok(()),
        (Kind::Flag, Value::Flag(_)) | (Kind::Date, Value::Date(_)) => Ok(()),
        (Kind::Choice(choices), Value::Code(code)) => {
            if choices.iter().any(|choice| choice.code == code) {
                Ok(())
            } else {
                Err(Misfit::UnknownChoice)
            }
        }
        (Kind::Instrument | Kind::Reference(_), Value::Code(code)) => {
            if crate::ids::is_name(code, 40) { Ok(()) } else { Err(Misfit::UnknownChoice) }
        }
        _ => Err(Misfit::WrongType),
    }
}

/// Whether somebody may have written this under this key at some time: as [`fits`], but the kind of
/// a regional column may have changed since.
pub fn fitted(exercise: &Exercise, key: &Key, value: Option<&Value>) -> Result<(), Misfit> {
    fits(exercise, key, value).or_else(|misfit| {
        let could_fit = |kind| value.is_none_or(|value| fits_kind(kind, value).is_ok());
        let is_regional = key.member.is_none() && is_regional(exercise, key);
        if is_regional && regional_kinds().any(could_fit) { Ok(()) } else { Err(misfit) }
    })
}

/// Whether somebody may have typed a narrative into this cell at some time.
pub fn was_narrative(exercise: &Exercise, key: &Key) -> Result<(), Misfit> {
    let is_cell = key.member.is_none();
    if is_cell && (is_narrative(exercise, key.table, &key.field) || is_regional(exercise, key)) {
        Ok(())
    } else {
        Err(Misfit::WrongType)
    }
}

fn is_regional(exercise: &Exercise, key: &Key) -> bool {
    key.table.column(&key.field).is_none()
        && kind_of_field(exercise, key.table, &key.field).is_some()
}

/// Whether a cell of this field is narrative. `false` for a field that no column describes.
#[must_use]
pub fn is_narrative(exercise: &Exercise, table: TableId, field: &str) -> bool {
    kind_of_field(exercise, table, field) == Some(Kind::Narrative)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{ExerciseId, RowId},
        sectors,
    };

    #[test]
    fn members_that_no_key_can_name_are_refused() {
        let exercise = Exercise::new(ExerciseId::new("01", 2027).unwrap());
        let row = RowId::new("r1").unwrap();
        let present = Some(&Value::Flag(true));
        for sector in sectors::sectors() {
            let key = Key::member(TableId::Focus, &row, "sectors", sector.code);
            assert_eq!(fits(&exercise, &key, present), Ok(()), "{key}");
            assert_eq!(Key::parse(&key.to_string()), Ok(key));
        }
        for bad in ["", "a/b", "a@b", "ñ"] {
            let key = Key::member(TableId::Focus, &row, "sectors", bad);
            assert_eq!(fits(&exercise, &key, present), Err(Misfit::UnknownChoice), "{bad}");
        }
    }
}
