//! Corrections and annulments. Who may register an act may amend it, in any state: a mistake in the
//! register is one whenever it is found.

use super::{Context, Refusal, content};
use crate::{
    limits,
    process::{
        act::{Act, ActNumber, Annulment, Correction},
        register::Register,
    },
};

/// Another reading of an act.
pub(super) fn correction(correction: &Correction, context: &Context<'_>) -> Result<(), Refusal> {
    let process = context.process;
    let old = amendable(correction.of, &correction.reason, context)?;
    // A version is what its fingerprint says, and the council certified what it certified.
    if matches!(old, Act::Version(_) | Act::Council(_)) {
        return Err(Refusal::Immutable);
    }
    let new = &*correction.act;
    let is_same_type = std::mem::discriminant(old) == std::mem::discriminant(new);
    if !is_same_type || new.action(process) != old.action(process) {
        return Err(Refusal::OtherAct(correction.of));
    }
    if let (Act::Letter(old), Act::Letter(new)) = (old, new) {
        super::reception_by_its_side(new, Some(old), context)?;
    }
    for of in new.refers_to() {
        if of >= correction.of || process.register.act(of).is_none() {
            return Err(Refusal::NoSuchAct(of));
        }
    }
    content::check(new, process, Some(correction.of))
}

/// An act that does not count any more.
pub(super) fn annulment(annulment: &Annulment, context: &Context<'_>) -> Result<(), Refusal> {
    amendable(annulment.of, &annulment.reason, context)?;
    match resting_on(&context.process.register, annulment.of) {
        Some(later) => Err(Refusal::InUse(later)),
        None => Ok(()),
    }
}

/// The act that is to be amended, if this person may.
fn amendable<'a>(of: ActNumber, reason: &str, context: &Context<'a>) -> Result<&'a Act, Refusal> {
    let process = context.process;
    let old = process.register.act(of).ok_or(Refusal::NoSuchAct(of))?;
    let action = old.action(process).ok_or(Refusal::OtherAct(of))?;
    if !context.grant.may_ever(action, process.register.exercise) {
        return Err(Refusal::Forbidden(action));
    }
    content::text("la razón", reason, limits::REASON)?;
    Ok(old)
}

/// The first act that counts and rests on another one.
fn resting_on(register: &Register<'_>, of: ActNumber) -> Option<ActNumber> {
    let rests = register.acts().find(|standing| standing.act.refers_to().contains(&of));
    rests.map(|standing| standing.record.number)
}
