//! Why an act is not registered, as the person reads it.

use std::fmt;

use chrono::NaiveDate;

use crate::{
    access::Action,
    format::{format_bytes, format_integer, format_long_date},
    limits,
    process::{act::ActNumber, state::State},
};

/// Why an act is not registered. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The role does not allow it.
    Forbidden(Action),
    /// It means nothing in this state.
    NotNow(Action, State),
    /// This version does not know such an act.
    Unknown,
    /// More acts than an exercise may have.
    TooManyActs,
    /// Something is missing; its name, with the article: «el número».
    Missing(&'static str),
    /// A text is longer than this many characters.
    TooLong(&'static str, usize),
    /// A day that has not come yet.
    Future(&'static str, NaiveDate),
    /// The first happened before the second.
    Order(&'static str, &'static str),
    /// The letter is registered already, by this act.
    Duplicate(ActNumber),
    /// It was done already: the act that did it, or that it is about.
    AlreadyDone(ActNumber),
    /// No act of this number counts.
    NoSuchAct(ActNumber),
    /// The act is none that this can be about.
    OtherAct(ActNumber),
    /// A later act, which counts, rests on it.
    InUse(ActNumber),
    /// An act of this type is never corrected: what was sent or certified stays.
    Immutable,
    /// A letter of this kind is written by somebody else.
    OtherIssuer(&'static str),
    /// The legal day is a business day, or there is none: there is nothing to rule on.
    NothingToRule,
    /// A ruling names the legal day or the next business day.
    OtherDay(NaiveDate, NaiveDate),
    /// No such instrument in this budget year.
    UnknownInstrument(String),
    /// An amount below zero, or above what a cell may hold.
    OutOfRange(String),
    /// More who voted than attended, or more who attended than there are.
    Votes,
    /// The fingerprint is not that of the version.
    OtherContent,
    /// Blocking findings without a reason.
    Unexplained(usize),
    /// The last day has not passed yet.
    NotExpired(NaiveDate),
    /// A final came in time: there is nothing to declare.
    SentInTime(ActNumber),
    /// The focus of the year before was declared to be executed.
    FallbackDeclared,
    /// A file that the register does not take: more bytes than this.
    TooLarge(String, u64),
    /// More files than one act may have.
    TooManyFiles,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(action) => {
                write!(f, "Tu rol no permite {}.", action.label())
            }
            Self::NotNow(action, state) => write!(
                f,
                "El ejercicio está en el estado «{}»; en él no corresponde {}.",
                state.label(),
                action.label()
            ),
            Self::Unknown => f.write_str("Esta versión de Focaliza no conoce ese tipo de acto."),
            Self::TooManyActs => write!(
                f,
                "El registro del ejercicio llegó a su máximo de {} actos.",
                format_integer(i64::try_from(limits::ACTS).unwrap_or(i64::MAX))
            ),
            Self::Missing(what) => write!(f, "Falta indicar {what}."),
            Self::TooLong(what, most) => {
                write!(f, "El texto de {what} supera los {most} caracteres.")
            }
            Self::Future(what, today) => {
                write!(f, "La fecha de {what} es posterior a hoy, {}.", format_long_date(*today))
            }
            Self::Order(first, second) => {
                write!(f, "La fecha de {first} no puede ser anterior a la de {second}.")
            }
            Self::Duplicate(act) => write!(
                f,
                "Ese oficio ya está registrado (acto {act}): mismo emisor, número y fecha."
            ),
            Self::AlreadyDone(act) => write!(f, "Eso ya consta en el registro (acto {act})."),
            Self::NoSuchAct(act) => write!(f, "El acto {act} no existe o fue anulado."),
            Self::OtherAct(act) => write!(f, "El acto {act} no es del tipo que corresponde."),
            Self::InUse(act) => {
                write!(f, "El acto {act} se apoya en este; anúlalo o rectifícalo primero.")
            }
            Self::Immutable => f.write_str(
                "Lo enviado o certificado no se rectifica: se anula, o se envía otra versión.",
            ),
            Self::OtherIssuer(who) => write!(f, "Ese tipo de oficio lo emite: {who}."),
            Self::NothingToRule => {
                f.write_str("Ese plazo no vence en día inhábil: no hay criterio que registrar.")
            }
            Self::OtherDay(legal, next) => write!(
                f,
                "El criterio solo puede fijar la fecha legal ({}) o el día hábil siguiente ({}).",
                format_long_date(*legal),
                format_long_date(*next)
            ),
            Self::UnknownInstrument(name) => {
                write!(f, "«{name}» no es un instrumento traspasado de ese año.")
            }
            Self::OutOfRange(name) => {
                write!(f, "El monto de «{name}» está fuera de lo que se admite.")
            }
            Self::Votes => f.write_str(
                "Los votos no pueden ser más que los asistentes, ni estos más que los consejeros.",
            ),
            Self::OtherContent => f.write_str("La huella no es la de la versión que se indica."),
            Self::Unexplained(1) => {
                f.write_str("Hay un aviso que impide enviar y no tiene una razón escrita.")
            }
            Self::Unexplained(count) => {
                write!(f, "Hay {count} avisos que impiden enviar y no tienen una razón escrita.")
            }
            Self::NotExpired(due) => write!(
                f,
                "El plazo de la focalización final vence el {}; aún no ha pasado.",
                format_long_date(*due)
            ),
            Self::SentInTime(act) => {
                write!(f, "La focalización final se envió dentro de plazo (acto {act}).")
            }
            Self::FallbackDeclared => {
                f.write_str("Sercotec ya declaró que rige la focalización del año anterior.")
            }
            Self::TooLarge(name, bytes) => write!(
                f,
                "El archivo «{name}» pesa {}; se admiten hasta {}.",
                format_bytes(*bytes),
                format_bytes(limits::ATTACHMENT_BYTES)
            ),
            Self::TooManyFiles => {
                write!(f, "Se admiten hasta {} archivos por acto.", limits::ATTACHMENTS)
            }
        }
    }
}

impl std::error::Error for Refusal {}
