//! One list for a region: what is mandatory, what is recommended, what is missing, who owes it, and
//! how many days are left.

use chrono::NaiveDate;

use super::{
    Process,
    act::{Act, AmountBasis},
    approval::Approval,
    deadline::Deadline,
    milestone::{Institution, Milestone, Timing},
    state::State,
    version::VersionKind,
};

/// Something that is owed, was done, or no longer matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What it is called.
    pub title: &'static str,
    /// Its days.
    pub deadline: Deadline,
    /// Whether a norm binds to it; else the Guía recommends it.
    pub is_mandatory: bool,
    /// Who owes it now.
    pub owed_by: Institution,
    /// Who is to have it.
    pub owed_to: Institution,
    /// How it stands.
    pub status: Status,
    /// What is missing of it, in Spanish.
    pub missing: Vec<&'static str>,
}

/// How something that is owed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was done.
    Done {
        /// The day.
        on: NaiveDate,
        /// How late.
        days_late: Option<u32>,
    },
    /// Its last day has passed.
    Overdue {
        /// How many days ago.
        days: i64,
    },
    /// It can be done now.
    Open {
        /// Days until its last day; `None` where no text sets one.
        days_left: Option<i64>,
    },
    /// Its window has not opened.
    NotYet {
        /// Its first day.
        opens: NaiveDate,
    },
    /// It depends on something that has not happened.
    Waiting,
    /// It was not done, and does not have to be any more.
    Moot,
}

impl Duty {
    /// «Faltan 3 días», «Vence hoy», «Venció hace 2 días».
    #[must_use]
    pub fn time(&self) -> String {
        match self.status {
            Status::Done { days_late: None, .. } => "Hecho".into(),
            Status::Done { days_late: Some(days), .. } => {
                format!("Hecho con {} de atraso", counted(days.into()))
            }
            Status::Overdue { days } => format!("Venció hace {}", counted(days)),
            Status::Open { days_left: None } => "Sin plazo".into(),
            Status::Open { days_left: Some(0) } => "Vence hoy".into(),
            Status::Open { days_left: Some(1) } => "Vence mañana".into(),
            Status::Open { days_left: Some(days) } => format!("Faltan {}", counted(days)),
            Status::NotYet { .. } => "Aún no se abre el plazo".into(),
            Status::Waiting => "A la espera".into(),
            Status::Moot => "Ya no corresponde".into(),
        }
    }

    /// The order of a list: what a norm asks for and is late, what can be done by its day, what the
    /// Guía wanted earlier, what waits, what has no day, what was done.
    fn rank(&self) -> (u8, NaiveDate, bool, &'static str) {
        let due = self.deadline.due();
        let class = match self.status {
            Status::Overdue { .. } if self.is_mandatory => 0,
            Status::Open { days_left: Some(_) } => 1,
            Status::Overdue { .. } => 2,
            Status::Waiting => 3,
            Status::NotYet { .. } => 4,
            Status::Open { days_left: None } => 5,
            Status::Done { .. } if !self.missing.is_empty() => 6,
            Status::Done { .. } => 7,
            Status::Moot => 8,
        };
        (class, due.unwrap_or(NaiveDate::MAX), !self.is_mandatory, self.deadline.milestone.id())
    }
}

/// «1 día», «3 días».
fn counted(days: i64) -> String {
    if days == 1 { "1 día".into() } else { format!("{days} días") }
}

/// All duties of an exercise, the most urgent first.
#[must_use]
pub fn duties(process: &Process<'_>) -> Vec<Duty> {
    let mut duties: Vec<Duty> =
        process.deadlines.iter().filter_map(|deadline| duty(process, deadline)).collect();
    duties.sort_by_key(Duty::rank);
    duties
}

fn duty(process: &Process<'_>, deadline: &Deadline) -> Option<Duty> {
    let milestone = deadline.milestone;
    let (title, owed_by) = match milestone {
        // A notice is owed by nobody until something does not fit; then the region owes the rest.
        Milestone::AdjustmentNotice if process.state == State::AdjustmentRequested => {
            (VersionKind::Adjusted.label(), Institution::Gore)
        }
        Milestone::AdjustmentNotice => return None,
        Milestone::Fallback if process.state == State::FallbackPreviousYear => {
            ("Declarar que rige la focalización del año anterior", milestone.owed_by())
        }
        Milestone::Fallback => return None,
        Milestone::CouncilApproval => (milestone.label(), council_turn(process)),
        _ => (milestone.label(), milestone.owed_by()),
    };
    let owed_to = match milestone {
        Milestone::AdjustmentNotice => Institution::GeneralManagement,
        _ => milestone.owed_to(),
    };
    Some(Duty {
        title,
        is_mandatory: milestone.source().strength().binding(),
        owed_by,
        owed_to,
        status: status(process, deadline),
        missing: missing(process, deadline),
        deadline: deadline.clone(),
    })
}

/// Until the council was asked, the regional government owes the asking.
fn council_turn(process: &Process<'_>) -> Institution {
    if process.state < State::CorePending { Institution::Gore } else { Institution::Core }
}

fn status(process: &Process<'_>, deadline: &Deadline) -> Status {
    let today = process.today;
    // The notice was done by Sercotec; what is owed is what it asks for.
    if deadline.milestone == Milestone::AdjustmentNotice {
        return Status::Open { days_left: None };
    }
    if let Some(done) = deadline.done {
        return Status::Done { on: done.on, days_late: deadline.days_late() };
    }
    if is_moot(process, deadline.milestone) {
        return Status::Moot;
    }
    match (deadline.days_left(today), deadline.opens) {
        (Some(days), _) if days < 0 => Status::Overdue { days: -days },
        (_, Some(opens)) if today < opens => Status::NotYet { opens },
        (None, _) if depends(process, deadline.milestone) => Status::Waiting,
        (days_left, _) => Status::Open { days_left },
    }
}

/// Whether nothing would be gained by doing it now. A final that was not sent stays owed, and the
/// reports are owed after it; what comes before a final that was sent does not.
fn is_moot(process: &Process<'_>, milestone: Milestone) -> bool {
    match milestone {
        Milestone::Final | Milestone::CouncilApproval => process.is_fallback_declared(),
        Milestone::Fallback | Milestone::ClosingReports | Milestone::MissingDocuments => false,
        _ => !process.state.is_before_final(),
    }
}

/// Whether its time cannot be told, because what it follows has not happened.
fn depends(process: &Process<'_>, milestone: Milestone) -> bool {
    match milestone.timing() {
        Timing::DaysAfterReception(_) => true,
        Timing::After(Milestone::Final) => process.state.is_before_final(),
        Timing::After(before) => process.deadline(before).done.is_none(),
        _ => false,
    }
}

/// What is missing of something, done or not.
fn missing(process: &Process<'_>, deadline: &Deadline) -> Vec<&'static str> {
    use Milestone::{
        CouncilApproval, ExploratoryBudget, Final, Observations, Opening, Preliminary,
        PreliminaryAmounts,
    };
    let register = &process.register;
    let milestone = deadline.milestone;
    let mut missing = Vec::new();
    let is_by_letter = matches!(
        milestone,
        Opening | ExploratoryBudget | Preliminary | Observations | PreliminaryAmounts | Final
    );
    match deadline.done {
        Some(done) if is_by_letter && !done.by_letter => missing.push("Falta registrar el oficio."),
        Some(done) if is_by_letter && done.received.is_none() => {
            missing.push("Falta registrar la recepción.");
        }
        None if milestone == Observations && process.deadline(Preliminary).done.is_some() => {
            missing.push("Falta registrar cuándo recibió Sercotec la preliminar.");
        }
        _ => {}
    }
    let amounts = match milestone {
        ExploratoryBudget => Some(AmountBasis::Exploratory),
        PreliminaryAmounts => Some(AmountBasis::Preliminary),
        _ => None,
    };
    let version = match milestone {
        Preliminary => Some(VersionKind::Preliminary),
        Final => Some(VersionKind::Final),
        _ => None,
    };
    if deadline.done.is_some() && amounts.is_some_and(|basis| register.amounts(basis).is_none()) {
        missing.push("Falta ingresar los montos por instrumento.");
    }
    if deadline.done.is_some() && version.is_some_and(|kind| register.latest(kind).is_none()) {
        missing.push("Falta la versión enviada en Focaliza.");
    }
    match (milestone, process.approval()) {
        (Final, Approval::Missing) => missing.push("Falta la aprobación del CORE."),
        (Final, Approval::Differs { .. }) => {
            missing.push("La final enviada no es la versión que aprobó el CORE.");
        }
        (Final, Approval::Covers { is_later: true, .. }) => {
            missing.push("El CORE aprobó después del envío.");
        }
        (
            CouncilApproval,
            Approval::Uncompared { decision }
            | Approval::Covers { decision, .. }
            | Approval::Differs { decision, .. },
        ) => {
            if let Some(Act::Council(decision)) = register.act(decision) {
                missing.extend(decision.doubts());
                let fixed = register.standing(decision.version);
                let fixed_on = fixed.map(|version| register.registered_on(version.record));
                if fixed_on.is_some_and(|fixed_on| decision.held < fixed_on) {
                    missing.push("La versión aprobada se fijó después de la sesión.");
                }
            }
        }
        _ => {}
    }
    if milestone == Milestone::Fallback && process.previous.is_none() {
        missing.push("No hay una focalización anterior en Focaliza.");
    }
    missing
}

#[cfg(test)]
mod tests;
