//! An exercise of any size, for measurements: always the same for the same size.

use shared::{
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    key::Key,
    order,
    template::TableId,
    value::Value,
};

/// Rows written in one update; keeps each below the limit of one.
const BATCH: usize = 200;
const OBJECTIVES: usize = 40;
const INSTRUMENTS: [&str; 9] = [
    "crece",
    "semilla_emprende",
    "abeja_emprende",
    "mejora_negocios",
    "digitaliza_almacen",
    "promocion_canales",
    "redes_oportunidades",
    "juntos",
    "formacion",
];
const COMUNAS: [&str; 7] = ["01101", "01107", "01401", "01402", "01403", "01404", "01405"];

/// An exercise of Tarapacá 2027 with this many rows of twelve cells in its *Matriz Focalización*,
/// a few of them defective.
///
/// # Panics
/// Never for up to `limits::ROWS` rows.
#[must_use]
pub fn large_exercise(rows: usize) -> Document {
    let id = ExerciseId::new("01", 2027).expect("region and year exist");
    let mut document = Document::new(id, Peer::SERVER);
    let mut edits = Vec::new();
    for (number, kind) in (0..OBJECTIVES).flat_map(|n| [(n, "objective"), (n, "challenge")]) {
        objective(&mut edits, number, kind);
    }
    document.apply(&edits).expect("templates know these columns");
    let mut last = None;
    for first in (0..rows).step_by(BATCH) {
        edits.clear();
        for number in first..rows.min(first + BATCH) {
            action(&mut edits, number, &mut last);
        }
        document.apply(&edits).expect("templates know these columns");
    }
    document
}

fn objective(edits: &mut Vec<Edit>, number: usize, kind: &str) {
    let row = row(&format!("{}{number}", &kind[..1]));
    let table = TableId::Challenges;
    edits.push(Edit::PlaceRow { table, row: row.clone(), order: format!("{number:04}V") });
    edits.push(set(Key::cell(table, &row, "kind"), Value::Code(kind.into())));
    let text = format!("Desarrollar el eje productivo número {number} de la región");
    edits.extend(Edit::splice(Key::cell(table, &row, "text"), "", &text));
}

fn action(edits: &mut Vec<Edit>, number: usize, last: &mut Option<String>) {
    let row = row(&format!("r{number}"));
    let table = TableId::Focus;
    let order = order::between(last.as_deref(), None, row.as_str());
    edits.push(Edit::PlaceRow { table, row: row.clone(), order: order.clone() });
    *last = Some(order);
    let instrument = INSTRUMENTS[number % INSTRUMENTS.len()];
    let coverage = 1 + number as i64 % 90;
    // Every thirteenth action lacks its coverage, every eleventh the link to an objective; a third
    // is focused, and some of those do not say why.
    let focused = number.is_multiple_of(3);
    let cells = [
        ("instrument", Some(Value::Code(instrument.into()))),
        ("action", Some(Value::Text(format!("Acción {number} de {instrument}")))),
        ("is_focused", Some(Value::Flag(focused))),
        ("not_arbitrary", focused.then_some(Value::Flag(true))),
        ("budget", Some(Value::Money(coverage * 3_000_000))),
        ("coverage", (!number.is_multiple_of(13)).then_some(Value::Integer(coverage))),
        ("coverage_unit", Some(Value::Code("beneficiaries".into()))),
        ("is_commitment", Some(Value::Flag(false))),
    ];
    for (field, value) in cells {
        edits.extend(value.map(|value| set(Key::cell(table, &row, field), value)));
    }
    let orientation = format!(
        "Que las empresas y cooperativas del eje {} vendan más dentro y fuera de la región, con más \
        valor agregado y mejores condiciones para quienes trabajan en ellas",
        number % OBJECTIVES
    );
    let justification = "Menos ventas por empresa que en el resto de la región";
    let texts = [
        ("description", format!("Apoyo a empresas de menor tamaño del territorio {}", number % 50)),
        ("orientation", orientation),
        ("justification", if number.is_multiple_of(6) { justification } else { "" }.into()),
    ];
    for (field, text) in texts {
        edits.extend(Edit::splice(Key::cell(table, &row, field), "", &text));
    }
    let members = [
        ("criteria", focused.then(|| "territorial".to_owned())),
        ("places", focused.then(|| COMUNAS[number % COMUNAS.len()].to_owned())),
        ("objectives", (!number.is_multiple_of(11)).then(|| format!("o{}", number % OBJECTIVES))),
        ("challenges", Some(format!("c{}", number % OBJECTIVES))),
    ];
    for (field, member) in members {
        let key = |member: String| Key::member(table, &row, field, &member);
        edits.extend(member.map(|member| Edit::SetMember { key: key(member), present: true }));
    }
}

fn row(id: &str) -> RowId {
    RowId::new(id).expect("letters and digits")
}

fn set(key: Key, value: Value) -> Edit {
    Edit::SetCell { key, value: Some(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_rows_it_is_asked_for() {
        let document = large_exercise(450);
        let table = document.exercise().table(TableId::Focus);
        assert_eq!(table.rows().len(), 450);
        let cells: usize = table.rows().map(|row| row.cells.iter().len()).sum();
        assert!((11 * 450..13 * 450).contains(&cells), "{cells}");
        assert_eq!(document.exercise(), large_exercise(450).exercise());
    }
}
