//! The focus of the year before: what is executed when none is sent (INC-01).

use super::{act::ActNumber, register::Register, sha256::Fingerprint, version::VersionKind};
use crate::ids::ExerciseId;

/// The final of an earlier year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Previous {
    /// The exercise that it belongs to: the year before, or an earlier one where that one had none
    /// either.
    pub exercise: ExerciseId,
    /// The act that it was sent with.
    pub act: ActNumber,
    /// What names its content.
    pub fingerprint: Fingerprint,
}

impl Previous {
    /// From the registers of earlier years, the latest first. An adjusted final takes the place of
    /// the one that it adjusts.
    pub fn find<'a, 'b: 'a>(registers: impl IntoIterator<Item = &'a Register<'b>>) -> Option<Self> {
        registers.into_iter().find_map(|register| {
            let (act, version) = register
                .latest(VersionKind::Adjusted)
                .or_else(|| register.latest(VersionKind::Final))?;
            Some(Self { exercise: register.exercise, act, fingerprint: version.fingerprint })
        })
    }
}
