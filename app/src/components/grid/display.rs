//! What a cell shows, as text.

use shared::{
    format::{format_date, format_integer, format_money},
    instruments,
    model::{Cell, Exercise, Row},
    sectors,
    template::{Choice, Kind, Target},
    territory::{self, PlaceKind},
    value::Value,
};

/// Characters of a long text that a cell receives: more than its lines can hold.
const CLIP: usize = 1_000;
/// Characters of another row's text that stand for that row.
const LABEL: usize = 120;

/// What a cell shows. Missing is [`Shown::Nothing`], which is never a zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The cell is empty.
    Nothing,
    /// A text.
    Text(String),
    /// A number, amount or date, aligned by its digits.
    Figure(String),
    /// What stands in the place of a figure: "Por definir", "No aplica", "Reservado".
    State(&'static str),
    /// Names, one beside the other.
    Names(Vec<Name>),
}

impl Shown {
    /// In one line: nothing where it is nothing.
    #[must_use]
    pub fn into_words(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) | Self::Figure(text) => text,
            Self::State(state) => state.into(),
            Self::Names(names) => {
                names.into_iter().map(|name| name.text).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// The name of something that a cell points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As shown.
    pub text: String,
    /// Whether it points to nothing that there is: deleted, or of another version.
    pub dangling: bool,
}

impl Name {
    fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), dangling: false }
    }

    fn dangling(text: String) -> Self {
        Self { text, dangling: true }
    }
}

/// What the cell of a row shows.
#[must_use]
pub fn shown(exercise: &Exercise, kind: Kind, row: &Row, field: &str) -> Shown {
    match row.cells.get(field) {
        None => Shown::Nothing,
        Some(Cell::Narrative(text)) => Shown::Text(clipped(text, CLIP)),
        Some(Cell::Value(value)) => shown_value(exercise, kind, value),
        Some(Cell::Set(members)) => {
            let mut members: Vec<&str> = members.iter().map(String::as_str).collect();
            sort(exercise, kind, &mut members);
            Shown::Names(members.into_iter().map(|code| name(exercise, kind, code)).collect())
        }
    }
}

/// A value in words, as in «Ana escribió …». Missing is «vacío».
#[must_use]
pub fn in_words(exercise: &Exercise, kind: Kind, value: Option<&Value>) -> String {
    match value.map(|value| shown_value(exercise, kind, value)) {
        None | Some(Shown::Nothing) => "vacío".into(),
        Some(shown) => shown.into_words(),
    }
}

fn shown_value(exercise: &Exercise, kind: Kind, value: &Value) -> Shown {
    match value {
        Value::Text(text) => Shown::Text(clipped(text, CLIP)),
        Value::Integer(number) => Shown::Figure(format_integer(*number)),
        Value::Money(pesos) => Shown::Figure(format_money(*pesos)),
        Value::Date(date) => Shown::Figure(format_date(*date)),
        Value::Flag(flag) => Shown::Text(if *flag { "Sí" } else { "No" }.into()),
        Value::Code(code) => Shown::Names(vec![name(exercise, kind, code)]),
        Value::ToBeDefined => Shown::State("Por definir"),
        Value::NotApplicable => Shown::State("No aplica"),
        Value::Masked => Shown::State("Reservado *"),
    }
}

/// The name behind a code of this kind.
#[must_use]
pub fn name(exercise: &Exercise, kind: Kind, code: &str) -> Name {
    match kind {
        Kind::Choice(choices) | Kind::Choices(choices) => choice(choices, code),
        Kind::Reference(target) | Kind::References(target) => row_name(exercise, target, code),
        Kind::Instrument => instruments::instrument(code)
            .map_or_else(|| unknown("Instrumento", code), |found| Name::known(found.name)),
        Kind::Places => territory::place(code).map_or_else(
            || unknown("Territorio", code),
            |place| match place.kind {
                PlaceKind::Comuna => Name::known(place.name),
                kind => Name::known(format!("{} ({})", place.name, kind.label())),
            },
        ),
        Kind::Sectors => sectors::sector(code)
            .map_or_else(|| unknown("Rubro", code), |found| Name::known(found.name)),
        _ => unknown("Valor", code),
    }
}

fn choice(choices: &[Choice], code: &str) -> Name {
    choices
        .iter()
        .find(|choice| choice.code == code)
        .map_or_else(|| unknown("Opción", code), |choice| Name::known(choice.label))
}

fn unknown(what: &str, code: &str) -> Name {
    Name::dangling(format!("{what} que no existe: {code}"))
}

/// What a row of another table is called: the beginning of the text that labels it.
fn row_name(exercise: &Exercise, target: Target, code: &str) -> Name {
    let row = shared::ids::RowId::new(code).ok();
    match row.and_then(|row| exercise.row(target.table, &row)) {
        None => unknown("Fila", code),
        Some(row) if row.deleted => Name::dangling(format!("Fila borrada: {}", label(row, target))),
        Some(row) => Name::known(label(row, target)),
    }
}

/// The text that labels a row where others point to it.
#[must_use]
pub fn label(row: &Row, target: Target) -> String {
    match row.text(target.label) {
        "" => "(sin texto)".into(),
        text => clipped(text, LABEL),
    }
}

/// Members in the order in which people expect them, where that is not the order of the codes.
fn sort(exercise: &Exercise, kind: Kind, members: &mut [&str]) {
    match kind {
        Kind::Choices(choices) => {
            members.sort_by_key(|code| choices.iter().position(|choice| choice.code == *code));
        }
        Kind::References(target) => members.sort_by_key(|code| {
            let row = shared::ids::RowId::new(code).ok();
            row.and_then(|row| exercise.row(target.table, &row)).map(|row| row.order.as_str())
        }),
        _ => {}
    }
}

/// The beginning of a text, on as many characters.
fn clipped(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.into(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// How many of these names fit on the lines of a cell; the rest is shown as their number. An
/// estimate, so that nothing has to be measured while drawing.
#[must_use]
pub fn names_that_fit(names: &[Name], width: f64, lines: usize) -> usize {
    const CHARACTER: f64 = 6.5;
    const FRAME: f64 = 18.0;
    const MORE: f64 = 34.0;
    let (mut line, mut used) = (1, 0.0);
    for (at, name) in names.iter().enumerate() {
        let length = (name.text.chars().count() as f64 * CHARACTER + FRAME).min(width);
        if used > 0.0 && used + length > width {
            line += 1;
            used = 0.0;
        }
        let rest = if at + 1 < names.len() { MORE } else { 0.0 };
        if line > lines || (line == lines && at > 0 && used + length + rest > width) {
            return at;
        }
        used += length;
    }
    names.len()
}

#[cfg(test)]
mod tests {
    use shared::{
        doc::Document,
        edit::Edit,
        ids::{ExerciseId, Peer, RowId},
        key::Key,
        template::TableId,
    };
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn kind(field: &str) -> Kind {
        TableId::Focus.column(field).unwrap().kind
    }

    fn document() -> Document {
        Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(2).unwrap())
    }

    #[test]
    fn missing_zero_and_states_look_different() {
        let document = document();
        let shown = |value| shown_value(document.exercise(), Kind::Money, &value);
        assert_eq!(shown(Value::Money(0)), Shown::Figure("$0".into()));
        assert_eq!(shown(Value::ToBeDefined), Shown::State("Por definir"));
        assert_eq!(shown(Value::NotApplicable), Shown::State("No aplica"));
        assert_eq!(shown(Value::Masked), Shown::State("Reservado *"));
        assert_eq!(in_words(document.exercise(), Kind::Money, None), "vacío");
    }

    #[test]
    fn rows_are_called_by_their_text_even_when_deleted() {
        let mut document = document();
        let (focus, objective) = (RowId::new("f1").unwrap(), RowId::new("o1").unwrap());
        let place =
            |table, row: &RowId| Edit::PlaceRow { table, row: row.clone(), order: "V".into() };
        let text = Key::cell(TableId::Challenges, &objective, "text");
        let member = |code: &str| Edit::SetMember {
            key: Key::member(TableId::Focus, &focus, "objectives", code),
            present: true,
        };
        document
            .apply(&[
                place(TableId::Focus, &focus),
                place(TableId::Challenges, &objective),
                Edit::splice(text, "", "Fortalecer ferias").unwrap(),
                member("o1"),
                member("gone"),
            ])
            .unwrap();
        let names = |document: &Document| {
            let exercise = document.exercise();
            let row = exercise.row(TableId::Focus, &focus).unwrap();
            shown(exercise, kind("objectives"), row, "objectives")
        };
        let gone = Name::dangling("Fila que no existe: gone".into());
        let expected = vec![gone.clone(), Name::known("Fortalecer ferias")];
        assert_eq!(names(&document), Shown::Names(expected));
        let delete = Edit::DeleteRow { table: TableId::Challenges, row: objective, deleted: true };
        document.apply(&[delete]).unwrap();
        let deleted = Name::dangling("Fila borrada: Fortalecer ferias".into());
        assert_eq!(names(&document), Shown::Names(vec![gone, deleted]));
    }

    #[test]
    fn codes_have_names() {
        let document = document();
        let name = |field, code| name(document.exercise(), kind(field), code);
        assert_eq!(name("places", "01101"), Name::known("Iquique"));
        assert_eq!(name("places", "014"), Name::known("Tamarugal (provincia)"));
        assert_eq!(name("criteria", "profile"), Name::known("Perfil de clientes"));
        assert_eq!(name("instrument", "crece"), Name::known("Crece"));
        assert!(name("places", "99999").dangling && name("sectors", "ZZ").dangling);
    }

    #[test]
    fn long_texts_are_clipped_between_characters() {
        assert_eq!(clipped("ñandú", 5), "ñandú");
        assert_eq!(clipped("ñandú corre", 6), "ñandú…");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let names: Vec<Name> = (0..7).map(|_| Name::known("Pozo Almonte")).collect();
        assert_eq!(names_that_fit(&names, 200.0, 2), 3, "room is kept for «+4»");
        assert_eq!(names_that_fit(&names[..4], 200.0, 2), 4);
        assert_eq!(names_that_fit(&names, 40.0, 2), 1, "a narrow cell shows the first of them");
        assert_eq!(names_that_fit(&[], 200.0, 2), 0);
    }
}
