//! The *Matriz Estratégica Integrada* as the norm draws it: sources against aspects.

use std::collections::HashMap;

use super::{Source, sources};
use crate::{ids::RowId, model::Exercise, template::TableId};

/// The entries, by source and aspect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pivot {
    /// The sources, those without entries among them; `None`, last, for entries that name none.
    pub sources: Vec<Option<Source>>,
    /// The codes of the eight aspects; an empty one, last, for entries that name none.
    pub aspects: Vec<String>,
    /// One list for each source and aspect, source by source.
    cells: Vec<Vec<RowId>>,
}

impl Pivot {
    /// The entries of a source on an aspect, in the order of the matrix.
    #[must_use]
    pub fn entries(&self, source: usize, aspect: usize) -> &[RowId] {
        &self.cells[source * self.aspects.len() + aspect]
    }

    /// How many entries a source has.
    #[must_use]
    pub fn of_source(&self, source: usize) -> usize {
        (0..self.aspects.len()).map(|aspect| self.entries(source, aspect).len()).sum()
    }

    /// How many entries there are on an aspect.
    #[must_use]
    pub fn of_aspect(&self, aspect: usize) -> usize {
        (0..self.sources.len()).map(|source| self.entries(source, aspect).len()).sum()
    }
}

/// Puts every entry into its place.
#[must_use]
pub fn pivot(exercise: &Exercise) -> Pivot {
    let mut sources: Vec<Option<Source>> = sources(exercise).into_iter().map(Some).collect();
    let choices =
        TableId::Strategic.column("aspect").map_or(&[][..], |column| column.kind.choices());
    let mut aspects: Vec<String> = choices.iter().map(|choice| choice.code.to_owned()).collect();
    let entries: Vec<_> = exercise
        .table(TableId::Strategic)
        .rows()
        .map(|row| {
            let aspect = aspects.iter().position(|code| code == row.code("aspect"));
            (Source::of(exercise, row), aspect, &row.id)
        })
        .collect();
    if entries.iter().any(|(source, ..)| source.is_none()) {
        sources.push(None);
    }
    if entries.iter().any(|(_, aspect, _)| aspect.is_none()) {
        aspects.push(String::new());
    }
    let mut cells = vec![Vec::new(); sources.len() * aspects.len()];
    let places: HashMap<_, usize> = sources.iter().zip(0..).collect();
    for (source, aspect, row) in entries {
        let aspect = aspect.unwrap_or(aspects.len() - 1);
        cells[places[&source] * aspects.len() + aspect].push(row.clone());
    }
    drop(places);
    Pivot { sources, aspects, cells }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::views::tests::{exercise, random_exercise};

    fn names(pivot: &Pivot) -> Vec<&str> {
        let sources = pivot.sources.iter();
        sources
            .map(|source| match source {
                Some(Source::Document(row)) => row.as_str(),
                Some(Source::Named(code)) => code,
                None => "",
            })
            .collect()
    }

    #[test]
    fn documents_come_first_and_required_sources_are_missed() {
        let exercise = exercise(
            "## documents
            | id | type |
            | d1 | erd |
            | d2 | erd |
            ## strategic
            | id | source | document | aspect |
            | e1 | erd | d2 | problems |
            | e2 | expert | | problems |
            | e3 | dr | | |
            | e4 | difoi | gone | segment |
            | e5 | | | segment |
            | e6 | erd | d2 | problems |",
        );
        let pivot = pivot(&exercise);
        assert_eq!(names(&pivot), ["d1", "d2", "difoi", "diplade", "dr", "expert", ""]);
        let problems = pivot.aspects.iter().position(|aspect| aspect == "problems").unwrap();
        let found: Vec<&str> = pivot.entries(1, problems).iter().map(RowId::as_str).collect();
        assert_eq!(found, ["e1", "e6"]);
        assert_eq!((pivot.of_source(0), pivot.of_source(1), pivot.of_source(3)), (0, 2, 0));
        assert_eq!((pivot.aspects.len(), pivot.of_aspect(problems), pivot.of_aspect(8)), (9, 3, 1));
    }

    #[test]
    fn an_exercise_without_entries_shows_what_the_norm_asks_for() {
        let pivot = pivot(&exercise(""));
        assert_eq!(names(&pivot), ["erd", "difoi", "diplade", "dr"]);
        assert_eq!(pivot.aspects.len(), 8);
    }

    proptest! {
        #[test]
        fn every_entry_appears_once(exercise in random_exercise()) {
            let pivot = pivot(&exercise);
            let mut found: Vec<&RowId> = pivot.cells.iter().flatten().collect();
            let mut expected: Vec<&RowId> = exercise.table(TableId::Strategic).order().iter().collect();
            found.sort();
            expected.sort();
            prop_assert_eq!(&found, &expected);
            let by_source: usize = (0..pivot.sources.len()).map(|at| pivot.of_source(at)).sum();
            let by_aspect: usize = (0..pivot.aspects.len()).map(|at| pivot.of_aspect(at)).sum();
            prop_assert_eq!((by_source, by_aspect), (expected.len(), expected.len()));
        }
    }
}
