//! An exercise as checks read it: what several of them look up is looked up once.

use std::{borrow::Cow, cell::OnceCell};

use super::{At, Context};

use rustc_hash::FxHashMap;

use crate::{
    instruments::{Instrument, instrument},
    model::{Exercise, Row},
    template::{TableId, Target},
};

/// The exercise under evaluation.
pub(super) struct Subject<'a> {
    pub(super) exercise: &'a Exercise,
    pub(super) context: Context,
    /// The rows of the *Matriz Focalización*, in their order.
    pub(super) actions: Vec<Action<'a>>,
    /// The rows of each table that are shown, in their order; at the place of the table in
    /// [`TableId::ALL`].
    rows: [Vec<&'a Row>; TableId::ALL.len()],
    /// The same by id, of the tables that references name; likewise at the place of the table.
    by_id: [FxHashMap<&'a str, Named<'a>>; TableId::ALL.len()],
}

/// A row that references name, and its kind, which each of them asks for.
struct Named<'a> {
    row: &'a Row,
    kind: &'a str,
}

/// A row of the *Matriz Focalización*.
pub(super) struct Action<'a> {
    pub(super) row: &'a Row,
    /// Its place, from 1.
    number: usize,
    /// The instrument that it names, where there is one with that id.
    pub(super) instrument: Option<&'static Instrument>,
    /// Whether it belongs to what the region must inform.
    ///
    /// Rows of instruments that were not transferred may stand in the matrix, but no norm asks
    /// anything of them (MTX-14). A row that names no instrument yet may become either and is
    /// checked.
    pub(super) legal: bool,
    name: OnceCell<String>,
}

/// The tables that references name.
const TARGETS: [TableId; 4] =
    [TableId::Documents, TableId::Strategic, TableId::Potentials, TableId::Challenges];

impl<'a> Subject<'a> {
    pub(super) fn new(exercise: &'a Exercise, context: Context) -> Self {
        let rows = TableId::ALL.map(|table| exercise.table(table).rows().collect::<Vec<&Row>>());
        let actions = rows[TableId::Focus as usize].iter().zip(1..).map(|(row, number)| {
            let instrument = instrument(row.code("instrument"));
            Action {
                row,
                number,
                instrument,
                legal: instrument.is_none_or(Instrument::transferred),
                name: OnceCell::new(),
            }
        });
        let by_id = TableId::ALL.map(|table| {
            let rows = if TARGETS.contains(&table) { &rows[table as usize][..] } else { &[] };
            let named = |row: &&'a Row| Named { row, kind: row.code("kind") };
            rows.iter().map(|row| (row.id.as_str(), named(row))).collect()
        });
        Self { exercise, context, actions: actions.collect(), by_id, rows }
    }

    /// The rows of a table that are shown, in their order.
    pub(super) fn rows(&self, table: TableId) -> &[&'a Row] {
        &self.rows[table as usize]
    }

    /// The rows of the *Matriz Focalización* that the region must inform.
    pub(super) fn legal_actions(&self) -> impl Iterator<Item = &Action<'a>> {
        self.actions.iter().filter(|action| action.legal)
    }

    /// The year that the exercise prepares.
    pub(super) fn budget_year(&self) -> i32 {
        self.exercise.id.budget_year.into()
    }

    /// The row that a reference names, where it is shown and of the right kind.
    pub(super) fn find(&self, target: Target, id: &str) -> Option<&'a Row> {
        let named = self.by_id[target.table as usize].get(id)?;
        (target.kinds.is_empty() || target.kinds.contains(&named.kind)).then_some(named.row)
    }
}

impl Action<'_> {
    /// How a sentence begins that is about it: «Feria Norte», or «La fila 3» where it has no name.
    pub(super) fn name(&self) -> &str {
        self.name.get_or_init(|| match self.instrument {
            Some(instrument) if !self.row.has("action") => quote(instrument.name),
            _ => name(self.row, self.number),
        })
    }

    /// One of its cells.
    pub(super) fn field(&self, field: &str) -> At {
        At::field(TableId::Focus, &self.row.id, field)
    }
}

/// How a sentence begins that is about a row: by its text, or by its place.
pub(super) fn name(row: &Row, number: usize) -> String {
    let mut texts = ["action", "title", "text"].into_iter().map(|field| row.text(field));
    match texts.find(|text| !text.is_empty()) {
        Some(text) => quote(text),
        None => format!("La fila {number}"),
    }
}

/// Characters of a quotation, so that the sentence around it stays below 100.
const QUOTED: usize = 40;

/// The text between quotation marks, cut between words where it is long.
pub(super) fn quote(text: &str) -> String {
    let mut text = Cow::Borrowed(text.trim());
    // Bytes: none of these is part of another character.
    let mut pairs = text.as_bytes().windows(2);
    if pairs.any(|pair| matches!(pair, [b'\n' | b'\t', _] | [b' ', b' '])) {
        text = text.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    // Most are short, counted in bytes already.
    let end = if text.len() > QUOTED { text.char_indices().nth(QUOTED) } else { None };
    let Some((end, _)) = end else {
        return ["«", &text, "»"].concat();
    };
    let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("«{}…»", text[..cut].trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn long_names_are_cut_between_words() {
        assert_eq!(quote(" Feria  Norte\n"), "«Feria Norte»");
        assert_eq!(
            quote("Potenciar el desarrollo empresarial en zonas rurales"),
            "«Potenciar el desarrollo empresarial en…»"
        );
        assert_eq!(quote(&"ñ".repeat(80)), format!("«{}…»", "ñ".repeat(40)));
    }
}
