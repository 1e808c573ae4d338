//! The states of an exercise (§1.16) as one machine.
//!
//! States follow each other in one order. An act moves the exercise forward or not at all: sessions
//! may be fewer or more, amounts may come before late observations, and letters are registered late.
//! What is still owed is told by the deadlines and not by the state.
//!
//! There is no state «rejected» (CON-07): a defect leads to a notice, and nothing sent to the focus of
//! the year before.

use serde::{Deserialize, Serialize};

use super::milestone::Institution;

/// Where an exercise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing official has happened.
    Draft,
    /// Sercotec opened it.
    Opened,
    /// The exploratory budget is known.
    ExploratoryBudget,
    /// The first session was held.
    Diagnosis,
    /// The second session was held.
    Vocations,
    /// The third session was held: the preliminary is being prepared.
    PreliminaryDraft,
    /// The preliminary was sent.
    PreliminarySent,
    /// Sercotec received it: its fifteen days run.
    UnderObservation,
    /// Sercotec sent its observations.
    Observed,
    /// The preliminary amounts are known.
    AmountsReceived,
    /// The council was asked to put it on its *tabla*.
    CorePending,
    /// The council approved a version.
    CoreApproved,
    /// A final was sent that no approval of the council covers (INC-04): Sercotec decides.
    FinalIncomplete,
    /// The final was sent, as the council approved it.
    FinalSent,
    /// Sercotec asked to adjust it.
    AdjustmentRequested,
    /// The adjusted final was sent.
    FinalResent,
    /// Sercotec goes on with the final.
    Accepted,
    /// The focus of the year before is executed.
    FallbackPreviousYear,
    /// The exercise is over.
    Closed,
    /// Both reports are there.
    Reported,
}

/// What moves an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The opening letter left.
    Open,
    /// The exploratory budget was informed.
    InformBudget,
    /// The first session was held.
    HoldFirstSession,
    /// The second session was held.
    HoldSecondSession,
    /// The third session was held.
    HoldThirdSession,
    /// The preliminary was sent.
    SendPreliminary,
    /// The preliminary was received.
    ReceivePreliminary,
    /// Observations were sent.
    Observe,
    /// The preliminary amounts were informed.
    InformAmounts,
    /// The council was asked.
    AskCouncil,
    /// The council approved.
    Approve,
    /// The final was sent, and the approval covers it; or the approval came that does.
    SendFinal,
    /// The final was sent, and no approval covers it.
    SendIncompleteFinal,
    /// An adjustment was asked for.
    RequestAdjustment,
    /// The adjusted final was sent.
    SendAdjusted,
    /// Sercotec accepted.
    Accept,
    /// The last day passed without a final, or Sercotec declared so.
    FallBack,
    /// The exercise was closed.
    Close,
    /// The reports are complete.
    Report,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 19] = [
        Self::Open,
        Self::InformBudget,
        Self::HoldFirstSession,
        Self::HoldSecondSession,
        Self::HoldThirdSession,
        Self::SendPreliminary,
        Self::ReceivePreliminary,
        Self::Observe,
        Self::InformAmounts,
        Self::AskCouncil,
        Self::Approve,
        Self::SendFinal,
        Self::SendIncompleteFinal,
        Self::RequestAdjustment,
        Self::SendAdjusted,
        Self::Accept,
        Self::FallBack,
        Self::Close,
        Self::Report,
    ];

    /// The state that it leads to.
    #[must_use]
    pub const fn target(self) -> State {
        match self {
            Self::Open => State::Opened,
            Self::InformBudget => State::ExploratoryBudget,
            Self::HoldFirstSession => State::Diagnosis,
            Self::HoldSecondSession => State::Vocations,
            Self::HoldThirdSession => State::PreliminaryDraft,
            Self::SendPreliminary => State::PreliminarySent,
            Self::ReceivePreliminary => State::UnderObservation,
            Self::Observe => State::Observed,
            Self::InformAmounts => State::AmountsReceived,
            Self::AskCouncil => State::CorePending,
            Self::Approve => State::CoreApproved,
            Self::SendIncompleteFinal => State::FinalIncomplete,
            Self::SendFinal => State::FinalSent,
            Self::RequestAdjustment => State::AdjustmentRequested,
            Self::SendAdjusted => State::FinalResent,
            Self::Accept => State::Accepted,
            Self::FallBack => State::FallbackPreviousYear,
            Self::Close => State::Closed,
            Self::Report => State::Reported,
        }
    }
}

impl State {
    /// All states, in the order of the process.
    pub const ALL: [Self; 20] = [
        Self::Draft,
        Self::Opened,
        Self::ExploratoryBudget,
        Self::Diagnosis,
        Self::Vocations,
        Self::PreliminaryDraft,
        Self::PreliminarySent,
        Self::UnderObservation,
        Self::Observed,
        Self::AmountsReceived,
        Self::CorePending,
        Self::CoreApproved,
        Self::FinalIncomplete,
        Self::FinalSent,
        Self::AdjustmentRequested,
        Self::FinalResent,
        Self::Accepted,
        Self::FallbackPreviousYear,
        Self::Closed,
        Self::Reported,
    ];

    /// Whether no final has been sent, and none is ruled out.
    #[must_use]
    pub fn is_before_final(self) -> bool {
        self < Self::FinalIncomplete
    }

    /// Whether a final is with Sercotec and undecided.
    #[must_use]
    pub fn awaits_decision(self) -> bool {
        matches!(self, Self::FinalIncomplete | Self::FinalSent | Self::FinalResent)
    }

    /// The state after a step; `None` where the step changes nothing here.
    #[must_use]
    pub fn next(self, step: Step) -> Option<Self> {
        use State::{
            Accepted, AdjustmentRequested, Closed, FallbackPreviousYear, FinalIncomplete, FinalSent,
        };
        let target = step.target();
        let may = match step {
            Step::Open
            | Step::InformBudget
            | Step::HoldFirstSession
            | Step::HoldSecondSession
            | Step::HoldThirdSession
            | Step::SendPreliminary
            | Step::ReceivePreliminary
            | Step::Observe
            | Step::InformAmounts
            | Step::AskCouncil
            | Step::Approve => self.is_before_final() && self < target,
            // Another final may take the place of one that nobody has decided on.
            Step::SendFinal => self.is_before_final() || self == FinalIncomplete,
            Step::SendIncompleteFinal => self.is_before_final() || self == FinalSent,
            Step::RequestAdjustment => self.awaits_decision(),
            Step::SendAdjusted => self == AdjustmentRequested,
            Step::Accept => self.awaits_decision(),
            // Of a final that came late, Sercotec may still declare that none was sent in time.
            Step::FallBack => self.is_before_final() || matches!(self, FinalIncomplete | FinalSent),
            Step::Close => matches!(self, Accepted | FallbackPreviousYear),
            Step::Report => self == Closed,
        };
        may.then_some(target)
    }

    /// Whose turn it is; `None` where nobody has to do anything.
    #[must_use]
    pub fn turn(self) -> Option<Institution> {
        match self {
            Self::Opened
            | Self::ExploratoryBudget
            | Self::Diagnosis
            | Self::Vocations
            | Self::Closed => Some(Institution::Jointly),
            Self::PreliminaryDraft
            | Self::AmountsReceived
            | Self::CoreApproved
            | Self::AdjustmentRequested => Some(Institution::Gore),
            Self::CorePending => Some(Institution::Core),
            Self::Draft
            | Self::PreliminarySent
            | Self::UnderObservation
            | Self::Observed
            | Self::FinalIncomplete
            | Self::FinalSent
            | Self::FinalResent
            | Self::Accepted
            | Self::FallbackPreviousYear => Some(Institution::GeneralManagement),
            Self::Reported => None,
        }
    }

    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Sin iniciar",
            Self::Opened => "Iniciado",
            Self::ExploratoryBudget => "Con presupuesto exploratorio",
            Self::Diagnosis => "Diagnóstico",
            Self::Vocations => "Vocaciones y problemáticas",
            Self::PreliminaryDraft => "Preliminar en preparación",
            Self::PreliminarySent => "Preliminar enviada",
            Self::UnderObservation => "Preliminar en observación",
            Self::Observed => "Preliminar observada",
            Self::AmountsReceived => "Con montos preliminares",
            Self::CorePending => "En tabla del CORE",
            Self::CoreApproved => "Con aprobación del CORE",
            Self::FinalIncomplete => "Final enviada sin aprobación que la cubra",
            Self::FinalSent => "Final enviada",
            Self::AdjustmentRequested => "Con ajuste solicitado",
            Self::FinalResent => "Final ajustada enviada",
            Self::Accepted => "Conforme",
            Self::FallbackPreviousYear => "Rige la focalización del año anterior",
            Self::Closed => "Cerrado",
            Self::Reported => "Informado",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_in_their_order_and_only_move_on() {
        assert!(State::ALL.is_sorted_by(|a, b| a < b));
        for state in State::ALL {
            for step in Step::ALL {
                if let Some(next) = state.next(step) {
                    // Only a final that takes the place of another one goes a step back.
                    let replaced = (state, next) == (State::FinalSent, State::FinalIncomplete);
                    let asked_again =
                        (state, next) == (State::FinalResent, State::AdjustmentRequested);
                    assert!(state < next || replaced || asked_again, "{state:?} {step:?}");
                }
            }
        }
    }

    #[test]
    fn every_state_is_reached_and_only_the_last_ends() {
        let mut reached = vec![State::Draft];
        let mut at = 0;
        while let Some(state) = reached.get(at).copied() {
            let next = Step::ALL.into_iter().filter_map(|step| state.next(step));
            let new: Vec<_> = next.filter(|next| !reached.contains(next)).collect();
            reached.extend(new);
            reached.dedup();
            at += 1;
        }
        for state in State::ALL {
            assert!(reached.contains(&state), "{state:?}");
            let ends = Step::ALL.into_iter().all(|step| state.next(step).is_none());
            assert_eq!(ends, state == State::Reported, "{state:?}");
            assert_eq!(state.turn().is_none(), ends, "{state:?}");
        }
    }

    /// `requirements.md` §1.16, step by step.
    #[test]
    fn the_way_of_the_catalogue() {
        use Step::{
            Accept, Approve, AskCouncil, Close, HoldFirstSession, HoldSecondSession,
            HoldThirdSession, InformAmounts, InformBudget, Observe, Open, ReceivePreliminary,
            Report, RequestAdjustment, SendAdjusted, SendFinal, SendPreliminary,
        };
        let steps = [
            Open,
            InformBudget,
            HoldFirstSession,
            HoldSecondSession,
            HoldThirdSession,
            SendPreliminary,
            ReceivePreliminary,
            Observe,
            InformAmounts,
            AskCouncil,
            Approve,
            SendFinal,
            RequestAdjustment,
            SendAdjusted,
            Accept,
            Close,
            Report,
        ];
        let mut state = State::Draft;
        for step in steps {
            state = state.next(step).unwrap_or_else(|| panic!("{state:?} {step:?}"));
            assert_eq!(state, step.target());
        }
        assert_eq!(State::FinalSent.next(Accept), Some(State::Accepted));
        assert_eq!(
            State::AmountsReceived.next(Observe),
            None,
            "late observations move nothing back"
        );
        assert_eq!(State::Accepted.next(Step::FallBack), None);
        assert_eq!(State::FallbackPreviousYear.next(SendFinal), None, "once declared");
    }
}
