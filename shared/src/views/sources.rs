//! Where entries of the *Matriz Estratégica Integrada* come from: documents, and opinions that no
//! document holds.

use std::collections::BTreeSet;

use crate::{
    ids::RowId,
    model::{Exercise, Row},
    template::TableId,
};

/// A source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A source document.
    Document(RowId),
    /// One of the choices of the column `source`, for entries that name no document.
    Named(String),
}

impl Source {
    /// The source of an entry; `None` where it names neither a document that there is nor a kind of
    /// source.
    #[must_use]
    pub fn of(exercise: &Exercise, entry: &Row) -> Option<Self> {
        let document = exercise.live(TableId::Documents, entry.code("document"));
        match (document, entry.code("source")) {
            (Some(document), _) => Some(Self::Document(document.id.clone())),
            (None, "") => None,
            (None, source) => Some(Self::Named(source.to_owned())),
        }
    }
}

/// The sources that the norm asks for at least (MTX-02).
const REQUIRED: [&str; 4] = ["erd", "difoi", "diplade", "dr"];

/// All sources of an exercise: its documents in their order, then the kinds of source that entries
/// name without a document, and those that the norm asks for and nothing was written from.
#[must_use]
pub fn sources(exercise: &Exercise) -> Vec<Source> {
    let documents = exercise.table(TableId::Documents);
    let types: BTreeSet<&str> = documents.rows().map(|row| row.code("type")).collect();
    let (mut named, mut heard) = (BTreeSet::new(), BTreeSet::new());
    for entry in exercise.table(TableId::Strategic).rows() {
        heard.insert(entry.code("source"));
        if let Some(Source::Named(source)) = Source::of(exercise, entry) {
            named.insert(source);
        }
    }
    for source in REQUIRED {
        if !heard.contains(source) && !types.contains(source) {
            named.insert(source.to_owned());
        }
    }
    let choices =
        TableId::Strategic.column("source").map_or(&[][..], |column| column.kind.choices());
    let place = |code: &String| choices.iter().position(|choice| choice.code == code);
    let mut named: Vec<String> = named.into_iter().collect();
    named.sort_by_key(|code| place(code).unwrap_or(usize::MAX));
    let documents = documents.rows().map(|row| Source::Document(row.id.clone()));
    documents.chain(named.into_iter().map(Source::Named)).collect()
}
