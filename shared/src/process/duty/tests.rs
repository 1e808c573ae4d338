use super::*;
use crate::{
    access::Role::{GoreSignatory, SercotecManager},
    norms::date,
    process::{letter::LetterKind, tests::Year},
};

fn listed(year: &Year) -> Vec<(&'static str, String)> {
    let all = duties(&year.process());
    all.iter().map(|duty| (duty.deadline.milestone.id(), duty.time())).collect()
}

#[test]
fn the_list_in_march() {
    let mut year = Year::new();
    year.on(3, 10);
    let list = listed(&year);
    let first: Vec<_> = list.iter().map(|(id, time)| (*id, time.as_str())).take(4).collect();
    assert_eq!(
        first,
        [
            ("CAL-01", "Faltan 5 días"),
            ("CAL-05", "Faltan 173 días"),
            ("CAL-09", "Faltan 250 días"),
            ("CAL-12", "Faltan 266 días")
        ]
    );
    let all: Vec<_> = list.iter().map(|(id, _)| *id).collect();
    assert_eq!(all.len(), 16, "a notice and the fallback are owed by nobody yet");
    let time = |id| &list.iter().find(|(found, _)| *found == id).unwrap().1;
    assert_eq!(time("CAL-10"), "Aún no se abre el plazo");
    assert_eq!(time("CAL-11"), "A la espera");
    assert_eq!(time("CAL-17"), "A la espera");
    assert_eq!(time("CAL-03"), "Sin plazo");
}

#[test]
fn time_is_told_as_people_say_it() {
    let mut year = Year::new();
    for (day, expected) in [
        (13, "Faltan 2 días"),
        (14, "Vence mañana"),
        (15, "Vence hoy"),
        (16, "Venció hace 1 día"),
        (20, "Venció hace 5 días"),
    ] {
        year.on(3, day);
        let opening = duties(&year.process()).into_iter().next().unwrap();
        assert_eq!(
            (opening.deadline.milestone, opening.time()),
            (Milestone::Opening, expected.into())
        );
    }
    year.sends(SercotecManager, LetterKind::Opening, "54");
    let all = duties(&year.process());
    let opening = all.iter().find(|duty| duty.deadline.milestone == Milestone::Opening).unwrap();
    assert_eq!(opening.time(), "Hecho con 5 días de atraso");
    assert_eq!(opening.missing, ["Falta registrar la recepción."]);
}

#[test]
fn duties_say_who_owes_and_how_far_it_binds() {
    let year = Year::new();
    for duty in duties(&year.process()) {
        let milestone = duty.deadline.milestone;
        assert_eq!(duty.is_mandatory, milestone.source().strength().binding());
        if milestone != Milestone::CouncilApproval {
            assert_eq!(duty.owed_by, milestone.owed_by());
        }
    }
}

#[test]
fn what_comes_before_a_final_that_was_sent_is_owed_no_more() {
    let mut year = Year::new();
    year.on(12, 20).sends(GoreSignatory, LetterKind::Final, "9");
    let all = duties(&year.process());
    let status =
        |milestone| all.iter().find(|duty| duty.deadline.milestone == milestone).unwrap().status;
    assert_eq!(status(Milestone::Preliminary), Status::Moot);
    assert_eq!(status(Milestone::ClosingReports), Status::Open { days_left: None });
    let done = Status::Done { on: date(2026, 12, 20), days_late: None };
    assert_eq!(status(Milestone::Final), done);
    let council = status(Milestone::CouncilApproval);
    assert_eq!(council, Status::Open { days_left: Some(10) }, "the approval is still missing");
}
