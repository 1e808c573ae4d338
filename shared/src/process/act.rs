//! The official acts of an exercise. An act is written once and never changed; a later one corrects or
//! annuls it.
//!
//! Acts are stored and sent as JSON. Their names are stable, fields are only added and then optional,
//! and a device with an older build reads what it does not know as [`Act::Unknown`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    council::CouncilDecision,
    letter::{Attachment, Delivery, Dispatch, Letter, Reception},
    milestone::Milestone,
    version::Version,
};
use crate::{access::Role, calendar::legal_time::UtcMillis};

/// The place of an act in the register of its exercise: 1, 2, 3… without gaps.
pub type ActNumber = u32;

/// Who did an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// Identity of the account.
    pub user: i64,
    /// The person's name.
    pub name: String,
    /// The role in which the person did it.
    pub role: Role,
    /// Whether the person stood in for the holder of the post.
    #[serde(default)]
    pub is_acting: bool,
}

/// An act in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Its place.
    pub number: ActNumber,
    /// The server's time: milliseconds since 1970 (UTC).
    pub at: UtcMillis,
    /// Who did it.
    pub author: Author,
    /// What was done.
    #[serde(deserialize_with = "known_or_not")]
    pub act: Act,
}

/// An act with anything in it that this version does not know (a kind, a milestone) is unknown as a
/// whole, and never keeps the others from being read.
fn known_or_not<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Act, D::Error> {
    let json = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(json).unwrap_or(Act::Unknown))
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// A letter is entered into the register.
    Letter(Letter),
    /// A registered letter left its issuer.
    Dispatched(Of<Dispatch>),
    /// A registered letter, or a version without one, came to its addressee.
    Received(Of<Reception>),
    /// A registered letter reached those who work on it.
    Delivered(Of<Delivery>),
    /// How a date that falls on a rest day is read.
    Ruling(Ruling),
    /// The calendar that region and *Dirección Regional* agreed; takes the place of an earlier one.
    AgreedCalendar(AgreedCalendar),
    /// A meeting, session or activity was called or held.
    Activity(Activity),
    /// A version was fixed; those to be sent are sent with it.
    Version(Version),
    /// Sercotec's observations on a version are published.
    Observations(Observations),
    /// Amounts per instrument; take the place of earlier ones of their kind.
    Amounts(Amounts),
    /// The council decided.
    Council(CouncilDecision),
    /// Sercotec goes on with the final as it is.
    Acceptance(Remark),
    /// Sercotec declares that none was sent, and that the focus of the year before is executed.
    Fallback(Remark),
    /// What was left per instrument after the focus was applied (REM-01): a record for the next
    /// year. A later one takes its place.
    Remainders(Remainders),
    /// A report after the exercise.
    Report(ClosingReport),
    /// The exercise is over.
    Closing(Remark),
    /// An act is to be read as another one of its type.
    Correction(Correction),
    /// An act does not count.
    Annulment(Annulment),
    /// What a later version of the program knows.
    #[serde(other)]
    Unknown,
}

/// Something that happened to what an earlier act brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Of<T> {
    /// The earlier act.
    pub of: ActNumber,
    /// What happened.
    #[serde(flatten)]
    pub what: T,
}

/// An authority's reading of a date that falls on a rest day. No text moves it (Ley 19.880, art. 25,
/// may or may not apply), so that only a person does, and says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ruling {
    /// The milestone.
    pub milestone: Milestone,
    /// The day on which it is due: the legal one, or the next business day.
    pub due: NaiveDate,
    /// Why.
    pub reason: String,
    /// The letter that says so.
    #[serde(default)]
    pub letter: Option<ActNumber>,
}

/// Days that region and *Dirección Regional* agreed. They stand beside the legal ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgreedCalendar {
    /// The day of the agreement.
    pub on: NaiveDate,
    /// What is to happen when.
    pub days: BTreeMap<Milestone, NaiveDate>,
    /// Anything else that was agreed.
    #[serde(default)]
    pub note: String,
}

/// A meeting, session or activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Activity {
    /// Which one.
    pub milestone: Milestone,
    /// When it was called; the Guía's date for the first session is about this.
    #[serde(default)]
    pub called: Option<NaiveDate>,
    /// When it was held.
    #[serde(default)]
    pub held: Option<NaiveDate>,
    /// What is to be kept of it.
    #[serde(default)]
    pub note: String,
}

/// Observations that were published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observations {
    /// The version that they are about.
    pub version: ActNumber,
    /// How many.
    pub count: u32,
    /// The letter that they go with.
    #[serde(default)]
    pub letter: Option<ActNumber>,
}

/// Which amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AmountBasis {
    /// *Presupuesto exploratorio*, of June.
    Exploratory,
    /// *Montos preliminares*, of December.
    Preliminary,
}

impl AmountBasis {
    /// The milestone that informing them satisfies.
    #[must_use]
    pub const fn milestone(self) -> Milestone {
        match self {
            Self::Exploratory => Milestone::ExploratoryBudget,
            Self::Preliminary => Milestone::PreliminaryAmounts,
        }
    }
}

/// Amounts that Sercotec informs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Amounts {
    /// Which ones.
    pub basis: AmountBasis,
    /// Pesos by the id of the instrument.
    pub pesos: BTreeMap<String, i64>,
    /// The letter that they come with.
    #[serde(default)]
    pub letter: Option<ActNumber>,
}

/// What was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Remainders {
    /// Pesos by the id of the instrument.
    pub pesos: BTreeMap<String, i64>,
    /// The day on which it was counted.
    pub on: NaiveDate,
    /// What is to be said of it.
    #[serde(default)]
    pub note: String,
}

/// What somebody has to say with a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Remark {
    /// In Spanish.
    pub note: String,
    /// The letter that says so.
    #[serde(default)]
    pub letter: Option<ActNumber>,
}

/// Who reports after an exercise (§1.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Of the regional government (INF-01).
    Gore,
    /// Of the *Dirección Regional* (INF-02).
    RegionalOffice,
    /// Of the *Gerencia de Regiones*, with what the others say (INF-05).
    RegionsManagement,
    /// The survey of those who took part (INF-04).
    #[serde(other)]
    Survey,
}

impl ReportKind {
    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gore => "Informe del Gobierno Regional",
            Self::RegionalOffice => "Informe de la Dirección Regional",
            Self::RegionsManagement => "Informe de la Gerencia de Regiones",
            Self::Survey => "Encuesta a participantes",
        }
    }
}

/// A report after the exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClosingReport {
    /// Whose.
    pub kind: ReportKind,
    /// Its date.
    pub on: NaiveDate,
    /// The file.
    #[serde(default)]
    pub attachment: Option<Attachment>,
}

/// Another reading of an earlier act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Correction {
    /// The act.
    pub of: ActNumber,
    /// What it is read as.
    pub act: Box<Act>,
    /// Why.
    pub reason: String,
}

/// An earlier act does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Annulment {
    /// The act.
    pub of: ActNumber,
    /// Why.
    pub reason: String,
}

impl Act {
    /// What the screen calls it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Letter(letter) => letter.kind.label(),
            Self::Dispatched(_) => "Despacho",
            Self::Received(_) => "Recepción",
            Self::Delivered(_) => "Entrega a la unidad",
            Self::Ruling(_) => "Criterio sobre un plazo",
            Self::AgreedCalendar(_) => "Calendario acordado",
            Self::Activity(activity) => activity_label(activity),
            Self::Version(version) => version.kind.label(),
            Self::Observations(_) => "Observaciones de Sercotec",
            Self::Amounts(amounts) => amounts.basis.milestone().label(),
            Self::Council(decision) if decision.is_approved => "Aprobación del CORE",
            Self::Council(_) => "Rechazo del CORE",
            Self::Acceptance(_) => "Conformidad de Sercotec",
            Self::Fallback(_) => "Se ejecuta la focalización del año anterior",
            Self::Remainders(_) => "Remanentes",
            Self::Report(report) => report.kind.label(),
            Self::Closing(_) => "Cierre del ejercicio",
            Self::Correction(_) => "Rectificación",
            Self::Annulment(_) => "Anulación",
            Self::Unknown => "Acto de una versión más nueva",
        }
    }

    /// The milestone that it is about.
    #[must_use]
    pub fn milestone(&self) -> Option<Milestone> {
        match self {
            Self::Letter(letter) => letter.kind.milestone(),
            Self::Version(version) => version.kind.milestone(),
            Self::Ruling(ruling) => Some(ruling.milestone),
            Self::AgreedCalendar(_) => Some(Milestone::AgreedCalendar),
            Self::Activity(activity) => Some(activity.milestone),
            Self::Observations(_) => Some(Milestone::Observations),
            Self::Amounts(amounts) => Some(amounts.basis.milestone()),
            Self::Council(_) => Some(Milestone::CouncilApproval),
            Self::Fallback(_) => Some(Milestone::Fallback),
            Self::Report(_) => Some(Milestone::ClosingReports),
            _ => None,
        }
    }

    /// The files that belong to it.
    #[must_use]
    pub fn attachments(&self) -> Vec<&Attachment> {
        match self {
            Self::Letter(letter) => letter.attachments.iter().collect(),
            Self::Council(decision) => decision.attachment.iter().collect(),
            Self::Report(report) => report.attachment.iter().collect(),
            Self::Correction(correction) => correction.act.attachments(),
            _ => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn attachments_mut(&mut self) -> Vec<&mut Attachment> {
        match self {
            Self::Letter(letter) => letter.attachments.iter_mut().collect(),
            Self::Council(decision) => decision.attachment.iter_mut().collect(),
            Self::Report(report) => report.attachment.iter_mut().collect(),
            Self::Correction(correction) => correction.act.attachments_mut(),
            _ => Vec::new(),
        }
    }

    /// The acts that it rests on, and that must be there.
    #[must_use]
    pub fn refers_to(&self) -> Vec<ActNumber> {
        match self {
            Self::Dispatched(act) => vec![act.of],
            Self::Received(act) => vec![act.of],
            Self::Delivered(act) => vec![act.of],
            Self::Ruling(ruling) => ruling.letter.into_iter().collect(),
            Self::Version(version) => version.letter.into_iter().chain(version.based_on).collect(),
            Self::Observations(act) => act.letter.into_iter().chain([act.version]).collect(),
            Self::Amounts(amounts) => amounts.letter.into_iter().collect(),
            Self::Council(decision) => vec![decision.version],
            Self::Acceptance(remark) | Self::Fallback(remark) | Self::Closing(remark) => {
                remark.letter.into_iter().collect()
            }
            Self::Correction(correction) => {
                [vec![correction.of], correction.act.refers_to()].concat()
            }
            Self::Annulment(annulment) => vec![annulment.of],
            Self::Letter(_)
            | Self::AgreedCalendar(_)
            | Self::Activity(_)
            | Self::Remainders(_)
            | Self::Report(_)
            | Self::Unknown => Vec::new(),
        }
    }
}

fn activity_label(activity: &Activity) -> &'static str {
    match (activity.milestone, activity.held) {
        (Milestone::FirstSession, Some(_)) => "Primera sesión",
        (milestone, _) => milestone.label(),
    }
}
