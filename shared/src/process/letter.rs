//! Official letters (*oficios*): what the register keeps of each (§1.5.2), what it is for, and which
//! two entries are the same letter.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    milestone::{Institution, Milestone},
    sha256::Fingerprint,
};
use crate::{calendar::legal_time::UtcMillis, fold::fold};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// *Oficio conductor*, which opens the exercise.
    Opening,
    /// With the exploratory budget of June.
    ExploratoryBudget,
    /// With the preliminary.
    Preliminary,
    /// With Sercotec's observations.
    Observations,
    /// With the preliminary amounts of December.
    PreliminaryAmounts,
    /// The *Gobernador(a)* asks the council to put the final on its *tabla*.
    CouncilRequest,
    /// With the final and the approval of the council.
    Final,
    /// Sercotec asks to adjust the final, for some instruments.
    AdjustmentNotice,
    /// With the adjusted final.
    Adjusted,
    /// Sercotec tells that the focus of the year before is executed.
    FallbackNotice,
    /// Anything else; also what a later version knows and this one does not.
    #[serde(other)]
    Other,
}

impl LetterKind {
    /// All kinds, in the order of the year.
    pub const ALL: [Self; 11] = [
        Self::Opening,
        Self::ExploratoryBudget,
        Self::Preliminary,
        Self::Observations,
        Self::PreliminaryAmounts,
        Self::CouncilRequest,
        Self::Final,
        Self::AdjustmentNotice,
        Self::Adjusted,
        Self::FallbackNotice,
        Self::Other,
    ];

    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opening => "Oficio de inicio",
            Self::ExploratoryBudget => "Oficio con el presupuesto exploratorio",
            Self::Preliminary => "Oficio con la focalización preliminar",
            Self::Observations => "Oficio con las observaciones",
            Self::PreliminaryAmounts => "Oficio con los montos preliminares",
            Self::CouncilRequest => "Oficio que pide poner en tabla del CORE",
            Self::Final => "Oficio con la focalización final",
            Self::AdjustmentNotice => "Oficio de ajuste",
            Self::Adjusted => "Oficio con la focalización ajustada",
            Self::FallbackNotice => "Oficio sobre la focalización del año anterior",
            Self::Other => "Otro oficio",
        }
    }

    /// The milestone that it satisfies.
    #[must_use]
    pub const fn milestone(self) -> Option<Milestone> {
        match self {
            Self::Opening => Some(Milestone::Opening),
            Self::ExploratoryBudget => Some(Milestone::ExploratoryBudget),
            Self::Preliminary => Some(Milestone::Preliminary),
            Self::Observations => Some(Milestone::Observations),
            Self::PreliminaryAmounts => Some(Milestone::PreliminaryAmounts),
            Self::Final => Some(Milestone::Final),
            Self::AdjustmentNotice => Some(Milestone::AdjustmentNotice),
            Self::FallbackNotice => Some(Milestone::Fallback),
            Self::CouncilRequest | Self::Adjusted | Self::Other => None,
        }
    }

    /// Who writes it; `None` where anybody may.
    #[must_use]
    pub const fn issuer(self) -> Option<Institution> {
        match self {
            Self::Opening
            | Self::ExploratoryBudget
            | Self::Observations
            | Self::PreliminaryAmounts
            | Self::AdjustmentNotice
            | Self::FallbackNotice => Some(Institution::GeneralManagement),
            Self::Preliminary | Self::CouncilRequest | Self::Final | Self::Adjusted => {
                Some(Institution::Gore)
            }
            Self::Other => None,
        }
    }
}

/// Who signs or is addressed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Official {
    /// The person's name.
    pub name: String,
    /// The person's post.
    #[serde(default)]
    pub post: String,
    /// Whether the person stands in for its holder: *(S)*, *subrogante*.
    #[serde(default)]
    pub is_acting: bool,
}

/// How a letter travelled. Offices write the same channel in many ways; here each is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// DocDigital.
    DocDigital,
    /// By e-mail.
    Email,
    /// On paper, by post or by hand.
    Paper,
    /// Any other.
    #[serde(other)]
    Other,
}

impl Channel {
    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::DocDigital => "DocDigital",
            Self::Email => "Correo electrónico",
            Self::Paper => "Papel",
            Self::Other => "Otro medio",
        }
    }
}

/// It left the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dispatch {
    /// The day.
    pub on: NaiveDate,
    /// How.
    pub channel: Channel,
}

/// The addressee's office has it. Terms that run from a reception run from this day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reception {
    /// The day.
    pub on: NaiveDate,
    /// The number that the receiving office stamped on it.
    #[serde(default)]
    pub stamp: String,
}

/// The people who work on it have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// The day.
    pub on: NaiveDate,
    /// The unit that it was derived to: DIFOI, Gabinete.
    pub unit: String,
}

/// A file that belongs to an act. The server keeps its content by this fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// SHA-256 of the content.
    pub sha256: Fingerprint,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, found in the content and not in the name: `application/pdf`.
    pub media_type: String,
    /// The name that the person gave it.
    pub name: String,
}

/// An official letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Letter {
    /// What it is for.
    pub kind: LetterKind,
    /// Its number (*folio*), as its office writes it.
    pub number: String,
    /// Who writes it.
    pub issuer: Institution,
    /// The issuer's name, where [`Institution`] does not say it.
    #[serde(default)]
    pub issuer_name: String,
    /// Who signs it.
    pub signatory: Official,
    /// Whom it is for.
    pub addressee: Official,
    /// *Materia*.
    pub subject: String,
    /// The date that it bears. It may be another day than that of signature or dispatch (CON-18).
    pub date: NaiveDate,
    /// When it was signed: milliseconds since 1970 (UTC).
    #[serde(default)]
    pub signed: Option<UtcMillis>,
    /// When it left, where that is known yet.
    #[serde(default)]
    pub dispatch: Option<Dispatch>,
    /// When it came, where that is known yet.
    #[serde(default)]
    pub reception: Option<Reception>,
    /// When it reached those who work on it, where that is known yet.
    #[serde(default)]
    pub delivery: Option<Delivery>,
    /// The letter itself and its annexes.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The instruments that it concerns; of use for the notice of adjustment, which is made per
    /// instrument (OBS-08). Empty for all.
    #[serde(default)]
    pub instruments: Vec<String>,
}

impl Letter {
    /// What makes two entries the same letter: the same is often registered twice, once from the
    /// e-mail and once from the paper.
    #[must_use]
    pub fn identity(&self) -> (Institution, String, String, NaiveDate) {
        (self.issuer, fold(&self.issuer_name), plain_number(&self.number), self.date)
    }
}

/// A letter's number without what offices write around it: «Oficio N° 054» and «54» are one.
fn plain_number(number: &str) -> String {
    // The sign of the ordinal counts as a letter: «Nº54».
    let folded = fold(&number.replace('º', " "));
    let words = folded.split(' ').filter(|word| {
        !matches!(*word, "oficio" | "of" | "ord" | "ordinario" | "n" | "no" | "nro" | "numero")
    });
    let bare = words.map(|word| word.trim_start_matches('0')).collect::<Vec<_>>();
    bare.join(" ")
}

/// Days after the deadline, or `None` where it was kept.
#[must_use]
pub fn days_late(due: NaiveDate, done: NaiveDate) -> Option<u32> {
    u32::try_from((done - due).num_days()).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::date;

    #[test]
    fn numbers_are_one_however_offices_write_them() {
        for written in ["054", "54", "Oficio N° 054", "ORD. Nº54", "Of. 54", "OFICIO 0054"] {
            assert_eq!(plain_number(written), "54", "{written}");
        }
        assert_ne!(plain_number("54/2024"), plain_number("54"));
        assert_ne!(plain_number("54-A"), plain_number("54"));
    }

    #[test]
    fn late_is_after_the_day() {
        let due = date(2026, 11, 29);
        assert_eq!(days_late(due, due), None);
        assert_eq!(days_late(due, date(2026, 11, 14)), None);
        assert_eq!(days_late(due, date(2026, 12, 2)), Some(3));
    }

    #[test]
    fn a_kind_of_a_later_version_is_another_letter() {
        let kind: LetterKind = serde_json::from_str("\"extension_request\"").unwrap();
        assert_eq!(kind, LetterKind::Other);
        let known: LetterKind = serde_json::from_str("\"council_request\"").unwrap();
        assert_eq!(known, LetterKind::CouncilRequest);
        let channel: Channel = serde_json::from_str("\"pigeon\"").unwrap();
        assert_eq!(channel, Channel::Other);
    }

    #[test]
    fn each_milestone_of_a_letter_is_owed_by_its_issuer() {
        for kind in LetterKind::ALL {
            if let Some(milestone) = kind.milestone() {
                assert_eq!(kind.issuer(), Some(milestone.owed_by()), "{kind:?}");
            }
        }
    }
}
