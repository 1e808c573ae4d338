//! What the regional council decided on one exact version.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    act::ActNumber,
    letter::{Attachment, Official},
    sha256::Fingerprint,
};

/// Which call the session met on; it decides the quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// First call: three fifths of the members in office.
    First,
    /// Second call: the absolute majority of them.
    Second,
}

/// The document that proves an agreement (CON-12: any of the three will do).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// *Certificado de acuerdo*.
    Certificate,
    /// *Acta*.
    Minutes,
    /// *Acuerdo*.
    #[serde(other)]
    Agreement,
}

impl ProofKind {
    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Certificate => "Certificado de acuerdo",
            Self::Minutes => "Acta",
            Self::Agreement => "Acuerdo",
        }
    }
}

/// How those present voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Votes {
    /// In favour.
    pub favour: u16,
    /// Against.
    pub against: u16,
    /// Abstained.
    pub abstained: u16,
}

impl Votes {
    /// How many voted in some way.
    #[must_use]
    pub fn total(self) -> u32 {
        u32::from(self.favour) + u32::from(self.against) + u32::from(self.abstained)
    }
}

/// A session that decided on a version.
///
/// Quorum and majority are those of Ley 19.175, arts. 36 to 43, as digests give them; they are shown
/// and decide nothing: the secretary certifies, not the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CouncilDecision {
    /// Number of the session.
    pub session: String,
    /// Whether the session was extraordinary, and so bound to what it was called for.
    #[serde(default)]
    pub is_extraordinary: bool,
    /// The day.
    pub held: NaiveDate,
    /// The call that it met on.
    pub call: Call,
    /// Members in office.
    pub members: u16,
    /// Members who attended.
    pub attending: u16,
    /// The votes.
    pub votes: Votes,
    /// Number of the agreement.
    pub agreement: String,
    /// Whether the version was approved.
    pub is_approved: bool,
    /// The version voted.
    pub version: ActNumber,
    /// Its fingerprint, as the certificate carries it.
    pub fingerprint: Fingerprint,
    /// The *ministro de fe* who certifies.
    pub secretary: Official,
    /// What proves it.
    pub proof: ProofKind,
    /// The file of that.
    #[serde(default)]
    pub attachment: Option<Attachment>,
}

impl CouncilDecision {
    /// Whether enough members attended.
    #[must_use]
    pub fn has_quorum(&self) -> bool {
        let (members, attending) = (u32::from(self.members), u32::from(self.attending));
        match self.call {
            Call::First => attending * 5 >= members * 3,
            Call::Second => attending * 2 > members,
        }
    }

    /// Whether more than half of those attending were in favour.
    #[must_use]
    pub fn has_majority(&self) -> bool {
        u32::from(self.votes.favour) * 2 > u32::from(self.attending)
    }

    /// What does not fit together in an approval, in Spanish.
    #[must_use]
    pub fn doubts(&self) -> Vec<&'static str> {
        let doubt = |holds: bool, text| (!holds).then_some(text);
        let file = "Falta adjuntar el acta, el acuerdo o el certificado.";
        [
            doubt(self.has_quorum(), "La asistencia no alcanza el quórum de la citación."),
            doubt(
                self.is_approved == self.has_majority(),
                "El resultado no corresponde a la mayoría de los asistentes.",
            ),
            doubt(self.attachment.is_some(), file),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::norms::date;

    pub(in crate::process) fn approval(
        version: ActNumber,
        fingerprint: Fingerprint,
    ) -> CouncilDecision {
        CouncilDecision {
            session: "24".into(),
            is_extraordinary: false,
            held: date(2026, 12, 17),
            call: Call::First,
            members: 14,
            attending: 12,
            votes: Votes { favour: 10, against: 1, abstained: 1 },
            agreement: "318".into(),
            is_approved: true,
            version,
            fingerprint,
            secretary: Official { name: "Elena Soto".into(), ..Official::default() },
            proof: ProofKind::Certificate,
            attachment: None,
        }
    }

    /// Ley 19.175: three fifths on first call, absolute majority on second.
    #[test]
    fn quorum_follows_the_call() {
        let mut decision = approval(1, Fingerprint::of(b""));
        for (call, members, attending, holds) in [
            (Call::First, 14, 8, false),
            (Call::First, 14, 9, true),
            (Call::First, 15, 9, true),
            (Call::Second, 14, 7, false),
            (Call::Second, 14, 8, true),
        ] {
            (decision.call, decision.members, decision.attending) = (call, members, attending);
            assert_eq!(decision.has_quorum(), holds, "{call:?} {attending} of {members}");
        }
    }

    #[test]
    fn doubts_are_told_and_decide_nothing() {
        let mut decision = approval(1, Fingerprint::of(b""));
        assert_eq!(decision.doubts().len(), 1, "only the file is missing");
        (decision.votes.favour, decision.attending) = (3, 6);
        assert_eq!(decision.doubts().len(), 3);
    }
}
