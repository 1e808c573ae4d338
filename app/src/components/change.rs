//! A cell before and after, in words: what a history shows.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::{
    edit::Splice,
    key::{DELETED, Key, ORDER},
    merge::differences,
    model::{Cell, Exercise},
    template::{Kind, kind_of_field},
};

use crate::components::grid::display::{in_words, name};

/// Characters around a change of a text that are shown with it.
const CONTEXT: usize = 60;
/// Characters of what came or went that are shown: the beginning and the end of more.
const LONGEST: usize = 400;

/// A part of what a change shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What stayed.
    Same(String),
    /// What went.
    Gone(String),
    /// What came.
    New(String),
}

/// What a change did, in parts.
#[must_use]
pub fn parts(
    exercise: &Exercise,
    key: &Key,
    before: Option<&Cell>,
    after: Option<&Cell>,
) -> Vec<Part> {
    match key.field.as_str() {
        ORDER if before.is_none() => return vec![Part::New("Fila agregada".into())],
        ORDER => return vec![Part::Same("Fila movida".into())],
        DELETED if after.is_some() => return vec![Part::Gone("Fila eliminada".into())],
        DELETED => return vec![Part::New("Fila restaurada".into())],
        _ => {}
    }
    let kind = kind_of_field(exercise, key.table, &key.field).unwrap_or(Kind::Text);
    match (before, after) {
        (Some(Cell::Narrative(_)), _) | (_, Some(Cell::Narrative(_))) => {
            text_parts(text(before), text(after))
        }
        (Some(Cell::Set(_)), _) | (_, Some(Cell::Set(_))) => {
            set_parts(exercise, kind, before, after)
        }
        _ => {
            let words = |cell: Option<&Cell>| match cell {
                Some(Cell::Value(value)) => in_words(exercise, kind, Some(value)),
                _ => in_words(exercise, kind, None),
            };
            vec![Part::Gone(words(before)), Part::New(words(after))]
        }
    }
}

fn text(cell: Option<&Cell>) -> &str {
    match cell {
        Some(Cell::Narrative(text)) => text,
        _ => "",
    }
}

fn text_parts(before: &str, after: &str) -> Vec<Part> {
    let Some(splice) = Splice::between(before, after) else {
        return vec![Part::Same(ends(after, CONTEXT))];
    };
    let (start, rest) = (&before[..splice.at], &before[splice.at + splice.delete..]);
    let gone = &before[splice.at..splice.at + splice.delete];
    let parts = [
        Part::Same(last(start, CONTEXT)),
        Part::Gone(ends(gone, LONGEST)),
        Part::New(ends(&splice.insert, LONGEST)),
        Part::Same(first(rest, CONTEXT)),
    ];
    parts.into_iter().filter(|part| !part.text().is_empty()).collect()
}

/// A text as this person had it and as it is with what others wrote: each place that differs, with a
/// little of what stayed around it.
#[must_use]
pub fn merged_parts(mine: &str, merged: &str) -> Vec<Part> {
    let (mut parts, mut done) = (Vec::new(), 0);
    for splice in differences(mine, merged) {
        let same = &mine[done..splice.at];
        parts.push(Part::Same(match done {
            0 => last(same, CONTEXT),
            _ => ends(same, 2 * CONTEXT),
        }));
        done = splice.at + splice.delete;
        parts.push(Part::Gone(ends(&mine[splice.at..done], LONGEST)));
        parts.push(Part::New(ends(&splice.insert, LONGEST)));
    }
    parts.push(Part::Same(first(&mine[done..], CONTEXT)));
    parts.retain(|part| !part.text().is_empty());
    parts
}

fn set_parts(
    exercise: &Exercise,
    kind: Kind,
    before: Option<&Cell>,
    after: Option<&Cell>,
) -> Vec<Part> {
    let members = |cell: Option<&Cell>| match cell {
        Some(Cell::Set(members)) => members.clone(),
        _ => BTreeSet::new(),
    };
    let (before, after) = (members(before), members(after));
    let named = |codes: Vec<&String>| {
        let names = codes.into_iter().map(|code| name(exercise, kind, code).text);
        ends(&names.collect::<Vec<_>>().join(", "), LONGEST)
    };
    let same = named(before.intersection(&after).collect());
    let gone = named(before.difference(&after).collect());
    let new = named(after.difference(&before).collect());
    let parts = [Part::Same(same), Part::Gone(gone), Part::New(new)];
    parts.into_iter().filter(|part| !part.text().is_empty()).collect()
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Same(text) | Self::Gone(text) | Self::New(text) => text,
        }
    }
}

/// The first characters of a text.
fn first(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// The last characters of a text.
fn last(text: &str, most: usize) -> String {
    match text.char_indices().rev().nth(most) {
        Some((start, character)) => format!("…{}", &text[start + character.len_utf8()..]),
        None => text.into(),
    }
}

/// The first and the last characters of a text that is longer.
fn ends(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    format!("{}{}", first(text, most / 2), last(text, most / 2).trim_start_matches('…'))
}

/// A change on the screen. What went and what came are told apart by more than colour, and named
/// for screen readers.
#[must_use]
pub fn change_view(parts: Vec<Part>) -> impl IntoView + use<> {
    let part = |part: Part| match part {
        Part::Same(text) => view! { <span class="change-same">{text}</span> }.into_any(),
        Part::Gone(text) => view! {
            <del class="change-gone"><span class="visually-hidden">"Antes: "</span>{text}</del>
        }
        .into_any(),
        Part::New(text) => view! {
            <ins class="change-new"><span class="visually-hidden">"Ahora: "</span>{text}</ins>
        }
        .into_any(),
    };
    view! { <p class="change">{parts.into_iter().map(part).collect_view()}</p> }
}

#[cfg(test)]
mod tests {
    use shared::value::Value;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn parts_of(key: &str, before: Option<Cell>, after: Option<Cell>) -> Vec<Part> {
        let exercise = Exercise::new("01-2027".parse().unwrap());
        parts(&exercise, &Key::parse(key).unwrap(), before.as_ref(), after.as_ref())
    }

    fn narrative(text: &str) -> Option<Cell> {
        Some(Cell::Narrative(text.into()))
    }

    #[test]
    fn figures_are_told_as_people_read_them() {
        let money = |pesos| Some(Cell::Value(Value::Money(pesos)));
        assert_eq!(
            parts_of("focus/r/budget", money(0), money(1_234_567)),
            [Part::Gone("$0".into()), Part::New("$1.234.567".into())]
        );
        assert_eq!(
            parts_of("focus/r/budget", None, Some(Cell::Value(Value::ToBeDefined))),
            [Part::Gone("vacío".into()), Part::New("Por definir".into())]
        );
    }

    #[test]
    fn texts_show_what_changed_with_a_little_around_it() {
        let long = "ñ".repeat(200);
        let (before, after) = (format!("{long}uno{long}"), format!("{long}dos{long}"));
        let around = "ñ".repeat(CONTEXT);
        assert_eq!(
            parts_of("focus/r/description", narrative(&before), narrative(&after)),
            [
                Part::Same(format!("…{around}")),
                Part::Gone("uno".into()),
                Part::New("dos".into()),
                Part::Same(format!("{around}…")),
            ]
        );
        assert_eq!(
            parts_of("focus/r/description", None, narrative("hola")),
            [Part::New("hola".into())]
        );
    }

    #[test]
    fn what_others_wrote_stands_out_in_a_merged_text() {
        assert_eq!(
            merged_parts("Ferias y talleres.", "Ferias costeras y cursillo."),
            [
                Part::Same("Ferias ".into()),
                Part::New("costeras ".into()),
                Part::Same("y ".into()),
                Part::Gone("talleres".into()),
                Part::New("cursillo".into()),
                Part::Same(".".into()),
            ]
        );
    }

    #[test]
    fn sets_show_who_came_and_went_and_rows_what_became_of_them() {
        let set =
            |codes: &[&str]| Some(Cell::Set(codes.iter().map(|code| (*code).into()).collect()));
        assert_eq!(
            parts_of("focus/r/places", set(&["01101"]), set(&["01107"])),
            [Part::Gone("Iquique".into()), Part::New("Alto Hospicio".into())]
        );
        let flag = Some(Cell::Value(Value::Flag(true)));
        assert_eq!(parts_of("focus/r/_deleted", None, flag), [Part::Gone("Fila eliminada".into())]);
    }
}
