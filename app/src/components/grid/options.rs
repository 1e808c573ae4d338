//! What a picker offers, and how what is typed narrows it down.

use shared::{
    fold::fold,
    instruments,
    model::Exercise,
    sectors,
    template::{Kind, TableId, Target, is_offered, options_of},
    territory::{self, PlaceKind},
};

use super::display::label;

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// Stored.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What tells it apart from others of its name; empty where nothing needs to.
    pub detail: String,
    /// What is searched, folded.
    words: String,
}

impl Choosable {
    fn new(code: impl Into<String>, label: impl Into<String>, detail: impl Into<String>) -> Self {
        let (code, label, detail) = (code.into(), label.into(), detail.into());
        let words = fold(&format!("{label} {detail}"));
        Self { code, label, detail, words }
    }

    fn add_words<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names {
            self.words.push(' ');
            self.words.push_str(&fold(name));
        }
    }
}

/// All that cells of this field and kind may hold, likely ones first.
#[must_use]
pub fn options(exercise: &Exercise, field: &str, kind: Kind) -> Vec<Choosable> {
    match kind {
        Kind::Reference(target) if target.table == TableId::Options => {
            let offered = options_of(exercise, field).filter(|option| is_offered(option));
            offered.map(|it| Choosable::new(it.id.as_str(), label(it, target), "")).collect()
        }
        Kind::Choice(choices) | Kind::Choices(choices) => {
            choices.iter().map(|choice| Choosable::new(choice.code, choice.label, "")).collect()
        }
        Kind::Reference(target) | Kind::References(target) => rows(exercise, target),
        Kind::Instrument => instruments_of(exercise.id.budget_year),
        Kind::Places => places(exercise.id.region()),
        Kind::Sectors => all_sectors(),
        _ => Vec::new(),
    }
}

fn rows(exercise: &Exercise, target: Target) -> Vec<Choosable> {
    let kinds = target.table.column("kind").map_or(&[][..], |column| column.kind.choices());
    exercise
        .table(target.table)
        .rows()
        .enumerate()
        .filter(|(_, row)| target.kinds.is_empty() || target.kinds.contains(&row.code("kind")))
        .map(|(at, row)| {
            let kind = kinds.iter().find(|kind| kind.code == row.code("kind"));
            let detail = match kind {
                Some(kind) => format!("{}, fila {}", kind.label, at + 1),
                None => format!("Fila {}", at + 1),
            };
            Choosable::new(row.id.as_str(), label(row, target), detail)
        })
        .collect()
}

fn instruments_of(budget_year: u16) -> Vec<Choosable> {
    let mut found: Vec<_> = instruments::in_year(budget_year.into()).collect();
    found.sort_by_key(|instrument| !instrument.transferred());
    found
        .into_iter()
        .map(|instrument| {
            let detail = if instrument.transferred() { "" } else { "No traspasado" };
            let mut option = Choosable::new(instrument.id, instrument.name, detail);
            option.add_words(instrument.aliases.iter().copied().chain([instrument.full_name]));
            option
        })
        .collect()
}

/// The exercise's region with its provinces and comunas, then the rest of the country.
fn places(region: &str) -> Vec<Choosable> {
    let rest = territory::regions().iter().map(|found| found.code).filter(|code| *code != region);
    std::iter::once(region)
        .chain(rest)
        .flat_map(|region| {
            let provinces = territory::provinces_of(region).iter().map(|province| province.code);
            let comunas = territory::comunas_of(region).iter().map(|comuna| comuna.code);
            std::iter::once(region).chain(provinces).chain(comunas).filter_map(territory::place)
        })
        .map(|place| {
            let detail = match place.kind {
                PlaceKind::Region => "Región".into(),
                PlaceKind::Province => format!("Provincia, {}", place.region.name),
                PlaceKind::Comuna => format!("Comuna, {}", place.region.name),
            };
            Choosable::new(place.code, place.name, detail)
        })
        .collect()
}

fn all_sectors() -> Vec<Choosable> {
    sectors::sectors()
        .iter()
        .map(|sector| {
            let detail = if sector.is_section() {
                format!("Sección {}", sector.section)
            } else {
                format!("Subrubro de la sección {}", sector.section)
            };
            let mut option = Choosable::new(sector.code, sector.name, detail);
            option.add_words(sector.aliases());
            option
        })
        .collect()
}

/// The places of the options that hold every word typed, with or without accents; names that
/// begin with what was typed come first.
#[must_use]
pub fn matching(options: &[Choosable], typed: &str) -> Vec<usize> {
    let typed = fold(typed);
    let mut found: Vec<usize> = (0..options.len())
        .filter(|at| typed.split(' ').all(|word| options[*at].words.contains(word)))
        .collect();
    if !typed.is_empty() {
        found.sort_by_key(|at| !options[*at].words.starts_with(&typed));
    }
    found
}

#[cfg(test)]
mod tests {
    use shared::{
        doc::Document,
        edit::Edit,
        ids::{ExerciseId, Peer, RowId},
        key::Key,
        template::TableId,
        value::Value,
    };
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn exercise() -> Document {
        Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(2).unwrap())
    }

    fn found(field: &str, typed: &str) -> Vec<String> {
        let document = exercise();
        let kind = TableId::Focus.column(field).unwrap().kind;
        let options = options(document.exercise(), field, kind);
        matching(&options, typed).into_iter().map(|at| options[at].code.clone()).collect()
    }

    #[test]
    fn the_own_region_comes_first() {
        let codes = found("places", "");
        assert_eq!(codes.len(), 16 + 56 + 346);
        assert_eq!(codes[..4], ["01", "011", "014", "01101"]);
        assert_eq!(codes[1 + 2 + 7], "15", "then the others from north to south");
    }

    #[test]
    fn typing_finds_with_and_without_accents() {
        assert_eq!(found("places", "alto hos"), ["01107"]);
        assert_eq!(found("places", "camina"), found("places", "Camiña"));
        assert_eq!(found("places", "tamarugal")[0], "014");
        assert_eq!(found("sectors", "mineria"), ["B"]);
        assert!(found("places", "xyz").is_empty());
    }

    #[test]
    fn transferred_instruments_come_first() {
        let codes = found("instrument", "");
        let transferred = |code: &str| instruments::instrument(code).unwrap().transferred();
        assert!(codes.is_sorted_by_key(|code| !transferred(code)));
        assert!(found("instrument", "capital semilla").contains(&"semilla_emprende".into()));
        assert!(!found("instrument", "no traspasado").iter().any(|code| transferred(code)));
    }

    #[test]
    fn references_offer_the_rows_of_the_right_kind() {
        let mut document = exercise();
        let mut edits = Vec::new();
        for (id, kind) in [("a", "objective"), ("b", "challenge")] {
            let row = RowId::new(id).unwrap();
            let key = Key::cell(TableId::Challenges, &row, "kind");
            edits.push(Edit::PlaceRow { table: TableId::Challenges, row, order: id.into() });
            edits.push(Edit::SetCell { key, value: Some(Value::Code(kind.into())) });
        }
        document.apply(&edits).unwrap();
        let kind = |field| TableId::Focus.column(field).unwrap().kind;
        let objectives = options(document.exercise(), "objectives", kind("objectives"));
        assert_eq!(objectives.len(), 1);
        assert_eq!(objectives[0].detail, "Objetivo estratégico, fila 1");
        assert_eq!(options(document.exercise(), "challenges", kind("challenges"))[0].code, "b");
    }
}
