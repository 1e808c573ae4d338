//! What a pasted text becomes in a cell of some kind.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use shared::{
    fold::fold,
    format::{ParseError, Parsed, parse_money, parse_percentage},
    limits,
    model::Cell,
    template::Kind,
    value::Value,
};

use super::{
    clip::Piece,
    labels::{Labels, Meaning},
};
use crate::components::grid::entry;

/// What a pasted text becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Converted {
    /// This; `None` empties the cell.
    Cell(Option<Cell>),
    /// This, without a part that was not understood, and why.
    Part(Cell, String, String),
    /// It does not fit, and why.
    Misfit(String),
}

/// How figures are written in what is pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Figures {
    /// `1.234,5`
    #[default]
    Chilean,
    /// `1,234.5`
    English,
}

/// What a piece becomes in a cell of this kind.
#[must_use]
pub fn convert(kind: Kind, labels: &Labels, piece: &Piece, figures: Figures) -> Converted {
    if let Some(exact) = &piece.exact
        && may_hold(kind, labels, exact.as_ref())
    {
        return Converted::Cell(exact.clone());
    }
    let text = piece.text.trim();
    if text.is_empty() {
        return Converted::Cell(None);
    }
    match kind {
        Kind::Narrative if text.len() > limits::NARRATIVE_BYTES => {
            Converted::Misfit("Es más largo de lo que admite la celda.".into())
        }
        Kind::Narrative => Converted::Cell(Some(Cell::Narrative(text.to_owned()))),
        Kind::Money | Kind::Integer => figure(kind, piece, text, figures),
        Kind::Date => date(piece, text),
        Kind::Text => typed(kind, text),
        Kind::Flag => flag(text),
        Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument => one(labels, text),
        Kind::Choices(_) | Kind::References(_) | Kind::Places | Kind::Sectors => {
            several(labels, text)
        }
    }
}

/// Whether a cell of another column may stand in this one as it is.
fn may_hold(kind: Kind, labels: &Labels, cell: Option<&Cell>) -> bool {
    let is_known = |code: &String| labels.find(code) == Meaning::Code(code.clone());
    match (kind, cell) {
        (_, None) | (Kind::Narrative, Some(Cell::Narrative(_))) => true,
        (Kind::Text, Some(Cell::Value(Value::Text(_) | Value::NotApplicable)))
        | (Kind::Flag, Some(Cell::Value(Value::Flag(_))))
        | (Kind::Date, Some(Cell::Value(Value::Date(_) | Value::NotApplicable)))
        | (Kind::Integer, Some(Cell::Value(Value::Integer(_))))
        | (Kind::Money, Some(Cell::Value(Value::Money(_)))) => true,
        (Kind::Integer | Kind::Money, Some(Cell::Value(value))) => value.is_state(),
        (Kind::Reference(_), Some(Cell::Value(Value::Code(code)))) => labels.has_row(code),
        (Kind::Choice(_) | Kind::Instrument, Some(Cell::Value(Value::Code(code)))) => {
            is_known(code)
        }
        (Kind::References(_), Some(Cell::Set(members))) => {
            members.iter().all(|code| labels.has_row(code))
        }
        (Kind::Choices(_) | Kind::Places | Kind::Sectors, Some(Cell::Set(members))) => {
            members.iter().all(is_known)
        }
        _ => false,
    }
}

/// A day: the one that the program knows, where it does. What it shows may lack the year, or have day
/// and month the other way round.
fn date(piece: &Piece, text: &str) -> Converted {
    let days = piece.number.as_deref().filter(|_| piece.is_date);
    let days = days.and_then(|days| days.split('.').next()?.parse().ok());
    let known = days.and_then(|days| {
        // Less than one is a time of some day.
        let first = NaiveDate::from_ymd_opt(1899, 12, 30).filter(|_| days > 0)?;
        first.checked_add_days(Days::new(days))
    });
    match known {
        Some(date) => Converted::Cell(Some(Cell::Value(Value::Date(date)))),
        None => typed(Kind::Date, text),
    }
}

fn typed(kind: Kind, text: &str) -> Converted {
    match entry::read(kind, text) {
        Ok(value) => Converted::Cell(value.map(Cell::Value)),
        Err(why) => Converted::Misfit(why),
    }
}

/// A figure as it is shown; where that cannot be read, what the program says is behind it.
fn figure(kind: Kind, piece: &Piece, text: &str, figures: Figures) -> Converted {
    let written = match figures {
        Figures::Chilean => text.to_owned(),
        Figures::English => swapped(text),
    };
    let is_foreign = parse_money(&written) == Err(ParseError::OtherCurrency);
    // An amount in dollars stays one, and a day a day, whatever number the program has for it.
    let is_other = is_foreign || piece.is_date || written.ends_with('%');
    let behind = piece.number.as_deref().filter(|_| !is_other);
    let behind = behind.map(|number| entry::read(kind, &swapped(number.trim_end_matches(".0"))));
    let read = entry::read(kind, &written);
    // `1.234` where the program knows of 1,234 in another notation.
    if let Some(Ok(known)) = &behind
        && read.as_ref() != Ok(known)
        && entry::read(kind, &swapped(&written)).as_ref() == Ok(known)
    {
        return Converted::Cell(known.clone().map(Cell::Value));
    }
    let why = match read {
        Ok(value) => return Converted::Cell(value.map(Cell::Value)),
        Err(why) => why,
    };
    if written.ends_with('%')
        && kind == Kind::Integer
        && let Ok(Parsed::Value(points)) = parse_percentage(&written)
        && points.fract().is_zero()
        && let Ok(points) = i64::try_from(points)
    {
        return Converted::Cell(Some(Cell::Value(Value::Integer(points))));
    }
    match behind {
        Some(Ok(value)) => Converted::Cell(value.map(Cell::Value)),
        _ => Converted::Misfit(why),
    }
}

/// Points for commas and commas for points.
fn swapped(text: &str) -> String {
    let swap = |character| match character {
        '.' => ',',
        ',' => '.',
        other => other,
    };
    text.chars().map(swap).collect()
}

fn flag(text: &str) -> Converted {
    let flag = match fold(text).as_str() {
        "si" | "s" | "x" | "1" | "verdadero" | "true" | "yes" => Some(true),
        "no" | "n" | "0" | "falso" | "false" => Some(false),
        _ if matches!(text, "✓" | "✔" | "☑" | "✅") => Some(true),
        _ if matches!(text, "☐" | "✗" | "✘") => Some(false),
        _ => None,
    };
    match flag {
        Some(flag) => Converted::Cell(Some(Cell::Value(Value::Flag(flag)))),
        None => Converted::Misfit("Esta columna admite sí o no.".into()),
    }
}

fn one(labels: &Labels, text: &str) -> Converted {
    match labels.find(text) {
        Meaning::Code(code) => Converted::Cell(Some(Cell::Value(Value::Code(code)))),
        meaning => Converted::Misfit(reason(&meaning, text)),
    }
}

fn reason(meaning: &Meaning, text: &str) -> String {
    match meaning {
        Meaning::Several(count) => format!("Hay {count} filas con el texto «{text}»."),
        _ => format!("«{text}» no está entre las opciones de esta columna."),
    }
}

/// What may stand between the names of a set, the surest first.
const SEPARATORS: [&[char]; 3] = [&['\n'], &[';', '|'], &[',', '/']];

fn several(labels: &Labels, text: &str) -> Converted {
    let (mut members, mut unknown) = (BTreeSet::new(), Vec::new());
    split(labels, text, &SEPARATORS, &mut members, &mut unknown);
    let rest = unknown.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("; ");
    let why = unknown.iter().map(|(text, meaning)| reason(meaning, text)).collect::<Vec<_>>();
    let why = why.join(" ");
    match (members.is_empty(), unknown.is_empty()) {
        (_, _) if members.len() > limits::MEMBERS => {
            Converted::Misfit("Son más de los que admite la celda.".into())
        }
        (false, true) => Converted::Cell(Some(Cell::Set(members))),
        (false, false) => Converted::Part(Cell::Set(members), rest, why),
        (true, _) => Converted::Misfit(why),
    }
}

/// Names may hold what stands between names elsewhere: a text is only divided where it is none.
fn split(
    labels: &Labels,
    text: &str,
    separators: &[&[char]],
    members: &mut BTreeSet<String>,
    unknown: &mut Vec<(String, Meaning)>,
) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let meaning = labels.find(text);
    if let Meaning::Code(code) = meaning {
        members.insert(code);
        return;
    }
    let Some((signs, finer)) = separators.split_first() else {
        return unknown.push((text.to_owned(), meaning));
    };
    let (mut found, mut rest) = (BTreeSet::new(), Vec::new());
    for part in text.split(*signs) {
        split(labels, part, finer, &mut found, &mut rest);
    }
    // A text with commas of which nothing is a name is one text, and not as many as its commas.
    if found.is_empty() && *signs != ['\n'] {
        return unknown.push((text.to_owned(), meaning));
    }
    members.extend(found);
    unknown.append(&mut rest);
}
