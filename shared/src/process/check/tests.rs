//! What is refused, and that the rest is not.

use super::*;
use crate::{
    access::Role::{
        self, CoreSecretary, DrLeader, GoreCounterpart, GoreEditor, GoreSignatory, Observer,
        SercotecManager, SercotecReviewer,
    },
    norms::date,
    process::{
        Fingerprint, Milestone,
        act::{Activity, AmountBasis, Amounts, Of, Ruling},
        council::tests::approval,
        letter::{Attachment, Delivery, Reception},
        tests::{Year, amounts, letter, received, version},
        version::RecordedFinding,
    },
};

fn refused(year: &Year, role: Role, act: &Act) -> String {
    year.check(role, act).expect_err("it should be refused").to_string()
}

#[test]
fn the_same_letter_is_found_however_its_number_is_written() {
    let mut year = Year::new();
    let first = year.on(3, 15).sends(SercotecReviewer, LetterKind::Opening, "Oficio 054");
    let again = |number: &str, on| Act::Letter(letter(LetterKind::Opening, number, on));
    let same = again("54", date(2026, 3, 15));
    assert_eq!(year.check(SercotecReviewer, &same), Err(Refusal::Duplicate(first)));
    assert_eq!(
        refused(&year, SercotecReviewer, &same),
        "Ese oficio ya está registrado (acto 1): mismo emisor, número y fecha."
    );
    let other_day = again("54", date(2026, 3, 14));
    assert_eq!(year.check(SercotecReviewer, &other_day), Ok(()));
    let other_issuer = Act::Letter(letter(LetterKind::Other, "54", date(2026, 3, 15)));
    assert_eq!(year.check(GoreCounterpart, &other_issuer), Ok(()));
}

#[test]
fn the_days_of_a_letter_come_in_their_order() {
    let mut year = Year::new();
    year.on(3, 20);
    // A letter of a third body, which the region both registers and receives.
    let foreign = |change: &dyn Fn(&mut crate::process::letter::Letter)| {
        let mut foreign = letter(LetterKind::Other, "54", date(2026, 3, 13));
        (foreign.issuer, foreign.issuer_name) = (Institution::Other, "Subdere".into());
        change(&mut foreign);
        Act::Letter(foreign)
    };
    let reception = |day| Some(Reception { on: date(2026, 3, day), stamp: String::new() });
    let role = GoreCounterpart;
    let early = foreign(&|letter| letter.reception = reception(12));
    assert_eq!(year.check(role, &early), Err(Refusal::Order("recepción", "despacho")));
    let future = foreign(&|letter| letter.reception = reception(21));
    let today = date(2026, 3, 20);
    assert_eq!(year.check(role, &future), Err(Refusal::Future("recepción", today)));
    let postdated = foreign(&|letter| letter.date = date(2026, 3, 14));
    assert_eq!(year.check(role, &postdated), Err(Refusal::Order("despacho", "documento")));
    let delivered = foreign(&|letter| {
        letter.reception = reception(16);
        letter.delivery = Some(Delivery { on: date(2026, 3, 15), unit: "DIFOI".into() });
    });
    assert_eq!(year.check(role, &delivered), Err(Refusal::Order("entrega", "recepción")));
    let whole = foreign(&|letter| letter.reception = reception(16));
    assert_eq!(year.check(role, &whole), Ok(()));

    let of = year.sends(SercotecManager, LetterKind::Opening, "54");
    assert_eq!(
        year.check(role, &received(of, date(2026, 3, 12))),
        Err(Refusal::Order("recepción", "despacho"))
    );
    year.on(4, 8).does(role, received(of, date(2026, 4, 6)));
    let twice = received(of, date(2026, 4, 7));
    assert_eq!(year.check(role, &twice), Err(Refusal::AlreadyDone(of)));
    let what = Delivery { on: date(2026, 4, 8), unit: "Gabinete – DIFOI".into() };
    year.does(role, Act::Delivered(Of { of, what }));
    let done = year.process().deadline(Milestone::Opening).done.unwrap();
    assert_eq!(done.on, date(2026, 3, 20));
    assert_eq!(done.received, Some(date(2026, 4, 6)));
    assert_eq!(done.delivered, Some(date(2026, 4, 8)));
}

/// Sercotec's fifteen days do not begin because the region says so.
#[test]
fn only_the_side_that_receives_says_when() {
    let mut year = Year::new();
    year.on(11, 14);
    let mut preliminary = letter(LetterKind::Preliminary, "1501", date(2026, 11, 14));
    preliminary.reception = Some(Reception { on: date(2026, 11, 14), stamp: String::new() });
    let claimed = Act::Letter(preliminary.clone());
    let forbidden = Err(Refusal::Forbidden(Action::ReceiveAtCentre));
    assert_eq!(year.check(GoreSignatory, &claimed), forbidden);
    let of = year.sends(GoreSignatory, LetterKind::Preliminary, "1501");
    let correction = crate::process::act::Correction {
        of,
        act: Box::new(claimed),
        reason: "Se recibió.".into(),
    };
    assert_eq!(year.check(GoreSignatory, &Act::Correction(correction)), forbidden);
    assert_eq!(year.check(SercotecReviewer, &received(of, date(2026, 11, 14))), Ok(()));
}

/// The receipt of a version counts for itself, until a letter is there.
#[test]
fn a_letter_that_is_registered_later_says_more_than_the_receipt() {
    let mut year = Year::new();
    let sent = Act::Version(version(VersionKind::Preliminary, "a", None));
    let sent = year.on(11, 14).does(GoreSignatory, sent);
    year.does(SercotecReviewer, received(sent, date(2026, 11, 14)));
    let late = year.on(11, 18).sends(GoreSignatory, LetterKind::Preliminary, "1501");
    let process = year.process();
    let deadline = process.deadline(Milestone::Preliminary);
    let done = deadline.done.unwrap();
    assert_eq!((done.act, done.on, done.by_letter), (late, date(2026, 11, 18), true));
    assert_eq!((done.registered, done.received), (date(2026, 11, 18), Some(date(2026, 11, 14))));
    assert_eq!(deadline.days_late(), Some(3));
}

/// Sending again what was sent last is one submission; going back to an earlier one is another.
#[test]
fn the_same_content_again_is_the_same_submission() {
    let mut year = Year::new();
    year.on(11, 10);
    let content = |text| Act::Version(version(VersionKind::Preliminary, text, None));
    let first = year.does(GoreSignatory, content("a"));
    assert_eq!(year.check(GoreSignatory, &content("a")), Err(Refusal::AlreadyDone(first)));
    year.does(GoreSignatory, content("b"));
    assert_eq!(year.check(GoreSignatory, &content("a")), Ok(()));
}

#[test]
fn a_letter_says_what_it_must() {
    let mut year = Year::new();
    year.on(3, 13);
    let changed = |change: &dyn Fn(&mut crate::process::letter::Letter)| {
        let mut opening = letter(LetterKind::Opening, "54", date(2026, 3, 13));
        change(&mut opening);
        refused(&year, SercotecManager, &Act::Letter(opening))
    };
    assert_eq!(changed(&|letter| letter.number = " ".into()), "Falta indicar el número.");
    assert_eq!(
        changed(&|letter| letter.subject = "á".repeat(151)),
        "El texto de la materia supera los 150 caracteres."
    );
    let file = Attachment {
        sha256: Fingerprint::of(b""),
        bytes: 25_000_000,
        media_type: "application/pdf".into(),
        name: "oficio.pdf".into(),
    };
    assert_eq!(
        changed(&|letter| letter.attachments = vec![file.clone()]),
        "El archivo «oficio.pdf» pesa 25 MB; se admiten hasta 20 MB."
    );
    assert_eq!(
        changed(&|letter| letter.attachments = vec![file.clone(); 21]),
        "Se admiten hasta 20 archivos por acto."
    );
    assert_eq!(
        changed(&|letter| letter.instruments = vec!["nada".into()]),
        "«nada» no es un instrumento traspasado de ese año."
    );
    let mut forged = letter(LetterKind::Opening, "54", date(2026, 3, 13));
    forged.issuer = Institution::Gore;
    assert_eq!(
        refused(&year, GoreSignatory, &Act::Letter(forged)),
        "Ese tipo de oficio lo emite: Gerencia General de Sercotec."
    );
}

#[test]
fn roles_and_states_are_asked_first() {
    let mut year = Year::new();
    year.on(11, 14);
    let preliminary = Act::Version(version(VersionKind::Preliminary, "a", None));
    for role in [DrLeader, SercotecManager, GoreEditor, Observer] {
        assert_eq!(
            year.check(role, &preliminary),
            Err(Refusal::Forbidden(Action::SubmitPreliminary)),
            "{role:?}"
        );
    }
    let grant = Grant { role: GoreSignatory, region: Some("05".into()) };
    let process = year.process();
    let elsewhere = preliminary.check(&Context { process: &process, grant: &grant });
    assert_eq!(elsewhere, Err(Refusal::Forbidden(Action::SubmitPreliminary)));
    let adjusted = Act::Version(version(VersionKind::Adjusted, "a", None));
    assert_eq!(
        refused(&year, GoreSignatory, &adjusted),
        "El ejercicio está en el estado «Sin iniciar»; en él no corresponde enviar la focalización \
         ajustada."
    );
    // The region keeps the register of what it receives, and not Sercotec.
    let of = year.sends(SercotecManager, LetterKind::Opening, "54");
    let reception = received(of, date(2026, 11, 14));
    let forbidden = Err(Refusal::Forbidden(Action::ReceiveAtRegion));
    assert_eq!(year.check(SercotecManager, &reception), forbidden);
}

#[test]
fn only_the_signatory_sends_with_blocking_findings_and_says_why() {
    let mut year = Year::new();
    year.on(11, 14);
    let sent = |reason: &str| {
        let mut version = version(VersionKind::Preliminary, "a", None);
        version.findings.push(RecordedFinding {
            rule: "VAL-04".into(),
            severity: "block".into(),
            at: "focus".into(),
            message: "Falta Juntos.".into(),
            reason: reason.into(),
        });
        Act::Version(version)
    };
    let with = sent("Se agrega en la final.");
    let forbidden = Err(Refusal::Forbidden(Action::SubmitWithReasons));
    assert_eq!(year.check(GoreCounterpart, &with), forbidden);
    assert_eq!(year.check(GoreSignatory, &sent("")), Err(Refusal::Unexplained(1)));
    assert_eq!(year.check(GoreSignatory, &with), Ok(()));
}

#[test]
fn rulings_are_for_rest_days_and_name_one_of_two_days() {
    let mut year = Year::new();
    year.on(11, 10);
    let ruling = |milestone, due| {
        Act::Ruling(Ruling { milestone, due, reason: "Dictamen.".into(), letter: None })
    };
    let check = |act: &Act| year.check(SercotecManager, act);
    // 15 November 2026 is a Sunday, 30 December a Wednesday.
    assert_eq!(check(&ruling(Milestone::Preliminary, date(2026, 11, 15))), Ok(()));
    assert_eq!(check(&ruling(Milestone::Preliminary, date(2026, 11, 16))), Ok(()));
    assert_eq!(
        refused(&year, SercotecManager, &ruling(Milestone::Preliminary, date(2026, 11, 17))),
        "El criterio solo puede fijar la fecha legal (domingo 15 de noviembre de 2026) o el día hábil \
         siguiente (lunes 16 de noviembre de 2026)."
    );
    for milestone in [Milestone::Final, Milestone::Observations, Milestone::ThirdSession] {
        let nothing = check(&ruling(milestone, date(2026, 12, 31)));
        assert_eq!(nothing, Err(Refusal::NothingToRule), "{milestone:?}");
    }
}

#[test]
fn the_council_certifies_one_exact_version() {
    let mut year = Year::new();
    let proposal = Act::Version(version(VersionKind::Proposal, "a", None));
    let tabled = year.on(12, 18).does(GoreCounterpart, proposal);
    let mut decision = approval(tabled, Fingerprint::of(b"b"));
    let check = |decision: &crate::process::council::CouncilDecision| {
        year.check(CoreSecretary, &Act::Council(decision.clone()))
    };
    assert_eq!(check(&decision), Err(Refusal::OtherContent));
    decision.fingerprint = Fingerprint::of(b"a");
    assert_eq!(check(&decision), Ok(()));
    decision.votes.favour = 13;
    assert_eq!(check(&decision), Err(Refusal::Votes));
    let amended = Act::Version(version(VersionKind::Amended, "c", None));
    let missing = Err(Refusal::Missing("la versión que se enmienda"));
    assert_eq!(year.check(CoreSecretary, &amended), missing);
}

#[test]
fn amounts_are_of_instruments_that_exist() {
    let mut year = Year::new();
    year.on(12, 1);
    assert_eq!(year.check(SercotecManager, &amounts(AmountBasis::Preliminary, None)), Ok(()));
    let of = |name: &str, pesos: i64| {
        let pesos = [(name.to_owned(), pesos)].into();
        Act::Amounts(Amounts { basis: AmountBasis::Preliminary, pesos, letter: None })
    };
    let unknown = Err(Refusal::UnknownInstrument("gremios".into()));
    assert_eq!(year.check(SercotecManager, &of("gremios", 1)), unknown, "not transferred");
    let negative = Err(Refusal::OutOfRange("crece".into()));
    assert_eq!(year.check(SercotecManager, &of("crece", -1)), negative);
    assert_eq!(year.check(SercotecManager, &of("emprende", 1)), Ok(()), "a joint entry");
    let nowhere = Act::Amounts(Amounts {
        basis: AmountBasis::Preliminary,
        pesos: [("crece".to_owned(), 1)].into(),
        letter: Some(9),
    });
    assert_eq!(year.check(SercotecManager, &nowhere), Err(Refusal::NoSuchAct(9)));
}

#[test]
fn activities_are_meetings_and_sessions_that_happened() {
    let mut year = Year::new();
    year.on(8, 10);
    let activity = |milestone, called, held| {
        Act::Activity(Activity { milestone, called, held, note: String::new() })
    };
    let check = |act: &Act| year.check(DrLeader, act);
    let called = Some(date(2026, 8, 10));
    assert_eq!(check(&activity(Milestone::FirstSession, called, None)), Ok(()));
    assert!(check(&activity(Milestone::Final, called, None)).is_err());
    assert!(check(&activity(Milestone::FirstSession, None, None)).is_err());
    let tomorrow = Some(date(2026, 8, 11));
    assert!(matches!(
        check(&activity(Milestone::FirstSession, called, tomorrow)),
        Err(Refusal::Future(..))
    ));
}

/// Every refusal is a Spanish sentence that a person can read.
#[test]
fn refusals_are_sentences() {
    let refusals = [
        Refusal::TooManyActs,
        Refusal::NoSuchAct(3),
        Refusal::InUse(3),
        Refusal::Immutable,
        Refusal::Votes,
        Refusal::OtherContent,
        Refusal::Unexplained(1),
        Refusal::Unexplained(2),
        Refusal::NotExpired(date(2026, 12, 30)),
        Refusal::SentInTime(4),
        Refusal::FallbackDeclared,
        Refusal::NothingToRule,
        Refusal::Unknown,
    ];
    for refusal in refusals {
        let text = refusal.to_string();
        assert!(text.ends_with('.') && text.chars().next().is_some_and(char::is_uppercase));
        assert!(!text.contains("  "), "{text}");
    }
    for action in Action::ALL {
        let text = Refusal::Forbidden(action).to_string();
        assert!(text.starts_with("Tu rol no permite "), "{text}");
    }
}
