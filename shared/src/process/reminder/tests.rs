use super::*;
use crate::process::{letter::LetterKind, tests::Year};

fn grant(role: Role) -> Grant {
    Grant { role, region: role.is_regional().then(|| "01".into()) }
}

fn told(year: &Year, role: Role, sent: &BTreeSet<Sent>) -> Vec<(&'static str, i64)> {
    let found = reminders(&grant(role), [&year.process()], sent);
    found.iter().map(|one| (one.of.milestone.id(), one.of.distance)).collect()
}

/// The opening letter is due on 15 March and owed by Sercotec.
#[test]
fn the_days_on_which_somebody_is_reminded() {
    let mut year = Year::new();
    for (month, day, expected) in [
        (2, 27, None),
        // Its window opens on 1 March: nobody is told before.
        (2, 28, None),
        (3, 1, Some(15)),
        (3, 7, Some(15)),
        (3, 8, Some(7)),
        (3, 12, Some(3)),
        (3, 13, Some(3)),
        (3, 14, Some(1)),
        (3, 15, Some(0)),
        (3, 16, Some(-1)),
        (3, 21, Some(-1)),
        (3, 22, Some(-7)),
        (3, 29, Some(-14)),
        (4, 12, Some(-28)),
        (5, 30, Some(-28)),
    ] {
        year.on(month, day);
        let found = told(&year, Role::SercotecManager, &BTreeSet::new());
        let opening = found.iter().find(|one| one.0 == "CAL-01").map(|one| one.1);
        assert_eq!(opening, expected, "{day}.{month}.");
    }
}

#[test]
fn nothing_is_told_twice_and_a_nearer_day_is_told_again() {
    let mut year = Year::new();
    let mut sent = BTreeSet::new();
    let mut mails = Vec::new();
    for day in 1..=31 {
        year.on(3, day);
        let found = reminders(&grant(Role::SercotecManager), [&year.process()], &sent);
        if !found.is_empty() {
            mails.push(day);
        }
        sent.extend(found.iter().map(|one| one.of));
    }
    assert_eq!(mails, [1, 8, 12, 14, 15, 16, 22, 29]);
    // A clock that goes back tells nothing again.
    year.on(3, 9);
    assert_eq!(told(&year, Role::SercotecManager, &sent), []);
}

#[test]
fn who_owes_it_is_told_and_what_is_done_is_not() {
    let mut year = Year::new();
    year.on(3, 15);
    let none = BTreeSet::new();
    for role in Role::ALL {
        let is_told = !told(&year, role, &none).is_empty();
        let central = matches!(role, Role::SercotecManager | Role::SercotecReviewer);
        assert_eq!(is_told, central, "{role:?}");
    }
    let elsewhere = Grant { role: Role::SercotecReviewer, region: Some("05".into()) };
    assert_eq!(reminders(&elsewhere, [&year.process()], &none), []);
    year.sends(Role::SercotecManager, LetterKind::Opening, "120");
    assert_eq!(told(&year, Role::SercotecManager, &none), []);
    // What the region owes, by its own day.
    year.on(11, 12);
    assert!(told(&year, Role::GoreSignatory, &none).contains(&("CAL-10", 3)));
    assert!(!told(&year, Role::DrLeader, &none).iter().any(|one| one.0 == "CAL-10"));
}

#[test]
fn a_mail_says_what_and_where() {
    let mut year = Year::new();
    year.on(3, 14);
    let found = reminders(&grant(Role::SercotecManager), [&year.process()], &BTreeSet::new());
    let mail = mail("Carla", "https://focaliza.example.org", &found).unwrap();
    assert!(mail.subject.starts_with("Vence mañana: "), "{}", mail.subject);
    assert!(mail.subject.ends_with(" · Tarapacá 2027"), "{}", mail.subject);
    for line in [
        "Hola, Carla:",
        "Vence mañana: domingo 15 de marzo de 2026 (obligatorio).",
        "https://focaliza.example.org/proceso/01-2027",
        "Ningún plazo impide seguir escribiendo.",
    ] {
        assert!(mail.text.contains(line), "{line}: {}", mail.text);
    }
    assert_eq!(super::mail("Carla", "https://focaliza.example.org", &[]), None);
}
