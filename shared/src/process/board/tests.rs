use super::*;
use crate::{
    access::Role,
    norms::date,
    process::{
        act::{Act, Author, Of, Record},
        letter::{LetterKind, Reception},
        tests::{letter, noon, version},
        version::VersionKind,
    },
};

/// A preliminary that was received on that day of November 2026.
fn received(day: u32) -> Vec<Record> {
    let on = date(2026, 11, day);
    let author =
        Author { user: 1, name: "Ana".into(), role: Role::GoreSignatory, is_acting: false };
    let acts = [
        Act::Letter(letter(LetterKind::Preliminary, "1", on)),
        Act::Version(version(VersionKind::Preliminary, "a", Some(1))),
        Act::Received(Of { of: 1, what: Reception { on, stamp: String::new() } }),
    ];
    let record =
        |(act, number)| Record { number, at: noon(2026, 11, day), author: author.clone(), act };
    acts.into_iter().zip(1..).map(record).collect()
}

#[test]
fn the_most_urgent_region_comes_first() {
    let now = noon(2026, 11, 20);
    let id = |region| ExerciseId::new(region, 2027).unwrap();
    let (early, late) = (received(5), received(13));
    let opened = Act::Letter(letter(LetterKind::Opening, "54", date(2026, 3, 13)));
    let mut silent = received(13);
    silent.truncate(1);
    silent[0].act = opened;
    let processes = [
        Process::new(id("01"), &late, now, None),
        Process::new(id("12"), &early, now, None),
        Process::new(id("05"), &silent, now, None),
        Process::new(id("15"), &silent, now, None),
    ];
    let lines = board(&processes);
    let regions: Vec<_> = lines.iter().map(|line| line.exercise.region()).collect();
    // All lack the opening or budget letter since June or March; those that got the opening since
    // later. Of equal ones from north to south.
    assert_eq!(regions, ["01", "12", "15", "05"]);
    let line = &lines[1];
    assert_eq!((line.state, line.received), (State::UnderObservation, Some(date(2026, 11, 5))));
    assert_eq!(line.turn, Some(Institution::GeneralManagement));
    assert!(lines.iter().all(|line| line.overdue >= 1));
    assert_eq!(lines[3].overdue, 2, "budget and preliminary");
}

#[test]
fn the_clock_of_observations_sorts_where_nothing_else_is_late() {
    let now = noon(2026, 11, 20);
    let with_start = |mut records: Vec<Record>| {
        let starts = [
            (LetterKind::Opening, "54", date(2026, 3, 13)),
            (LetterKind::ExploratoryBudget, "91", date(2026, 6, 26)),
        ];
        for (kind, number, on) in starts {
            let mut record = records[0].clone();
            record.number = u32::try_from(records.len()).unwrap() + 1;
            record.act = Act::Letter(letter(kind, number, on));
            records.push(record);
        }
        records
    };
    let id = |region| ExerciseId::new(region, 2027).unwrap();
    let (early, late) = (with_start(received(5)), with_start(received(13)));
    let processes =
        [Process::new(id("01"), &late, now, None), Process::new(id("12"), &early, now, None)];
    let lines = board(&processes);
    let told: Vec<_> =
        lines.iter().map(|line| (line.exercise.region(), line.days_left())).collect();
    assert_eq!(told, [("12", Some(0)), ("01", Some(8))]);
    let next = lines[0].next.as_ref().unwrap();
    assert_eq!(next.deadline.milestone, Milestone::Observations);
    let missing = lines[0].missing.iter().map(|(milestone, _)| milestone.id());
    assert!(missing.collect::<Vec<_>>().contains(&"CAL-02"), "its amounts were never entered");
}
