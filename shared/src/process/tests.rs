//! Whole years, act by act, each one checked before it is registered.

mod nothing_sent;
mod reading;
mod whole_year;

use chrono::NaiveDate;

use super::{
    act::{Act, ActNumber, AmountBasis, Amounts, Author, Of, Record},
    check::{Context, Refusal},
    letter::{Channel, Dispatch, Letter, LetterKind, Official, Reception},
    milestone::Institution,
    version::{Version, VersionKind},
    *,
};
use crate::{
    access::{Grant, Role},
    ids::ExerciseId,
    norms::date,
};

/// Noon by the clock of UTC: the same day everywhere in Chile.
pub(super) fn noon(year: i32, month: u32, day: u32) -> UtcMillis {
    date(year, month, day).and_hms_opt(15, 0, 0).unwrap().and_utc().timestamp_millis()
}

/// A letter that left on its date.
pub(super) fn letter(kind: LetterKind, number: &str, on: NaiveDate) -> Letter {
    let official = |name: &str| Official { name: name.into(), ..Official::default() };
    Letter {
        kind,
        number: number.into(),
        issuer: kind.issuer().unwrap_or(Institution::Gore),
        issuer_name: String::new(),
        signatory: official("Marta Rojas"),
        addressee: official("Iván Pérez"),
        subject: kind.label().into(),
        date: on,
        signed: None,
        dispatch: Some(Dispatch { on, channel: Channel::DocDigital }),
        reception: None,
        delivery: None,
        attachments: Vec::new(),
        instruments: Vec::new(),
    }
}

pub(super) fn version(kind: VersionKind, content: &str, letter: Option<ActNumber>) -> Version {
    Version {
        kind,
        fingerprint: Fingerprint::of(content.as_bytes()),
        seq: 1,
        rules_version: crate::rules::RULES_VERSION,
        findings: Vec::new(),
        letter,
        based_on: None,
    }
}

pub(super) fn received(of: ActNumber, on: NaiveDate) -> Act {
    Act::Received(Of { of, what: Reception { on, stamp: "77".into() } })
}

pub(super) fn amounts(basis: AmountBasis, letter: Option<ActNumber>) -> Act {
    let pesos = [("crece".to_owned(), 523_429_000), ("juntos".to_owned(), 84_389_000)].into();
    Act::Amounts(Amounts { basis, pesos, letter })
}

/// An exercise of Tarapacá for 2027, on a day that the test sets.
pub(super) struct Year {
    pub(super) records: Vec<Record>,
    pub(super) now: UtcMillis,
    pub(super) previous: Option<Previous>,
}

impl Year {
    pub(super) fn new() -> Self {
        Self { records: Vec::new(), now: noon(2026, 3, 1), previous: None }
    }

    pub(super) fn id() -> ExerciseId {
        ExerciseId::new("01", 2027).unwrap()
    }

    /// The test goes on, on that day of 2026, or of 2027 in January.
    pub(super) fn on(&mut self, month: u32, day: u32) -> &mut Self {
        let year = if month == 1 { 2027 } else { 2026 };
        self.now = noon(year, month, day);
        self
    }

    pub(super) fn process(&self) -> Process<'_> {
        Process::new(Self::id(), &self.records, self.now, self.previous)
    }

    pub(super) fn state(&self) -> State {
        self.process().state
    }

    pub(super) fn check(&self, role: Role, act: &Act) -> Result<(), Refusal> {
        let region = role.is_regional().then(|| "01".to_owned());
        let grant = Grant { role, region };
        act.check(&Context { process: &self.process(), grant: &grant })
    }

    /// Somebody registers an act, if it may be registered.
    pub(super) fn try_do(&mut self, role: Role, act: Act) -> Result<ActNumber, Refusal> {
        self.check(role, &act)?;
        let number = u32::try_from(self.records.len()).unwrap() + 1;
        let author = Author { user: 1, name: "Ana".into(), role, is_acting: false };
        self.records.push(Record { number, at: self.now, author, act });
        Ok(number)
    }

    #[track_caller]
    pub(super) fn does(&mut self, role: Role, act: Act) -> ActNumber {
        self.try_do(role, act).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    #[track_caller]
    pub(super) fn sends(&mut self, role: Role, kind: LetterKind, number: &str) -> ActNumber {
        let today = self.process().today;
        self.does(role, Act::Letter(letter(kind, number, today)))
    }
}
