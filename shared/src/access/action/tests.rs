//! The table, written a second time by hand: one line per action with its roles and its states.

use super::*;

/// Roles: C counterpart, E editor and S signatory of the regional government; L leader, D director and
/// P professional of the *Dirección Regional*; R reviewer and M manager of Sercotec; A secretary and
/// K member of the council; O observer.
const ROLES: [(char, Role); 11] = [
    ('C', Role::GoreCounterpart),
    ('E', Role::GoreEditor),
    ('S', Role::GoreSignatory),
    ('L', Role::DrLeader),
    ('D', Role::DrDirector),
    ('P', Role::DrEditor),
    ('R', Role::SercotecReviewer),
    ('M', Role::SercotecManager),
    ('A', Role::CoreSecretary),
    ('K', Role::CoreMember),
    ('O', Role::Observer),
];

/// The twenty states, one letter each in their order: a to t.
const STATES: &str = "abcdefghijklmnopqrst";

/// a draft, b opened, c exploratory budget, d diagnosis, e vocations, f preliminary draft, g sent,
/// h under observation, i observed, j amounts, k council pending, l approved, m final incomplete,
/// n final sent, o adjustment, p resent, q accepted, r fallback, s closed, t reported.
const TABLE: [(Action, &str, &str); 27] = [
    (Action::Read, "CESLDPRMAKO", "abcdefghijklmnopqrst"),
    (Action::RegisterRegionalLetter, "CS", "abcdefghijklmnopqrst"),
    (Action::RegisterCentralLetter, "RM", "abcdefghijklmnopqrst"),
    (Action::ReceiveAtRegion, "CS", "abcdefghijklmnopqrst"),
    (Action::ReceiveAtCentre, "RM", "abcdefghijklmnopqrst"),
    (Action::Rule, "M", "abcdefghijklmnopqr"),
    (Action::AgreeCalendar, "CLD", "abcdefghijkl"),
    (Action::RecordActivity, "CELDP", "abcdefghijkl"),
    (Action::Propose, "CS", "abcdefghijklmnopr"),
    (Action::SubmitPreliminary, "CS", "abcdefghijkl"),
    (Action::SubmitFinal, "CS", "abcdefghijklmnr"),
    (Action::SubmitAdjusted, "CS", "o"),
    (Action::SubmitWithReasons, "S", "abcdefghijklmnopr"),
    (Action::DraftObservations, "RM", "ghijklmnop"),
    (Action::Observe, "M", "ghijklmnop"),
    (Action::InformAmounts, "M", "abcdefghijklmnopqr"),
    (Action::RecordCouncil, "A", "abcdefghijklmnopr"),
    (Action::Amend, "A", "abcdefghijklmnopr"),
    (Action::RequestAdjustment, "M", "mnp"),
    (Action::Accept, "RM", "mnp"),
    (Action::DeclareFallback, "M", "abcdefghijklmnr"),
    (Action::RecordRemainders, "RM", "qrst"),
    (Action::ReportAsGore, "CS", "mnopqrst"),
    (Action::ReportAsRegionalOffice, "LD", "mnopqrst"),
    (Action::ReportAsCentre, "RM", "mnopqrst"),
    (Action::Close, "M", "qr"),
    (Action::AdministerPeople, "CLM", "abcdefghijklmnopqrst"),
];

/// Every role, action, region and state.
#[test]
fn the_table_is_as_written() {
    let here = ExerciseId::new("01", 2027).unwrap();
    let there = ExerciseId::new("05", 2027).unwrap();
    let mut combinations = 0;
    for (listed, (action, roles, states)) in Action::ALL.into_iter().zip(TABLE) {
        assert_eq!(listed, action, "the lists are in one order");
        for (letter, role) in ROLES {
            for (state, name) in State::ALL.into_iter().zip(STATES.chars()) {
                let expected = roles.contains(letter) && states.contains(name);
                let own = Grant { role, region: Some("01".into()) };
                assert_eq!(own.may(action, here, state), expected, "{role:?} {action:?} {state:?}");
                assert!(!own.may(action, there, state), "{role:?} {action:?} {state:?}");
                let all = Grant { role, region: None };
                for exercise in [here, there] {
                    assert_eq!(all.may(action, exercise, state), expected);
                }
                combinations += 4;
            }
        }
    }
    assert_eq!(combinations, 27 * 11 * 20 * 4);
    assert_eq!(ROLES.map(|(_, role)| role), Role::ALL);
    assert_eq!(STATES.len(), State::ALL.len());
}

/// Product role table of `requirements.md` §1.4.2.
#[test]
fn nobody_of_sercotec_submits_and_only_the_secretary_certifies() {
    use Action::{
        RecordCouncil, SubmitAdjusted, SubmitFinal, SubmitPreliminary, SubmitWithReasons,
    };
    for role in Role::ALL {
        let is_gore = role.as_str().starts_with("gore");
        for action in [SubmitPreliminary, SubmitFinal, SubmitAdjusted, SubmitWithReasons] {
            assert!(is_gore || !action.roles().contains(&role), "{role:?} {action:?}");
        }
    }
    assert_eq!(RecordCouncil.roles(), [Role::CoreSecretary]);
}
