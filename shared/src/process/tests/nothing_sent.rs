//! The year of the issue in which the region sends nothing; and one in which it sends late.

use super::*;
use crate::process::{
    act::Remark,
    duty::{Status, duties},
};
use Role::{GoreSignatory, SercotecManager};

fn declared() -> Act {
    Act::Fallback(Remark { note: "No se recibió la focalización final.".into(), letter: None })
}

fn opened() -> Year {
    let mut year = Year::new();
    year.on(3, 13).sends(SercotecManager, LetterKind::Opening, "54");
    let budget = year.on(6, 26).sends(SercotecManager, LetterKind::ExploratoryBudget, "91");
    year.does(SercotecManager, amounts(AmountBasis::Exploratory, Some(budget)));
    year
}

#[test]
fn nothing_is_sent() {
    let mut year = opened();
    // A late preliminary is an alert, and not the fallback (CON-08).
    year.on(11, 16);
    assert_eq!(year.state(), State::ExploratoryBudget);
    let first = duties(&year.process()).remove(0);
    assert_eq!(first.deadline.milestone, Milestone::Preliminary);
    assert_eq!((first.status, first.is_mandatory), (Status::Overdue { days: 1 }, true));

    // The whole of 30 December is still in time, in Iquique's hour and not in UTC's.
    year.now = noon(2026, 12, 31) - 12 * 3_600_000 - 1;
    let process = year.process();
    assert_eq!(process.today, date(2026, 12, 30));
    assert_eq!(process.state, State::ExploratoryBudget);
    let due = date(2026, 12, 30);
    assert_eq!(year.check(SercotecManager, &declared()), Err(Refusal::NotExpired(due)));
    year.now += 1;
    let process = year.process();
    assert_eq!((process.today, process.state), (date(2026, 12, 31), State::FallbackPreviousYear));
    assert_eq!(process.settled, State::ExploratoryBudget, "nobody has declared it");
    let event = process.timeline.last().unwrap();
    assert_eq!((event.act, event.on), (None, date(2026, 12, 31)));

    let fallback = |year: &Year| {
        let all = duties(&year.process());
        all.into_iter().find(|duty| duty.deadline.milestone == Milestone::Fallback).unwrap()
    };
    assert_eq!(fallback(&year).missing, ["No hay una focalización anterior en Focaliza."]);
    let before = ExerciseId::new("01", 2026).unwrap();
    let fingerprint = Fingerprint::of(b"2026");
    year.previous = Some(Previous { exercise: before, act: 40, fingerprint });
    assert_eq!(fallback(&year).missing, Vec::<&str>::new());

    let act = year.does(SercotecManager, declared());
    assert_eq!(year.process().settled, State::FallbackPreviousYear);
    assert_eq!(year.check(SercotecManager, &declared()), Err(Refusal::AlreadyDone(act)));
    let late = Act::Version(version(VersionKind::Final, "tarde", None));
    assert_eq!(year.check(GoreSignatory, &late), Err(Refusal::FallbackDeclared));
    let closing = duties(&year.process())
        .into_iter()
        .find(|duty| duty.deadline.milestone == Milestone::Final)
        .unwrap();
    assert_eq!(closing.status, Status::Moot, "what was declared is owed no more");
    year.does(SercotecManager, Act::Closing(Remark { note: String::new(), letter: None }));
    assert_eq!(year.state(), State::Closed);
}

/// Ñuble's request of 12 January for the year that had begun (§4.1): late, and the process went on.
#[test]
fn a_late_final_is_accepted_and_counted() {
    let mut year = opened();
    year.on(1, 12);
    assert_eq!(year.state(), State::FallbackPreviousYear);
    let closing = Act::Closing(Remark { note: String::new(), letter: None });
    assert!(matches!(year.check(SercotecManager, &closing), Err(Refusal::NotNow(..))));
    let late = version(VersionKind::Final, "tarde", None);
    year.does(GoreSignatory, Act::Version(late));
    assert_eq!(year.state(), State::FinalIncomplete);
    let process = year.process();
    assert_eq!(process.deadline(Milestone::Final).days_late(), Some(13));
    // Sercotec decides: it may take it, or declare that none came in time.
    let remark = Remark { note: String::new(), letter: None };
    assert_eq!(year.check(SercotecManager, &Act::Acceptance(remark)), Ok(()));
    year.does(SercotecManager, declared());
    assert_eq!(year.state(), State::FallbackPreviousYear);
}

#[test]
fn a_ruling_moves_the_day_after_which_the_year_before_is_executed() {
    // 30 December 2028 is a Saturday: budget year 2029.
    let id = ExerciseId::new("12", 2029).unwrap();
    let author =
        Author { user: 1, name: "Eva".into(), role: Role::SercotecManager, is_acting: false };
    let ruling = Act::Ruling(crate::process::act::Ruling {
        milestone: Milestone::Final,
        due: date(2029, 1, 2),
        reason: "Oficio 300".into(),
        letter: None,
    });
    let records = [Record { number: 1, at: noon(2028, 12, 20), author, act: ruling }];
    let state = |records, now| Process::new(id, records, now, None).state;
    assert_eq!(state(&[], noon(2028, 12, 31)), State::FallbackPreviousYear);
    assert_eq!(state(&records, noon(2028, 12, 31)), State::Draft);
    assert_eq!(state(&records, noon(2029, 1, 3)), State::FallbackPreviousYear);
}

/// Half past eleven at night on the continent is half past midnight in Punta Arenas: in June one
/// region is in time and the other a day late, with the same instant of the server's clock.
#[test]
fn each_region_has_its_own_midnight() {
    let at = date(2026, 7, 1).and_hms_opt(3, 30, 0).unwrap().and_utc().timestamp_millis();
    let author =
        Author { user: 1, name: "Eva".into(), role: Role::SercotecManager, is_acting: false };
    let act = amounts(AmountBasis::Exploratory, None);
    let records = [Record { number: 1, at, author, act }];
    let late = |region| {
        let id = ExerciseId::new(region, 2027).unwrap();
        let process = Process::new(id, &records, at, None);
        (process.today, process.deadline(Milestone::ExploratoryBudget).days_late())
    };
    for region in ["01", "05", "13"] {
        assert_eq!(late(region), (date(2026, 6, 30), None), "{region}");
    }
    for region in ["11", "12"] {
        assert_eq!(late(region), (date(2026, 7, 1), Some(1)), "{region}");
    }
}

/// The last year that has a final, and of that the adjusted one.
#[test]
fn the_year_before_is_the_last_one_with_a_final() {
    let author = Author { user: 1, name: "Ana".into(), role: GoreSignatory, is_acting: false };
    let records = |kinds: &[VersionKind]| -> Vec<Record> {
        let record = |(kind, number): (&VersionKind, ActNumber)| Record {
            number,
            at: noon(2025, 12, 29),
            author: author.clone(),
            act: Act::Version(version(*kind, kind.label(), None)),
        };
        kinds.iter().zip(1..).map(record).collect()
    };
    let (first, second, last) = (
        records(&[VersionKind::Final]),
        records(&[VersionKind::Final, VersionKind::Adjusted, VersionKind::Proposal]),
        records(&[VersionKind::Preliminary]),
    );
    let id = |year| ExerciseId::new("01", year).unwrap();
    let registers = [
        Register::new(id(2027), &last),
        Register::new(id(2026), &second),
        Register::new(id(2025), &first),
    ];
    let found = Previous::find(&registers).unwrap();
    assert_eq!((found.exercise, found.act), (id(2026), 2));
    assert_eq!(Previous::find(&registers[..1]), None);
}

/// Before the decree was in force nothing fell back.
#[test]
fn the_pilot_had_no_fallback() {
    let id = ExerciseId::new("01", 2019).unwrap();
    assert_eq!(Process::new(id, &[], noon(2026, 1, 1), None).state, State::Draft);
}
