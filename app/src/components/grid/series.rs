//! Series: how the values of some cells go on, as spreadsheets do it when the corner is dragged.

use chrono::{Datelike, Days, Months, NaiveDate};
use shared::{limits, model::Cell, template::Kind, value::Value};

/// How a series goes on.
#[derive(Debug, PartialEq)]
enum Rule<'a> {
    /// A figure, and how it grows.
    Integer(i64, i64),
    Money(i64, i64),
    /// A date, and the days between it and the next.
    Days(NaiveDate, i64),
    /// A date, the day of the month that is meant, and the months between it and the next.
    Months(NaiveDate, u32, i64),
    /// What stands before a number, the number, how it grows, and how many digits it has at least.
    Numbered(&'a str, i64, i64, usize),
}

/// A cell, and what its column holds.
pub type OfColumn = (Kind, Option<Cell>);

/// What is filled in behind `cells`, or before them, the nearest first: their series, where one is
/// asked for and they are one, or the same again and again.
#[must_use]
pub fn filled(cells: &[OfColumn], count: usize, before: bool, as_series: bool) -> Vec<OfColumn> {
    let Some((kind, _)) = cells.first() else { return Vec::new() };
    let values: Vec<Option<&Cell>> = cells.iter().map(|(_, cell)| cell.as_ref()).collect();
    if as_series && let Some(values) = series(&values, count, before) {
        return values.into_iter().map(|cell| (*kind, Some(cell))).collect();
    }
    let last = cells.len() - 1;
    let again = |at: usize| &cells[if before { last - at % cells.len() } else { at % cells.len() }];
    (0..count).map(|at| again(at).clone()).collect()
}

/// The values that go on behind `cells`, or before them, the nearest first: `count`, or fewer where
/// no cell could hold more of them. One value alone goes on by one. `None` where they are no series.
fn series(cells: &[Option<&Cell>], count: usize, before: bool) -> Option<Vec<Cell>> {
    let values = cells.iter().map(|cell| match cell {
        Some(Cell::Value(value)) => Some(value),
        _ => None,
    });
    let rule = rule(&values.collect::<Option<Vec<_>>>()?)?;
    let place = |number: usize| {
        let number = number as i64;
        if before { -1 - number } else { cells.len() as i64 + number }
    };
    Some((0..count).map_while(|number| rule.at(place(number)).map(Cell::Value)).collect())
}

fn rule<'a>(values: &[&'a Value]) -> Option<Rule<'a>> {
    match values.first()? {
        Value::Integer(first) => {
            let numbers = all(values, |value| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            })?;
            Some(Rule::Integer(*first, step(&numbers)?))
        }
        Value::Money(first) => {
            let amounts = all(values, |value| match value {
                Value::Money(amount) => Some(*amount),
                _ => None,
            })?;
            Some(Rule::Money(*first, step(&amounts)?))
        }
        Value::Date(_) => dates(&all(values, |value| match value {
            Value::Date(date) => Some(*date),
            _ => None,
        })?),
        Value::Text(_) => {
            let texts = all(values, |value| match value {
                Value::Text(text) => numbered(text),
                _ => None,
            })?;
            let (words, first, digits) = *texts.first()?;
            let numbers: Vec<i64> = texts.iter().map(|(_, number, _)| *number).collect();
            let same = texts.iter().all(|(others, ..)| *others == words);
            Some(Rule::Numbered(words, first, step(&numbers).filter(|_| same)?, digits))
        }
        _ => None,
    }
}

fn all<'a, T>(values: &[&'a Value], of: impl Fn(&'a Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|value| of(value)).collect()
}

/// How much greater each number is than the one before, where that is always the same.
fn step(numbers: &[i64]) -> Option<i64> {
    let [first, second, ..] = numbers else { return Some(1) };
    let step = second.checked_sub(*first)?;
    numbers.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(step)).then_some(step)
}

/// By months where all are the same day of their month, or its last; elsewhere by days.
fn dates<'a>(dates: &[NaiveDate]) -> Option<Rule<'a>> {
    let first = *dates.first()?;
    // 31 January before 28 February means the 31st.
    let day = dates.iter().map(Datelike::day).max()?;
    let months: Vec<i64> =
        dates.iter().map(|date| i64::from(date.year()) * 12 + i64::from(date.month0())).collect();
    if dates.len() > 1
        && let Some(step) = step(&months).filter(|step| *step != 0)
        && dates.iter().zip(0..).all(|(date, at)| months_on(first, step * at, day) == Some(*date))
    {
        return Some(Rule::Months(first, day, step));
    }
    let days: Vec<i64> = dates.iter().map(|date| i64::from(date.num_days_from_ce())).collect();
    Some(Rule::Days(first, step(&days)?))
}

/// This day so many months on, or the last one that the month has.
fn months_on(from: NaiveDate, months: i64, day: u32) -> Option<NaiveDate> {
    let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let first = from.with_day(1)?;
    let first =
        if months < 0 { first.checked_sub_months(by) } else { first.checked_add_months(by) }?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    first.with_day(day.min(last.day()))
}

/// A text that ends in a number: what stands before it, the number, and its digits where it has
/// zeros before it. A text of digits alone is a code.
fn numbered(text: &str) -> Option<(&str, i64, usize)> {
    let words = text.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let digits = &text[words.len()..];
    let number = digits.parse().ok().filter(|_| !words.trim().is_empty())?;
    Some((words, number, if digits.starts_with('0') { digits.len() } else { 1 }))
}

impl Rule<'_> {
    /// The value at a place, counted from the first; `None` where no cell could hold it.
    fn at(&self, place: i64) -> Option<Value> {
        let along = |first: i64, step: i64, most: i64| {
            let number = first.checked_add(step.checked_mul(place)?)?;
            (0..=most).contains(&number).then_some(number)
        };
        Some(match self {
            Self::Integer(first, step) => Value::Integer(along(*first, *step, limits::COUNT)?),
            Self::Money(first, step) => Value::Money(along(*first, *step, limits::MONEY)?),
            Self::Days(first, step) => {
                let days = step.checked_mul(place)?;
                let by = Days::new(days.unsigned_abs());
                let date =
                    if days < 0 { first.checked_sub_days(by) } else { first.checked_add_days(by) };
                Value::Date(date?)
            }
            Self::Months(first, day, step) => {
                Value::Date(months_on(*first, step.checked_mul(place)?, *day)?)
            }
            Self::Numbered(words, first, step, digits) => {
                let number = along(*first, *step, i64::MAX)?;
                let text = format!("{words}{number:0digits$}", digits = *digits);
                Value::Text(Some(text).filter(|text| text.chars().count() <= limits::SHORT_TEXT)?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn values(values: impl IntoIterator<Item = Value>) -> Vec<Option<Cell>> {
        values.into_iter().map(|value| Some(Cell::Value(value))).collect()
    }

    fn texts(texts: &[&str]) -> Vec<Option<Cell>> {
        values(texts.iter().map(|text| Value::Text((*text).into())))
    }

    fn days(days: &[&str]) -> Vec<Option<Cell>> {
        values(days.iter().map(|day| Value::Date(day.parse().unwrap())))
    }

    /// The next values, as those above are written; `None` where they are no series.
    fn next(cells: &[Option<Cell>], count: usize, before: bool) -> Option<Vec<Option<Cell>>> {
        let cells: Vec<Option<&Cell>> = cells.iter().map(Option::as_ref).collect();
        series(&cells, count, before).map(|cells| cells.into_iter().map(Some).collect())
    }

    #[test]
    fn figures_go_on_by_their_step_in_both_directions() {
        let numbers = |all: &[i64]| values(all.iter().map(|number| Value::Integer(*number)));
        assert_eq!(next(&numbers(&[1, 2]), 3, false), Some(numbers(&[3, 4, 5])));
        assert_eq!(next(&numbers(&[10, 20, 30]), 2, false), Some(numbers(&[40, 50])));
        assert_eq!(next(&numbers(&[30, 40]), 2, true), Some(numbers(&[20, 10])));
        assert_eq!(next(&numbers(&[7]), 2, false), Some(numbers(&[8, 9])));
        assert_eq!(next(&numbers(&[1, 2, 4]), 2, false), None);
        let amounts = |all: &[i64]| values(all.iter().map(|amount| Value::Money(*amount)));
        assert_eq!(next(&amounts(&[500, 1_000]), 1, false), Some(amounts(&[1_500])));
    }

    #[test]
    fn a_series_ends_where_no_cell_could_hold_more() {
        let numbers = |all: &[i64]| values(all.iter().map(|number| Value::Integer(*number)));
        assert_eq!(next(&numbers(&[2, 1]), 5, false), Some(numbers(&[0])));
        assert_eq!(next(&texts(&["Etapa 1"]), 3, true), Some(texts(&["Etapa 0"])));
        assert_eq!(next(&numbers(&[0, i64::MAX]), 5, false), Some(vec![]));
    }

    #[test]
    fn dates_go_on_by_days_months_or_years() {
        assert_eq!(
            next(&days(&["2027-03-01", "2027-03-08"]), 2, false),
            Some(days(&["2027-03-15", "2027-03-22"]))
        );
        assert_eq!(
            next(&days(&["2027-01-31", "2027-02-28"]), 3, false),
            Some(days(&["2027-03-31", "2027-04-30", "2027-05-31"]))
        );
        assert_eq!(
            next(&days(&["2027-03-15", "2027-06-15"]), 2, true),
            Some(days(&["2026-12-15", "2026-09-15"]))
        );
        assert_eq!(
            next(&days(&["2024-02-29", "2025-02-28"]), 3, false),
            Some(days(&["2026-02-28", "2027-02-28", "2028-02-29"]))
        );
        assert_eq!(next(&days(&["2027-12-31"]), 1, false), Some(days(&["2028-01-01"])));
        assert_eq!(
            next(&days(&["2027-01-01", "2027-01-01"]), 1, false),
            Some(days(&["2027-01-01"]))
        );
    }

    #[test]
    fn texts_that_end_in_a_number_count_on() {
        assert_eq!(
            next(&texts(&["Etapa 1", "Etapa 2"]), 2, false),
            Some(texts(&["Etapa 3", "Etapa 4"]))
        );
        assert_eq!(next(&texts(&["F-08", "F-09"]), 2, false), Some(texts(&["F-10", "F-11"])));
        assert_eq!(next(&texts(&["Etapa 1", "Fase 2"]), 1, false), None);
        assert_eq!(next(&texts(&["Feria"]), 1, false), None);
        assert_eq!(next(&texts(&["2027"]), 1, false), None);
    }

    #[test]
    fn what_is_copied_goes_round_away_from_where_it_stands() {
        let fill = |cells: &[&str], count, before, as_series| {
            let cells: Vec<OfColumn> =
                texts(cells).into_iter().map(|cell| (Kind::Text, cell)).collect();
            let filled = filled(&cells, count, before, as_series).into_iter();
            filled.map(|(_, cell)| cell).collect::<Vec<_>>()
        };
        assert_eq!(fill(&["a 1", "b"], 3, false, true), texts(&["a 1", "b", "a 1"]));
        assert_eq!(fill(&["a 1", "b"], 3, true, false), texts(&["b", "a 1", "b"]));
        assert_eq!(fill(&["a 1", "a 2"], 2, false, true), texts(&["a 3", "a 4"]));
        assert_eq!(fill(&["a 1", "a 2"], 2, false, false), texts(&["a 1", "a 2"]));
        assert_eq!(filled(&[(Kind::Date, None)], 1, false, true), [(Kind::Date, None)]);
    }

    #[test]
    fn what_is_mixed_missing_or_undefined_is_no_series() {
        let mixed = values([Value::Integer(1), Value::ToBeDefined]);
        assert_eq!(next(&mixed, 1, false), None);
        assert_eq!(next(&[None], 1, false), None);
        assert_eq!(next(&[Some(Cell::Narrative("Etapa 1".into()))], 1, false), None);
        assert_eq!(next(&[], 1, false), None);
    }
}
