//! The exercise of the next year, as this one leaves it.
//!
//! What a region knows of itself stays: its documents, its strategic reading, potentials, challenges and
//! objectives, and the columns that it added. What is decided anew each year does not: instruments and their
//! amounts, who takes part, and of the *Matriz Focalización* at most the actions, without a figure or a date.

use super::{FORMAT, File, FileRow, VERSION};
use crate::{
    ids::{BadId, ExerciseId},
    model::Exercise,
    template::{AnyColumn, Kind, TableId, all_columns},
};

/// The tables that are taken over whole.
const TAKEN_OVER: [TableId; 6] = [
    TableId::Documents,
    TableId::Strategic,
    TableId::Potentials,
    TableId::Challenges,
    TableId::Columns,
    TableId::Options,
];

/// The file of the exercise of the year after, to be imported; with the actions of the *Matriz
/// Focalización* where they are asked for. Rows keep their ids, so that what names them still does. An
/// error where there is no such year.
pub fn next_year(exercise: &Exercise, with_actions: bool) -> Result<String, BadId> {
    let ExerciseId { budget_year, .. } = exercise.id;
    let id = ExerciseId::new(exercise.id.region(), budget_year + 1)?;
    let whole = |row| FileRow::of(row, |_| true);
    let taken_over =
        TAKEN_OVER.into_iter().map(|id| (id, exercise.table(id).rows().map(whole).collect()));
    let mut tables: std::collections::BTreeMap<_, Vec<_>> = taken_over.collect();
    if with_actions {
        let columns = all_columns(TableId::Focus.columns(), exercise, TableId::Focus);
        let stays = |field: &str| {
            let column = columns.iter().find(|column| column.field() == field);
            column.is_none_or(|column| !is_of_the_year(column))
        };
        let actions = exercise.table(TableId::Focus).rows().map(|row| FileRow::of(row, stays));
        tables.insert(TableId::Focus, actions.collect());
    }
    tables.retain(|_, rows| !rows.is_empty());
    let file = File {
        format: FORMAT,
        version: VERSION,
        region: id.region(),
        budget_year: id.budget_year,
        tables,
        undecided: Vec::new(),
        process: None,
    };
    Ok(serde_json::to_string(&file).expect("plain data with text keys is JSON"))
}

/// A figure or a date is said anew every year.
fn is_of_the_year(column: &AnyColumn) -> bool {
    let kind = match column {
        AnyColumn::National(column) => column.kind,
        AnyColumn::Regional(column) => column.kind,
    };
    matches!(kind, Kind::Integer | Kind::Money | Kind::Date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        exchange::import, ids::RowId, rules::tests::example::exercise_of as exercise, value::Value,
    };

    fn of_next_year(text: &str, with_actions: bool) -> Exercise {
        let file = next_year(&exercise(text), with_actions).unwrap();
        import(&file).unwrap().build().unwrap().document.exercise().clone()
    }

    const YEAR: &str = "
        ## documents
        | id | title |
        | d1 | Estrategia regional |
        ## challenges
        | id | kind | text |
        | o1 | objective | Crecer |
        ## instruments
        | id | exploratory_budget |
        | crece | 100 |
        ## focus
        | id | instrument | action | objectives | budget | coverage |
        | a | crece | Ferias | o1 | 95 | 12 |";

    #[test]
    fn what_a_region_knows_stays_and_what_it_decides_each_year_does_not() {
        let before = exercise(YEAR);
        let after = of_next_year(YEAR, false);
        assert_eq!(after.id.budget_year, before.id.budget_year + 1);
        assert_eq!(after.id.region(), before.id.region());
        let texts = |exercise: &Exercise, table: TableId| {
            let rows = exercise.table(table).rows();
            rows.map(|row| (row.id.clone(), row.cells.clone())).collect::<Vec<_>>()
        };
        for table in TAKEN_OVER {
            assert_eq!(texts(&after, table), texts(&before, table), "{table:?}");
        }
        for table in [TableId::Focus, TableId::Instruments, TableId::General] {
            assert_eq!(after.table(table).rows().len(), 0, "{table:?}");
        }
    }

    #[test]
    fn actions_come_without_figures_and_still_name_their_objectives() {
        let after = of_next_year(YEAR, true);
        let row = after.row(TableId::Focus, &RowId::new("a").unwrap()).unwrap();
        assert_eq!(row.text("action"), "Ferias");
        assert_eq!(row.code("instrument"), "crece");
        assert_eq!(row.members("objectives").collect::<Vec<_>>(), ["o1"]);
        assert_eq!(row.value("budget"), None::<&Value>);
        assert_eq!(row.value("coverage"), None::<&Value>);
    }
}
