//! Whether the council approved exactly what was sent.

use super::{
    act::ActNumber,
    register::Register,
    version::{Version, VersionKind},
};

/// What the council's decisions say of the latest final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// It approved nothing.
    Missing,
    /// It approved something, and no final was sent through the product that could be compared: none
    /// at all, or by letter only.
    Uncompared {
        /// The decision.
        decision: ActNumber,
    },
    /// It approved this content.
    Covers {
        /// The decision.
        decision: ActNumber,
        /// Whether it was taken after the final had been sent (VAL-10).
        is_later: bool,
    },
    /// It approved another content: [`super::version::changes`] of both says where they differ.
    Differs {
        /// The decision.
        decision: ActNumber,
        /// The version that it approved.
        approved: ActNumber,
        /// The final.
        sent: ActNumber,
    },
}

/// What decisions up to an act say of the latest final up to it.
pub(super) fn approval(register: &Register<'_>, until: ActNumber) -> Approval {
    let mut decisions =
        register.decisions().filter(|(number, _)| *number <= until).collect::<Vec<_>>();
    decisions.reverse();
    let Some((decision, last)) = decisions.iter().find(|(_, decision)| decision.is_approved) else {
        return Approval::Missing;
    };
    let decision = *decision;
    let Some((sent, version)) = latest_final(register, until) else {
        return Approval::Uncompared { decision };
    };
    // The last word on this content counts: what was approved may have been rejected since.
    let on_it = decisions.iter().find(|(_, decision)| decision.fingerprint == version.fingerprint);
    match on_it {
        Some((decision, found)) if found.is_approved => {
            let sent_on = super::deadline::sent_on(register, sent);
            let is_later = sent_on.is_some_and(|sent_on| sent_on < found.held);
            Approval::Covers { decision: *decision, is_later }
        }
        _ => Approval::Differs { decision, approved: last.version, sent },
    }
}

/// The latest final up to an act.
pub(super) fn latest_final<'a>(
    register: &Register<'a>,
    until: ActNumber,
) -> Option<(ActNumber, &'a Version)> {
    let is_final = |(number, version): &(ActNumber, &Version)| {
        *number <= until && version.kind == VersionKind::Final
    };
    register.versions().rfind(is_final)
}
