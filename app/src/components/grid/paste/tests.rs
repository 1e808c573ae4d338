//! What the clipboards of the three programs hold, read, converted and planned.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use shared::{
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    key::Key,
    model::{Cell, Exercise},
    template::{Kind, TableId},
    value::Value,
};
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    clip::{Clip, Piece},
    convert::{Converted, Figures, convert},
    copy::copied,
    labels::{Labels, Meaning},
    plan::{Choices, Fate, Plan, Target},
};
use crate::components::grid::columns::columns;

const EXCEL: (&str, &str) =
    (include_str!("payloads/excel.html"), include_str!("payloads/excel.tsv"));
const SHEETS: (&str, &str) =
    (include_str!("payloads/sheets.html"), include_str!("payloads/sheets.tsv"));
const CALC: (&str, &str) = (include_str!("payloads/calc.html"), include_str!("payloads/calc.tsv"));
/// Recorded from LibreOffice 7.4: a formula, two merged cells, a cell of two lines, a rounded
/// figure. What is plain text there has neither lines nor tabulators within cells.
const CALC_RECORDED: (&str, &str) =
    (include_str!("payloads/calc_recorded.html"), include_str!("payloads/calc_recorded.tsv"));
const WORD: &str = include_str!("payloads/word.html");

const TABLE: TableId = TableId::Focus;

fn row(name: &str) -> RowId {
    RowId::new(name).unwrap()
}

fn texts(clip: &Clip) -> Vec<Vec<&str>> {
    clip.rows.iter().map(|row| row.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

fn kind(field: &str) -> Kind {
    TABLE.column(field).unwrap().kind
}

/// Four rows, and two objectives to name.
fn document() -> Document {
    let id = ExerciseId::new("01", 2027).unwrap();
    let mut document = Document::new(id, Peer::new(2).unwrap());
    let mut edits = Vec::new();
    for (at, name) in ["r0", "r1", "r2", "r3"].into_iter().enumerate() {
        edits.push(Edit::PlaceRow { table: TABLE, row: row(name), order: format!("{at}V") });
        let value = Some(Value::Money(at as i64));
        edits.push(Edit::SetCell { key: Key::cell(TABLE, &row(name), "budget"), value });
    }
    for (name, text) in [
        ("o1", "Fortalecer ferias; mercados, caletas"),
        ("o2", "Promover el turismo"),
        ("o3", "Repetido"),
        ("o4", "Repetido"),
    ] {
        let table = TableId::Challenges;
        edits.push(Edit::PlaceRow { table, row: row(name), order: format!("{name}V") });
        let key = |field| Key::cell(table, &row(name), field);
        let objective = Some(Value::Code("objective".into()));
        edits.push(Edit::SetCell { key: key("kind"), value: objective });
        edits.extend(Edit::splice(key("text"), "", text));
    }
    document.apply(&edits).unwrap();
    document
}

/// From this cell on, with this much selected and so many rows that could be added.
fn target(
    exercise: &Exercise,
    top: usize,
    field: &str,
    selected: (usize, usize),
    fresh: usize,
) -> Target {
    let columns = columns(exercise, TABLE);
    Target {
        table: TABLE,
        column: columns.iter().position(|column| &*column.field == field).unwrap(),
        columns: columns.into(),
        rows: exercise.table(TABLE).order()[top..].to_vec(),
        selected,
        fresh: (0..fresh).map(|at| row(&format!("n{at}"))).collect(),
    }
}

fn plan(exercise: &Exercise, clip: &Clip, target: &Target, choices: &Choices) -> Plan {
    Plan::new(exercise, clip, target, choices, |_| true)
}

fn value(document: &Document, name: &str, field: &str) -> Option<Cell> {
    document.exercise().row(TABLE, &row(name))?.cells.get(field).cloned()
}

#[test]
fn excel_gives_the_same_table_in_both_forms() {
    let html = Clip::read(EXCEL.0, EXCEL.1).unwrap();
    let plain = Clip::read("", EXCEL.1).unwrap();
    assert!(html.is_table && plain.is_table && html.has_merged());
    assert_eq!((html.rows.len(), html.width()), (4, 5), "no hidden row");
    let mut expected = texts(&plain);
    expected[1][3] = "$ 1.234.567";
    assert_eq!(texts(&html), expected);
    assert_eq!(html.rows[1][2].text, "Primera línea\nSegunda línea, con \"comillas\"");
    assert_eq!(html.rows[2][0].covered_by, Some((1, 0)));
    assert_eq!(html.rows[3][2].covered_by, None, "a text that only shows over its neighbour");
}

#[test]
fn sheets_and_calc_are_read_with_their_figures() {
    let sheets = Clip::read(SHEETS.0, SHEETS.1).unwrap();
    assert_eq!(
        texts(&sheets),
        [
            ["Iquique; Alto Hospicio", "Turismo\nEconomía circular", "$2,500,000", "TRUE"],
            ["Pozo Almonte, Narnia", "", "0", "quizás"],
        ]
    );
    assert_eq!(sheets.rows[0][2].number.as_deref(), Some("2500000"), "the value of a formula");
    let calc = Clip::read(CALC.0, CALC.1).unwrap();
    assert_eq!(texts(&calc), texts(&Clip::read("", CALC.1).unwrap()));
    assert_eq!(calc.rows[0][2].number.as_deref(), Some("1234567"));
}

#[test]
fn what_libreoffice_gave_is_pasted_with_its_figures() {
    let clip = Clip::read(CALC_RECORDED.0, CALC_RECORDED.1).unwrap();
    let plain = Clip::read("", CALC_RECORDED.1).unwrap();
    assert_eq!((clip.rows.len(), clip.width()), (plain.rows.len(), plain.width()));
    assert_eq!(clip.rows[1][1].text, "Primera línea\nSegunda línea con ñ y \"comillas\"");
    assert_eq!(plain.rows[1][1].text, "Primera línea Segunda línea con ñ y \"comillas\"");
    assert_eq!(clip.rows[4][0].covered_by, Some((3, 0)));
    assert_eq!(clip.rows[3][2].number.as_deref(), Some("1234656.5"), "what the formula gave");

    let mut document = document();
    let target = target(document.exercise(), 0, "sectors", (1, 1), 0);
    let choices = Choices::suggested(&clip, &target);
    assert!(choices.header);
    let plan = plan(document.exercise(), &clip, &target, &choices);
    document.apply(&plan.edits).unwrap();
    let money = |pesos| Some(Cell::Value(Value::Money(pesos)));
    assert_eq!(value(&document, "r0", "budget"), money(1_234_567));
    assert_eq!(value(&document, "r3", "budget"), money(0));
    assert_eq!(value(&document, "r1", "coverage"), Some(Cell::Value(Value::ToBeDefined)));
    assert_eq!(value(&document, "r3", "coverage"), Some(Cell::Value(Value::Integer(12))));
    assert_eq!(value(&document, "r3", "action"), value(&document, "r2", "action"), "merged");
    assert_eq!(value(&document, "r1", "budget"), money(90), "as it is shown");
    let left: Vec<_> = plan.left.iter().map(|left| (left.row, &*left.text)).collect();
    assert!(left.contains(&(4, "1.234.656,5")), "pesos have no decimals: {left:?}");
    assert!(left.contains(&(2, "30-12-2026")), "no column for dates: {left:?}");
}

#[test]
fn paragraphs_of_a_letter_are_lines_of_one_text() {
    let clip = Clip::read(WORD, "Un párrafo.\r\nOtro párrafo.\r\n").unwrap();
    assert!(!clip.is_table);
    let document = document();
    let target = target(document.exercise(), 0, "description", (1, 1), 0);
    let choices = Choices::suggested(&clip, &target);
    assert!(choices.in_one);
    let plan = plan(document.exercise(), &clip, &target, &choices);
    let text = Cell::Narrative("Un párrafo.\nOtro párrafo.".into());
    assert_eq!(plan.fates, [[Fate::Written(Some(text))]]);
}

#[test]
fn titles_say_where_columns_go_and_merged_cells_repeat() {
    let mut document = document();
    let clip = Clip::read(EXCEL.0, EXCEL.1).unwrap();
    let target = target(document.exercise(), 1, "sectors", (1, 1), 0);
    let choices = Choices::suggested(&clip, &target);
    assert!(choices.header);
    let fields: Vec<&str> =
        choices.mapping.iter().map(|at| &*target.columns[at.unwrap()].field).collect();
    assert_eq!(fields, ["instrument", "action", "description", "budget", "coverage"]);
    let plan = plan(document.exercise(), &clip, &target, &choices);
    document.apply(&plan.edits).unwrap();
    let code = |code: &str| Some(Cell::Value(Value::Code(code.into())));
    let (r1, r2, r3) = ("r1", "r2", "r3");
    assert_eq!(value(&document, r1, "instrument"), code("crece"));
    assert_eq!(value(&document, r2, "instrument"), code("crece"), "merged");
    assert_eq!(value(&document, r3, "instrument"), code("ferias_libres"));
    let money = |pesos| Some(Cell::Value(Value::Money(pesos)));
    assert_eq!(value(&document, r1, "budget"), money(1_234_567));
    assert_eq!(value(&document, r2, "budget"), money(1_500_000));
    assert_eq!(value(&document, r3, "budget"), money(3), "dollars stay out");
    assert_eq!(value(&document, r2, "coverage"), Some(Cell::Value(Value::ToBeDefined)));
    let left: Vec<_> =
        plan.left.iter().map(|left| (left.row, &*left.column, &*left.text)).collect();
    assert_eq!(left, [(4, "Presupuesto", "US$ 300"), (4, "Cobertura", "12,5")]);
    assert!(plan.left_as_text().contains("US$ 300\tLos montos se escriben en pesos chilenos."));
}

#[test]
fn sheets_values_find_their_names() {
    let document = document();
    let clip = Clip::read(SHEETS.0, SHEETS.1).unwrap();
    let target = target(document.exercise(), 0, "places", (1, 1), 0);
    let mut choices = Choices::suggested(&clip, &target);
    let at = |field: &str| target.columns.iter().position(|column| &*column.field == field);
    choices.map(1, at("description"));
    choices.map(2, at("budget"));
    choices.map(3, at("is_focused"));
    let plan = plan(document.exercise(), &clip, &target, &choices);
    let set = |codes: &[&str]| {
        Fate::Written(Some(Cell::Set(codes.iter().map(ToString::to_string).collect())))
    };
    assert_eq!(plan.fates[0][0], set(&["01101", "01107"]));
    let money = Fate::Written(Some(Cell::Value(Value::Money(2_500_000))));
    assert_eq!(plan.fates[0][2], money, "the figure behind «$2,500,000»");
    assert_eq!(plan.fates[0][3], Fate::Written(Some(Cell::Value(Value::Flag(true)))));
    assert!(matches!(&plan.fates[1][0], Fate::Left(why) if why.contains("«Narnia»")));
    let known = Key::member(TABLE, &row("r1"), "places", "01401");
    assert!(
        plan.edits.contains(&Edit::SetMember { key: known, present: true }),
        "the rest goes in"
    );
    assert!(matches!(&plan.fates[1][3], Fate::Left(why) if why.contains("sí o no")));
}

#[test]
fn figures_and_dates_are_read_as_people_here_write_them() {
    let document = document();
    let become_of = |kind, text: &str, number: Option<&str>, figures| {
        let labels = Labels::new(document.exercise(), "", kind);
        let number = number.map(Into::into);
        let piece = Piece { text: text.into(), number, ..Piece::default() };
        match convert(kind, &labels, &piece, figures) {
            Converted::Cell(Some(Cell::Value(value))) => Ok(value),
            other => Err(other),
        }
    };
    let date = NaiveDate::from_ymd_opt(2026, 12, 30).unwrap();
    for (kind, text, value) in [
        (Kind::Money, "1.234.567", Value::Money(1_234_567)),
        (Kind::Money, "$ 1.234.567", Value::Money(1_234_567)),
        (Kind::Money, "250 M$", Value::Money(250_000)),
        (Kind::Money, "1.234,5 MM$", Value::Money(1_234_500_000)),
        (Kind::Money, "Por definir", Value::ToBeDefined),
        (Kind::Money, "no aplica", Value::NotApplicable),
        (Kind::Integer, "46 %", Value::Integer(46)),
        (Kind::Integer, "*", Value::Masked),
        (Kind::Date, "30-12-2026", Value::Date(date)),
        (Kind::Date, "30/12/2026", Value::Date(date)),
        (Kind::Flag, "Sí", Value::Flag(true)),
        (Kind::Flag, "NO", Value::Flag(false)),
        (Kind::Text, " dos\nlíneas ", Value::Text("dos líneas".into())),
    ] {
        assert_eq!(become_of(kind, text, None, Figures::Chilean), Ok(value), "{text}");
    }
    for (kind, text) in [
        (Kind::Money, "1,000"),
        (Kind::Money, "33,3"),
        (Kind::Integer, "12,5 %"),
        (Kind::Money, "UF 300"),
        (Kind::Date, "31-2-2026"),
    ] {
        assert!(
            matches!(become_of(kind, text, None, Figures::Chilean), Err(Converted::Misfit(_))),
            "{text}"
        );
    }
    let english = become_of(Kind::Money, "1,234,567", None, Figures::English);
    assert_eq!(english, Ok(Value::Money(1_234_567)));
    let behind = become_of(Kind::Money, "1,234,567.00", Some("1234567.0"), Figures::Chilean);
    assert_eq!(behind, Ok(Value::Money(1_234_567)));
    let foreign = become_of(Kind::Money, "US$ 300", Some("300"), Figures::Chilean);
    assert!(foreign.is_err(), "dollars are no pesos");
}

#[test]
fn days_are_those_that_the_program_knows() {
    // As Google Sheets and LibreOffice write it, with formats of the United States.
    let html = "<table><tr>
        <td data-sheets-value='{\"1\":3,\"3\":46386}' data-sheets-numberformat='{\"1\":5,\"2\":\"m\\\"/\\\"d\"}'>12/30</td>
        <td sdval=\"46093\" sdnum=\"1033;0;MM/DD/YYYY\">03/12/2026</td>
        <td sdval=\"46093\" sdnum=\"1033;0;#,##0\">46,093</td></tr></table>";
    let row = &Clip::read(html, "").unwrap().rows[0];
    let labels = Labels::new(document().exercise(), "", Kind::Date);
    let converted = |kind, at: usize| convert(kind, &labels, &row[at], Figures::Chilean);
    let day = |month, day| {
        let date = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        Converted::Cell(Some(Cell::Value(Value::Date(date))))
    };
    assert_eq!((converted(Kind::Date, 0), converted(Kind::Date, 1)), (day(12, 30), day(3, 12)));
    assert!(matches!(converted(Kind::Date, 2), Converted::Misfit(_)), "a figure is no day");
    assert!(matches!(converted(Kind::Money, 0), Converted::Misfit(_)), "nor a day an amount");
    let piece = |text: &str, number: &str| {
        let number = Some(number.into());
        Piece { text: text.into(), number, ..Piece::default() }
    };
    // `1.234` elsewhere is 1,234 here; what is only rounded stays as it is shown.
    for (shown, number, pesos) in [("1,234", "1234", 1_234), ("$90", "89.5", 90)] {
        let found = convert(Kind::Money, &labels, &piece(shown, number), Figures::Chilean);
        assert_eq!(found, Converted::Cell(Some(Cell::Value(Value::Money(pesos)))), "{shown}");
    }
}

#[test]
fn names_stand_for_what_they_name() {
    let document = document();
    let labels = |field| Labels::new(document.exercise(), field, kind(field));
    let code = |code: &str| Meaning::Code(code.into());
    let places = labels("places");
    for (name, place) in [
        ("iquique", "01101"),
        ("Iquique (provincia)", "011"),
        ("Región de Tarapacá", "01"),
        ("01107", "01107"),
        ("Alto Hospicio", "01107"),
    ] {
        assert_eq!(places.find(name), code(place), "{name}");
    }
    let objectives = labels("objectives");
    assert_eq!(objectives.find("promover el TURISMO."), code("o2"));
    assert_eq!(objectives.find("Promover…"), code("o2"), "cut short");
    assert_eq!(objectives.find("Repetido"), Meaning::Several(2));
    assert_eq!(objectives.find("Otro"), Meaning::Nothing);
    let piece = |text: &str| Piece { text: text.into(), ..Piece::default() };
    let both = "Fortalecer ferias; mercados, caletas; Promover el turismo";
    let converted = convert(kind("objectives"), &objectives, &piece(both), Figures::Chilean);
    let rest = "Fortalecer ferias; mercados, caletas";
    match converted {
        // A name that holds the sign between names is only understood on a line of its own.
        Converted::Part(Cell::Set(members), ..) => {
            assert_eq!(members, BTreeSet::from(["o2".into()]))
        }
        other => panic!("{rest}: {other:?}"),
    }
    let lines = "Fortalecer ferias; mercados, caletas\nPromover el turismo";
    let converted = convert(kind("objectives"), &objectives, &piece(lines), Figures::Chilean);
    let all = BTreeSet::from(["o1".to_owned(), "o2".to_owned()]);
    assert_eq!(converted, Converted::Cell(Some(Cell::Set(all))));
}

#[test]
fn what_is_copied_here_comes_back_exactly() {
    let mut document = document();
    let source = row("r0");
    let key = |field| Key::cell(TABLE, &source, field);
    let member = |field, code| Edit::SetMember {
        key: Key::member(TABLE, &source, field, code),
        present: true,
    };
    document
        .apply(&[
            Edit::SetCell { key: key("instrument"), value: Some(Value::Code("crece".into())) },
            Edit::splice(key("description"), "", "Con \"comillas\",\ttab\ny <línea> & más")
                .unwrap(),
            Edit::SetCell { key: key("is_focused"), value: Some(Value::Flag(true)) },
            Edit::SetCell { key: key("budget"), value: Some(Value::ToBeDefined) },
            member("objectives", "o1"),
            member("objectives", "o3"),
            member("places", "011"),
        ])
        .unwrap();
    let columns = columns(document.exercise(), TABLE);
    let out = copied(document.exercise(), TABLE, &[source.clone()], &columns);
    assert!(out.text.contains("Por definir") && out.text.contains("Iquique (provincia)"));
    let clip = Clip::read(&out.html, &out.text).unwrap();
    assert!(clip.is_ours());
    let target = target(document.exercise(), 3, "instrument", (1, 1), 0);
    let choices = Choices::suggested(&clip, &target);
    let plan = plan(document.exercise(), &clip, &target, &choices);
    assert_eq!(plan.left, []);
    document.apply(&plan.edits).unwrap();
    let row_of = |name| document.exercise().row(TABLE, &row(name)).unwrap().cells.clone();
    assert_eq!(row_of("r3"), row_of("r0"));
    // And as people read it, for other programs.
    let amount = copied(document.exercise(), TABLE, &[row("r2")], &columns[14..15]);
    assert_eq!((&*columns[14].field, amount.text.as_str()), ("budget", "$2"));
    assert!(amount.html.contains("x:num=\"2\""));
}

#[test]
fn one_value_fills_and_blocks_repeat() {
    let document = document();
    let exercise = document.exercise();
    let clip = |text: &str| Clip::read("", text).unwrap();
    let written = |clip: &Clip, selected| {
        let target = target(exercise, 0, "budget", selected, 0);
        let choices = Choices::suggested(clip, &target);
        plan(exercise, clip, &target, &choices).fates.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(written(&clip("7"), (4, 1)), [1, 1, 1, 1]);
    assert_eq!(written(&clip("7\t\n8\t"), (4, 2)), [2, 2, 2, 2]);
    assert_eq!(written(&clip("7\n8"), (3, 1)), [1, 1], "no multiple: as it is");
}

#[test]
fn what_has_no_place_is_listed_and_never_dropped() {
    let document = document();
    let exercise = document.exercise();
    let clip = Clip::read("", "1\n2\n3\n4\n5\n6").unwrap();
    let target_with = |fresh| target(exercise, 2, "budget", (1, 1), fresh);
    let with = target_with(4);
    let mut choices = Choices::suggested(&clip, &with);
    assert!(choices.add_rows);
    let added = plan(exercise, &clip, &with, &choices);
    assert_eq!((added.added, added.left.len(), added.written), (4, 0, 6));
    choices.add_rows = false;
    let without = plan(exercise, &clip, &with, &choices);
    assert_eq!((without.added, without.rows_without_place, without.left.len()), (0, 4, 4));
    assert_eq!(without.left[0].text, "3");

    let wide = Clip::read("", "1\tsí\tdos").unwrap();
    let last = target(exercise, 0, "not_arbitrary", (1, 1), 0);
    let choices = Choices::suggested(&wide, &last);
    let beyond = plan(exercise, &wide, &last, &choices);
    assert_eq!(beyond.left.len(), 2, "columns beyond the last one");
    assert!(beyond.left.iter().all(|left| left.why.contains("No hay columna")));

    let refused = Plan::new(exercise, &clip, &with, &Choices::suggested(&clip, &with), |key| {
        key.row != row("r2")
    });
    assert!(
        refused.left.iter().any(|left| left.why.contains("No puedes editar") && left.text == "1")
    );
}

#[test]
fn added_rows_stand_at_the_end_in_their_order() {
    let mut document = document();
    let text: String = (0..1_000).map(|n| format!("Acción {n}\t{n}\n")).collect();
    let clip = Clip::read("", &text).unwrap();
    let target = target(document.exercise(), 3, "action", (1, 1), 999);
    let mut choices = Choices::suggested(&clip, &target);
    let budget = target.columns.iter().position(|column| &*column.field == "budget");
    choices.map(1, budget);
    let plan = plan(document.exercise(), &clip, &target, &choices);
    assert_eq!((plan.left.len(), plan.added), (0, 999));
    document.apply(&plan.edits).unwrap();
    let rows: Vec<i64> =
        document.exercise().table(TABLE).rows().filter_map(|row| row.money("budget")).collect();
    assert_eq!(rows.len(), 1_003);
    assert!(rows[3..].is_sorted() && rows[1_002] == 999);
}

#[test]
fn empty_cells_empty_unless_told_otherwise() {
    let document = document();
    let clip = Clip::read("", "9\n\n9").unwrap();
    let target = target(document.exercise(), 1, "budget", (1, 1), 0);
    let mut choices = Choices::suggested(&clip, &target);
    assert_eq!(plan(document.exercise(), &clip, &target, &choices).emptied, 1);
    choices.skip_empty = true;
    let kept = plan(document.exercise(), &clip, &target, &choices);
    assert_eq!((kept.emptied, kept.written, kept.same), (0, 2, 1));
}
