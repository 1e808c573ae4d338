//! What a role may do in the process, and in which states: the part of the permission table that is
//! not about cells.
//!
//! A date never takes a permission away; a state does, where the act would mean nothing in it.

use serde::{Deserialize, Serialize};

use super::{Grant, Role};
use crate::{ids::ExerciseId, process::State};

/// Something that somebody may do in the process of an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See register, timeline, duties and what was sent.
    Read,
    /// Register a letter of the regional government.
    RegisterRegionalLetter,
    /// Register a letter of Sercotec's centre that decides nothing by itself: the opening one, and any
    /// of no special kind.
    RegisterCentralLetter,
    /// Register that the region received something.
    ReceiveAtRegion,
    /// Register that Sercotec received something.
    ReceiveAtCentre,
    /// Record how a date that falls on a rest day is read.
    Rule,
    /// Record the calendar that was agreed.
    AgreeCalendar,
    /// Record meetings, sessions and activities.
    RecordActivity,
    /// Fix a version for the council.
    Propose,
    /// Send the preliminary.
    SubmitPreliminary,
    /// Send the final.
    SubmitFinal,
    /// Send the adjusted final.
    SubmitAdjusted,
    /// Give reasons for blocking findings, and send all the same.
    SubmitWithReasons,
    /// Write observations that only the centre sees.
    DraftObservations,
    /// Publish observations.
    Observe,
    /// Inform amounts.
    InformAmounts,
    /// Record what the council decided.
    RecordCouncil,
    /// Fix the version that the council amended.
    Amend,
    /// Ask to adjust the final.
    RequestAdjustment,
    /// Go on with the final.
    Accept,
    /// Declare that none was sent.
    DeclareFallback,
    /// Record what was left.
    RecordRemainders,
    /// Hand in the region's report.
    ReportAsGore,
    /// Hand in the report of the *Dirección Regional*.
    ReportAsRegionalOffice,
    /// Hand in the report of the *Gerencia de Regiones*, and the survey.
    ReportAsCentre,
    /// Close the exercise.
    Close,
    /// Invite people, give and take roles: each institution its own.
    AdministerPeople,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 27] = [
        Self::Read,
        Self::RegisterRegionalLetter,
        Self::RegisterCentralLetter,
        Self::ReceiveAtRegion,
        Self::ReceiveAtCentre,
        Self::Rule,
        Self::AgreeCalendar,
        Self::RecordActivity,
        Self::Propose,
        Self::SubmitPreliminary,
        Self::SubmitFinal,
        Self::SubmitAdjusted,
        Self::SubmitWithReasons,
        Self::DraftObservations,
        Self::Observe,
        Self::InformAmounts,
        Self::RecordCouncil,
        Self::Amend,
        Self::RequestAdjustment,
        Self::Accept,
        Self::DeclareFallback,
        Self::RecordRemainders,
        Self::ReportAsGore,
        Self::ReportAsRegionalOffice,
        Self::ReportAsCentre,
        Self::Close,
        Self::AdministerPeople,
    ];

    /// The roles that may, wherever they are.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        use Role::{
            CoreSecretary, DrDirector, DrEditor, DrLeader, GoreCounterpart, GoreEditor,
            GoreSignatory, SercotecManager, SercotecReviewer,
        };
        match self {
            Self::Read => &Role::ALL,
            Self::RegisterRegionalLetter
            | Self::ReceiveAtRegion
            | Self::Propose
            | Self::SubmitPreliminary
            | Self::SubmitFinal
            | Self::SubmitAdjusted
            | Self::ReportAsGore => &[GoreCounterpart, GoreSignatory],
            Self::SubmitWithReasons => &[GoreSignatory],
            Self::AgreeCalendar => &[GoreCounterpart, DrLeader, DrDirector],
            Self::RecordActivity => &[GoreCounterpart, GoreEditor, DrLeader, DrDirector, DrEditor],
            Self::RegisterCentralLetter
            | Self::ReceiveAtCentre
            | Self::DraftObservations
            | Self::Accept
            | Self::RecordRemainders
            | Self::ReportAsCentre => &[SercotecReviewer, SercotecManager],
            Self::Rule
            | Self::Observe
            | Self::InformAmounts
            | Self::RequestAdjustment
            | Self::DeclareFallback
            | Self::Close => &[SercotecManager],
            Self::RecordCouncil | Self::Amend => &[CoreSecretary],
            Self::ReportAsRegionalOffice => &[DrLeader, DrDirector],
            Self::AdministerPeople => &[GoreCounterpart, DrLeader, SercotecManager],
        }
    }

    /// Whether it means anything in a state.
    #[must_use]
    pub fn is_possible_in(self, state: State) -> bool {
        let is_open = !matches!(state, State::Closed | State::Reported);
        match self {
            // Letters are registered late, and people come and go at any time.
            Self::Read
            | Self::RegisterRegionalLetter
            | Self::RegisterCentralLetter
            | Self::ReceiveAtRegion
            | Self::ReceiveAtCentre
            | Self::AdministerPeople => true,
            Self::Rule | Self::InformAmounts => is_open,
            Self::AgreeCalendar | Self::RecordActivity | Self::SubmitPreliminary => {
                state.is_before_final()
            }
            Self::DraftObservations | Self::Observe => {
                state >= State::PreliminarySent && state < State::Accepted
            }
            // Late is late, and not impossible: the council of Ñuble approved in January.
            Self::Propose | Self::RecordCouncil | Self::Amend | Self::SubmitWithReasons => {
                state < State::Accepted || state == State::FallbackPreviousYear
            }
            Self::SubmitFinal => {
                state < State::AdjustmentRequested || state == State::FallbackPreviousYear
            }
            Self::SubmitAdjusted => state == State::AdjustmentRequested,
            Self::RequestAdjustment | Self::Accept => state.awaits_decision(),
            Self::DeclareFallback => {
                state < State::AdjustmentRequested || state == State::FallbackPreviousYear
            }
            Self::RecordRemainders => state >= State::Accepted,
            Self::ReportAsGore | Self::ReportAsRegionalOffice | Self::ReportAsCentre => {
                state >= State::FinalIncomplete
            }
            Self::Close => matches!(state, State::Accepted | State::FallbackPreviousYear),
        }
    }

    /// What the screen calls it, after «para».
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "ver el proceso",
            Self::RegisterRegionalLetter => "registrar oficios del Gobierno Regional",
            Self::RegisterCentralLetter => "registrar oficios de Sercotec",
            Self::ReceiveAtRegion => "registrar recepciones de la región",
            Self::ReceiveAtCentre => "registrar recepciones de Sercotec",
            Self::Rule => "registrar el criterio sobre un plazo",
            Self::AgreeCalendar => "registrar el calendario acordado",
            Self::RecordActivity => "registrar reuniones y sesiones",
            Self::Propose => "preparar una versión para el CORE",
            Self::SubmitPreliminary => "enviar la focalización preliminar",
            Self::SubmitFinal => "enviar la focalización final",
            Self::SubmitAdjusted => "enviar la focalización ajustada",
            Self::SubmitWithReasons => "enviar con avisos que impiden enviar, dando razones",
            Self::DraftObservations => "redactar observaciones",
            Self::Observe => "publicar observaciones",
            Self::InformAmounts => "informar montos",
            Self::RecordCouncil => "registrar acuerdos del CORE",
            Self::Amend => "registrar enmiendas del CORE",
            Self::RequestAdjustment => "pedir un ajuste de la final",
            Self::Accept => "dar conformidad a la final",
            Self::DeclareFallback => "declarar que rige la focalización del año anterior",
            Self::RecordRemainders => "registrar remanentes",
            Self::ReportAsGore => "entregar el informe del Gobierno Regional",
            Self::ReportAsRegionalOffice => "entregar el informe de la Dirección Regional",
            Self::ReportAsCentre => "entregar el informe de la Gerencia de Regiones",
            Self::Close => "cerrar el ejercicio",
            Self::AdministerPeople => "administrar personas",
        }
    }
}

impl Grant {
    /// Whether it allows an action in an exercise that is in this state. Every path that does
    /// something official asks this.
    #[must_use]
    pub fn may(&self, action: Action, exercise: ExerciseId, state: State) -> bool {
        self.may_ever(action, exercise) && action.is_possible_in(state)
    }

    /// Whether it allows an action in an exercise in some state.
    #[must_use]
    pub fn may_ever(&self, action: Action, exercise: ExerciseId) -> bool {
        self.may_read(exercise) && action.roles().contains(&self.role)
    }
}

#[cfg(test)]
mod tests;
