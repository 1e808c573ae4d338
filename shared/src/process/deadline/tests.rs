//! The calendar of `requirements.md` §1.2 for the budget years 2025 to 2031. The days of the week
//! were worked out by hand, not by what is tested. Neither 8 nor 25 December is ever the first
//! business day of the month.

use chrono::{
    Datelike, Weekday,
    Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed},
};

use super::*;
use crate::{
    access::Role,
    ids::ExerciseId,
    norms::date,
    process::{
        act::{Activity, AgreedCalendar, Author, Of, Record, Ruling},
        letter::Reception,
        tests::{letter, noon},
        version::{Version, VersionKind},
    },
};

fn records(acts: Vec<Act>) -> Vec<Record> {
    let author =
        Author { user: 1, name: "Ana".into(), role: Role::GoreCounterpart, is_acting: false };
    let record =
        |(act, number)| Record { number, at: noon(2026, 1, 2), author: author.clone(), act };
    acts.into_iter().zip(1..).map(record).collect()
}

fn found(year: u16, acts: Vec<Act>, milestone: Milestone) -> Deadline {
    let records = records(acts);
    let register = Register::new(ExerciseId::new("01", year).unwrap(), &records);
    deadline(&register, milestone)
}

/// A preliminary that Sercotec received on that day.
fn received(on: NaiveDate) -> Vec<Act> {
    let mut preliminary = letter(crate::process::letter::LetterKind::Preliminary, "1", on);
    preliminary.reception = Some(Reception { on, stamp: String::new() });
    vec![Act::Letter(preliminary)]
}

fn is(found: Option<NaiveDate>, year: i32, month: u32, day: u32, weekday: Weekday) {
    assert_eq!(found, Some(date(year, month, day)));
    assert_eq!(found.unwrap().weekday(), weekday);
}

/// Each year: the weekday of 15 March and 15 November, of 30 June, of 30 August, the first business
/// day of December, the weekdays of 30 November and 30 December, and the days between amounts and final.
#[test]
fn the_calendar_of_seven_budget_years() {
    for (year, fifteenth, june, august, (day, weekday), november, december, left) in [
        (2025, Fri, Sun, Fri, (2, Mon), Sat, Mon, 28),
        (2026, Sat, Mon, Sat, (1, Mon), Sun, Tue, 29),
        (2027, Sun, Tue, Sun, (1, Tue), Mon, Wed, 29),
        (2028, Mon, Wed, Mon, (1, Wed), Tue, Thu, 29),
        (2029, Wed, Fri, Wed, (1, Fri), Thu, Sat, 29),
        (2030, Thu, Sat, Thu, (3, Mon), Fri, Sun, 27),
        (2031, Fri, Sun, Fri, (2, Mon), Sat, Mon, 28),
    ] {
        let before = i32::from(year) - 1;
        let of = |milestone| found(year, received(date(before, 11, 15)), milestone);

        // CAL-01. Decreto 246, párrafo 1 (000:L241–246): first fortnight of March.
        let opening = of(Milestone::Opening);
        assert_eq!(opening.opens, Some(date(before, 3, 1)));
        is(opening.legal, before, 3, 15, fifteenth);

        // CAL-02. Decreto 246, párrafo 2 (L248–254): last fortnight of June.
        let budget = of(Milestone::ExploratoryBudget);
        assert_eq!(budget.opens, Some(date(before, 6, 16)));
        is(budget.legal, before, 6, 30, june);

        // CAL-05. Guía (L784–786): convened by 30 August; a recommendation.
        let first = of(Milestone::FirstSession);
        is(first.legal, before, 8, 30, august);
        assert!(!first.milestone.source().strength().binding());

        // CAL-09. Guía (L986–1001): no day of its own, before the preliminary.
        let third = of(Milestone::ThirdSession);
        is(third.legal, before, 11, 15, fifteenth);
        assert!(!third.has_own_day());

        // CAL-10. Decreto 246, párrafo 3 (L256–260): first fortnight of November.
        let preliminary = of(Milestone::Preliminary);
        assert_eq!(preliminary.opens, Some(date(before, 11, 1)));
        is(preliminary.legal, before, 11, 15, fifteenth);

        // CAL-11. Decreto 246, párrafo 4 (L262–267): 15 calendar days from reception.
        is(of(Milestone::Observations).legal, before, 11, 30, november);

        // CAL-12. Decreto 246, párrafo 5 (L269–273), before Guía C.4 (L1014): CON-01.
        let amounts = of(Milestone::PreliminaryAmounts);
        is(amounts.legal, before, 12, day, weekday);
        let (target, source) = amounts.target.unwrap();
        is(Some(target), before, 11, 30, november);
        assert!(!source.strength().binding());

        // CAL-13. Reglamento, hitos (L2601–2603): before the final, no day of its own.
        let council = of(Milestone::CouncilApproval);
        is(council.legal, before, 12, 30, december);
        assert!(!council.has_own_day());

        // CAL-14. Decreto 246, párrafo 6 (L275–278): 30 December.
        let closing = of(Milestone::Final);
        is(closing.legal, before, 12, 30, december);
        assert_eq!((closing.legal.unwrap() - amounts.legal.unwrap()).num_days(), left, "{year}");

        // CAL-03, 04, 06, 07, 08 hang on sessions that the Guía recommends; CAL-15 to 18 have no day
        // in any text (gap of CAL-15).
        for milestone in [
            Milestone::AgreedCalendar,
            Milestone::PriorMeeting,
            Milestone::ActorForms,
            Milestone::SecondSession,
            Milestone::TerritorialActivities,
            Milestone::AdjustmentNotice,
            Milestone::Fallback,
            Milestone::ClosingReports,
            Milestone::MissingDocuments,
        ] {
            let without = of(milestone);
            assert!(!without.has_own_day(), "{milestone:?}");
            assert_eq!(without.legal, None, "{milestone:?}");
        }
    }
}

/// The fixed days that fall on a weekend, year by year.
#[test]
fn weekends_are_warned_of_and_moved_by_nobody() {
    let on_weekends = |year: u16| {
        let all = Milestone::ALL.map(|milestone| found(year, Vec::new(), milestone));
        let weekends = all.iter().filter(|deadline| deadline.warning().is_some());
        weekends.map(|deadline| deadline.milestone.id()).collect::<Vec<_>>()
    };
    for (year, expected) in [
        (2025, vec!["CAL-02"]),
        (2026, vec!["CAL-01", "CAL-05", "CAL-10"]),
        (2027, vec!["CAL-01", "CAL-05", "CAL-10"]),
        (2028, vec![]),
        (2029, vec!["CAL-14"]),
        (2030, vec!["CAL-02", "CAL-14"]),
        (2031, vec!["CAL-02"]),
    ] {
        assert_eq!(on_weekends(year), expected, "{year}");
    }
    let warning = found(2027, Vec::new(), Milestone::Preliminary).warning().unwrap();
    assert!(warning.contains("(domingo)") && warning.contains("artículo 25"), "{warning}");
}

#[test]
fn a_ruling_stands_beside_the_legal_day() {
    let ruling = |due| {
        let milestone = Milestone::Preliminary;
        vec![Act::Ruling(Ruling { milestone, due, reason: "Oficio 200".into(), letter: None })]
    };
    let ruled = found(2027, ruling(date(2026, 11, 16)), Milestone::Preliminary);
    assert_eq!(ruled.legal, Some(date(2026, 11, 15)), "the text is not changed");
    assert_eq!(ruled.due(), Some(date(2026, 11, 16)));
    assert_eq!((ruled.warning(), ruled.rest_day()), (None, Some("domingo")));
    assert_eq!(ruled.rulings(), [date(2026, 11, 15), date(2026, 11, 16)]);
    assert_eq!(found(2028, Vec::new(), Milestone::Preliminary).rulings(), []);
    let stale = found(2027, ruling(date(2026, 11, 20)), Milestone::Preliminary);
    assert_eq!(stale.due(), Some(date(2026, 11, 15)), "of a day that is none of the two");
}

#[test]
fn observations_run_from_the_first_reception_and_nothing_else() {
    assert_eq!(found(2027, Vec::new(), Milestone::Observations).legal, None);
    let on = |day| found(2027, received(day), Milestone::Observations).legal;
    assert_eq!(on(date(2026, 11, 16)), Some(date(2026, 12, 1)));
    assert_eq!(on(date(2026, 12, 10)), Some(date(2026, 12, 25)), "late, and over a holiday");
    // Of a version that was sent without a letter, by its own reception.
    let version = |kind| {
        Act::Version(Version {
            kind,
            fingerprint: crate::process::Fingerprint::of(b""),
            seq: 1,
            rules_version: 1,
            findings: Vec::new(),
            letter: None,
            based_on: None,
        })
    };
    let reception = |of, on| Act::Received(Of { of, what: Reception { on, stamp: String::new() } });
    let acts = vec![
        version(VersionKind::Preliminary),
        reception(1, date(2026, 11, 17)),
        version(VersionKind::Preliminary),
        reception(3, date(2026, 11, 20)),
    ];
    assert_eq!(found(2027, acts, Milestone::Observations).legal, Some(date(2026, 12, 2)));
}

/// The case of Ñuble, 2024 (§4.1): in time by its date, late by its reception.
#[test]
fn dispatch_reception_and_delivery_are_three_days() {
    let mut budget =
        letter(crate::process::letter::LetterKind::ExploratoryBudget, "091", date(2024, 6, 28));
    budget.dispatch = None;
    budget.reception = Some(Reception { on: date(2024, 7, 2), stamp: String::new() });
    let late = found(2025, vec![Act::Letter(budget)], Milestone::ExploratoryBudget);
    let done = late.done.unwrap();
    assert_eq!((done.on, done.received), (date(2024, 6, 28), Some(date(2024, 7, 2))));
    assert_eq!((late.days_late(), late.days_received_late()), (None, Some(2)));
}

#[test]
fn the_agreed_calendar_never_takes_the_place_of_the_law() {
    let agreed = Act::AgreedCalendar(AgreedCalendar {
        on: date(2026, 4, 10),
        days: [
            (Milestone::Preliminary, date(2026, 11, 20)),
            (Milestone::SecondSession, date(2026, 9, 24)),
        ]
        .into(),
        note: String::new(),
    });
    let called = Act::Activity(Activity {
        milestone: Milestone::FirstSession,
        called: Some(date(2026, 8, 20)),
        held: Some(date(2026, 9, 3)),
        note: String::new(),
    });
    let acts = vec![agreed, called];
    let preliminary = found(2027, acts.clone(), Milestone::Preliminary);
    assert_eq!(preliminary.agreed, Some(date(2026, 11, 20)));
    assert_eq!(preliminary.due(), Some(date(2026, 11, 15)));
    let second = found(2027, acts.clone(), Milestone::SecondSession);
    assert_eq!((second.agreed, second.due()), (Some(date(2026, 9, 24)), None));
    // The Guía dates the convocation: held in September, convened in time.
    let first = found(2027, acts.clone(), Milestone::FirstSession);
    assert_eq!((first.done.unwrap().on, first.days_late()), (date(2026, 8, 20), None));
    assert!(found(2027, acts, Milestone::AgreedCalendar).done.is_some());
}

#[test]
fn years_out_of_reach_have_no_panic() {
    for year in [2019, 2099] {
        for milestone in Milestone::ALL {
            let _ = found(year, Vec::new(), milestone).warning();
        }
    }
}
