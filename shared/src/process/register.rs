//! The register as it is to be read: acts with their corrections, without those that were annulled.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    act::{
        Act, ActNumber, Activity, AgreedCalendar, AmountBasis, Amounts, Record, Remainders, Ruling,
    },
    council::CouncilDecision,
    letter::{Delivery, Dispatch, Letter, LetterKind, Reception},
    milestone::Milestone,
    version::{Version, VersionKind},
};
use crate::{calendar::legal_time::legal_date, ids::ExerciseId};

/// An act that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// When and by whom it was registered.
    pub record: &'a Record,
    /// What it says: its last correction, or itself.
    pub act: &'a Act,
}

/// The acts of an exercise.
#[derive(Debug, Clone)]
pub struct Register<'a> {
    /// Region and budget year.
    pub exercise: ExerciseId,
    records: &'a [Record],
    standing: BTreeMap<ActNumber, Standing<'a>>,
}

impl<'a> Register<'a> {
    /// Reads the acts, which are in the order of their numbers.
    #[must_use]
    pub fn new(exercise: ExerciseId, records: &'a [Record]) -> Self {
        let mut standing = BTreeMap::new();
        for record in records {
            match &record.act {
                Act::Annulment(annulment) => {
                    standing.remove(&annulment.of);
                }
                Act::Correction(correction) => {
                    if let Some(Standing { act, .. }) = standing.get_mut(&correction.of) {
                        *act = &*correction.act;
                    }
                }
                act => {
                    standing.insert(record.number, Standing { record, act });
                }
            }
        }
        Self { exercise, records, standing }
    }

    /// All acts as they were written, annulled ones too.
    #[must_use]
    pub fn records(&self) -> &'a [Record] {
        self.records
    }

    /// The acts that count, in the order in which they were registered.
    pub fn acts(&self) -> impl DoubleEndedIterator<Item = Standing<'a>> {
        self.standing.values().copied()
    }

    /// An act with its record, where it counts.
    #[must_use]
    pub fn standing(&self, number: ActNumber) -> Option<Standing<'a>> {
        self.standing.get(&number).copied()
    }

    /// An act, where it counts.
    #[must_use]
    pub fn act(&self, number: ActNumber) -> Option<&'a Act> {
        self.standing.get(&number).map(|standing| standing.act)
    }

    /// A letter by the number of its act.
    #[must_use]
    pub fn letter(&self, number: ActNumber) -> Option<&'a Letter> {
        match self.act(number) {
            Some(Act::Letter(letter)) => Some(letter),
            _ => None,
        }
    }

    /// The letters, with the numbers of their acts.
    pub fn letters(&self) -> impl DoubleEndedIterator<Item = (ActNumber, &'a Letter)> {
        self.acts().filter_map(|standing| match standing.act {
            Act::Letter(letter) => Some((standing.record.number, letter)),
            _ => None,
        })
    }

    /// The versions, with the numbers of their acts.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = (ActNumber, &'a Version)> {
        self.acts().filter_map(|standing| match standing.act {
            Act::Version(version) => Some((standing.record.number, version)),
            _ => None,
        })
    }

    /// The latest version of a kind.
    #[must_use]
    pub fn latest(&self, kind: VersionKind) -> Option<(ActNumber, &'a Version)> {
        self.versions().rfind(|(_, version)| version.kind == kind)
    }

    /// What the council decided, with the numbers of the acts.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = (ActNumber, &'a CouncilDecision)> {
        self.acts().filter_map(|standing| match standing.act {
            Act::Council(decision) => Some((standing.record.number, decision)),
            _ => None,
        })
    }

    /// The amounts of a kind that are in force.
    #[must_use]
    pub fn amounts(&self, basis: AmountBasis) -> Option<(ActNumber, &'a Amounts)> {
        self.acts().rev().find_map(|standing| match standing.act {
            Act::Amounts(amounts) if amounts.basis == basis => {
                Some((standing.record.number, amounts))
            }
            _ => None,
        })
    }

    /// What was left after the focus was applied, as counted last.
    #[must_use]
    pub fn remainders(&self) -> Option<&'a Remainders> {
        self.acts().rev().find_map(|standing| match standing.act {
            Act::Remainders(remainders) => Some(remainders),
            _ => None,
        })
    }

    /// The calendar agreed last.
    #[must_use]
    pub fn agreed_calendar(&self) -> Option<&'a AgreedCalendar> {
        self.acts().rev().find_map(|standing| match standing.act {
            Act::AgreedCalendar(calendar) => Some(calendar),
            _ => None,
        })
    }

    /// The ruling on a milestone's date.
    #[must_use]
    pub fn ruling(&self, milestone: Milestone) -> Option<(ActNumber, &'a Ruling)> {
        self.acts().rev().find_map(|standing| match standing.act {
            Act::Ruling(ruling) if ruling.milestone == milestone => {
                Some((standing.record.number, ruling))
            }
            _ => None,
        })
    }

    /// What was called or held, with the numbers of the acts.
    pub fn activities(&self) -> impl DoubleEndedIterator<Item = (ActNumber, &'a Activity)> {
        self.acts().filter_map(|standing| match standing.act {
            Act::Activity(activity) => Some((standing.record.number, activity)),
            _ => None,
        })
    }

    /// When a letter left.
    #[must_use]
    pub fn dispatch(&self, letter: ActNumber) -> Option<&'a Dispatch> {
        let own = self.letter(letter).and_then(|letter| letter.dispatch.as_ref());
        own.or_else(|| {
            self.acts().find_map(|standing| match standing.act {
                Act::Dispatched(act) if act.of == letter => Some(&act.what),
                _ => None,
            })
        })
    }

    /// When a letter or version came: its own reception, or that of the letter that it goes with.
    #[must_use]
    pub fn reception(&self, of: ActNumber) -> Option<&'a Reception> {
        let own = self.letter(of).and_then(|letter| letter.reception.as_ref());
        let registered = || {
            self.acts().find_map(|standing| match standing.act {
                Act::Received(act) if act.of == of => Some(&act.what),
                _ => None,
            })
        };
        own.or_else(registered).or_else(|| match self.act(of)? {
            Act::Version(version) => self.reception(version.letter?),
            _ => None,
        })
    }

    /// When a letter reached those who work on it.
    #[must_use]
    pub fn delivery(&self, letter: ActNumber) -> Option<&'a Delivery> {
        let own = self.letter(letter).and_then(|letter| letter.delivery.as_ref());
        own.or_else(|| {
            self.acts().find_map(|standing| match standing.act {
                Act::Delivered(act) if act.of == letter => Some(&act.what),
                _ => None,
            })
        })
    }

    /// When Sercotec first received a preliminary: the day from which its fifteen days run.
    #[must_use]
    pub fn preliminary_received(&self) -> Option<NaiveDate> {
        let letters = self
            .letters()
            .filter(|(_, letter)| letter.kind == LetterKind::Preliminary)
            .map(|(number, _)| number);
        let versions = self
            .versions()
            .filter(|(_, version)| version.kind == VersionKind::Preliminary)
            .map(|(number, _)| number);
        letters
            .chain(versions)
            .filter_map(|of| self.reception(of))
            .map(|reception| reception.on)
            .min()
    }

    /// The regional legal date on which an act was registered.
    #[must_use]
    pub fn registered_on(&self, record: &Record) -> NaiveDate {
        legal_date(record.at, self.exercise.region())
    }

    /// How many acts this version of the program does not know: a fold over them may be wrong, and
    /// the screen says so.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.acts().filter(|standing| *standing.act == Act::Unknown).count()
    }
}
