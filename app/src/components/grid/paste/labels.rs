//! What the names in a pasted cell stand for.

use std::{cell::RefCell, collections::HashMap};

use shared::{
    fold::fold,
    instruments,
    model::Exercise,
    sectors,
    template::{Choice, Kind, TableId, Target, is_offered, options_of},
    territory::{self, PlaceKind},
};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// This code.
    Code(String),
    /// Several things have this name.
    Several(usize),
    /// Nothing has.
    Nothing,
}

/// The names that may stand in the cells of one column.
#[derive(Debug)]
pub struct Labels {
    source: Source,
    known: RefCell<HashMap<String, Meaning>>,
}

#[derive(Debug)]
enum Source {
    Choices(&'static [Choice]),
    /// By folded text; several rows may have the same.
    Rows(HashMap<String, Vec<String>>),
    Instruments,
    Places {
        region: String,
    },
    Sectors,
    None,
}

impl Labels {
    /// Those of a column.
    #[must_use]
    pub fn new(exercise: &Exercise, field: &str, kind: Kind) -> Self {
        let source = match kind {
            Kind::Reference(target) if target.table == TableId::Options => {
                let mut rows: HashMap<String, Vec<String>> = HashMap::new();
                for option in options_of(exercise, field).filter(|option| is_offered(option)) {
                    let label = fold(option.text(target.label));
                    rows.entry(label).or_default().push(option.id.to_string());
                }
                Source::Rows(rows)
            }
            Kind::Choice(choices) | Kind::Choices(choices) => Source::Choices(choices),
            Kind::Reference(target) | Kind::References(target) => {
                Source::Rows(rows(exercise, target))
            }
            Kind::Instrument => Source::Instruments,
            Kind::Places => Source::Places { region: exercise.id.region().to_owned() },
            Kind::Sectors => Source::Sectors,
            _ => Source::None,
        };
        Self { source, known: RefCell::default() }
    }

    /// What a name stands for, written with or without accents and capitals.
    #[must_use]
    pub fn find(&self, name: &str) -> Meaning {
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone();
        }
        let found = self.look_up(name);
        self.known.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    /// Whether this is the id of a row that the column may name.
    #[must_use]
    pub fn has_row(&self, id: &str) -> bool {
        match &self.source {
            Source::Rows(rows) => rows.values().flatten().any(|row| row == id),
            _ => false,
        }
    }

    fn look_up(&self, name: &str) -> Meaning {
        let folded = fold(name);
        if folded.is_empty() {
            return Meaning::Nothing;
        }
        let one = |code: Option<&str>| {
            code.map_or(Meaning::Nothing, |code| Meaning::Code(code.to_owned()))
        };
        match &self.source {
            Source::Choices(choices) => {
                let is_named =
                    |choice: &&Choice| fold(choice.label) == folded || choice.code == name;
                one(choices.iter().find(is_named).map(|choice| choice.code))
            }
            Source::Rows(rows) => row(rows, &folded, name.trim_end().ends_with('…')),
            Source::Instruments => one(instruments::find(name).map(|found| found.id)),
            Source::Sectors => {
                let by_code = sectors::sector(name.trim()).map(|found| found.code);
                one(by_code.or_else(|| sectors::find(name).first().map(|found| found.code)))
            }
            Source::Places { region } => place(region, name),
            Source::None => Meaning::Nothing,
        }
    }
}

/// The folded texts of the rows that a column may name.
fn rows(exercise: &Exercise, target: Target) -> HashMap<String, Vec<String>> {
    let mut rows: HashMap<String, Vec<String>> = HashMap::new();
    let of_kind = exercise
        .table(target.table)
        .rows()
        .filter(|row| target.kinds.is_empty() || target.kinds.contains(&row.code("kind")));
    for row in of_kind {
        rows.entry(fold(row.text(target.label))).or_default().push(row.id.to_string());
    }
    rows
}

/// The row with this text, or the only one that begins with it where it was cut short.
fn row(rows: &HashMap<String, Vec<String>>, folded: &str, is_cut: bool) -> Meaning {
    let found: Vec<&String> = match rows.get(folded) {
        Some(rows) => rows.iter().collect(),
        None if is_cut => {
            let begin = |text: &&String| text.starts_with(folded);
            rows.keys().filter(begin).flat_map(|text| &rows[text]).collect()
        }
        None => Vec::new(),
    };
    match found.as_slice() {
        [] => Meaning::Nothing,
        [one] => Meaning::Code((*one).clone()),
        several => Meaning::Several(several.len()),
    }
}

/// A place by its code or name, of the own region where there are several; a commune before the
/// province that is called like it, as the cells of the grid show them.
fn place(region: &str, name: &str) -> Meaning {
    let name = name.trim();
    if name.bytes().all(|byte| byte.is_ascii_digit()) && territory::place(name).is_some() {
        return Meaning::Code(name.to_owned());
    }
    let kinds = [
        ("(región)", PlaceKind::Region),
        ("(provincia)", PlaceKind::Province),
        ("(comuna)", PlaceKind::Comuna),
    ];
    let lower = name.to_lowercase();
    let said = kinds.into_iter().find_map(|(mark, kind)| {
        let plain = lower.strip_suffix(mark)?;
        Some((name.get(..plain.len())?.trim(), kind))
    });
    let (plain, kind) = said.map_or((name, None), |(plain, kind)| (plain, Some(kind)));
    let mut found = territory::find(plain);
    found.retain(|place| kind.is_none_or(|kind| place.kind == kind));
    if found.iter().any(|place| place.region.code == region) {
        found.retain(|place| place.region.code == region);
    }
    let by_size = |kind| found.iter().find(|place| place.kind == kind);
    let chosen = by_size(PlaceKind::Comuna)
        .or_else(|| by_size(PlaceKind::Province))
        .or_else(|| by_size(PlaceKind::Region));
    chosen.map_or(Meaning::Nothing, |place| Meaning::Code(place.code.to_owned()))
}
