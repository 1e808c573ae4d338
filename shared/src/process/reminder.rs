//! Which of what is due somebody is reminded of, at sensible distances, and in what words. Data in,
//! data out: who sends keeps what was sent, and knows the day.

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Process,
    duty::{Duty, Status, duties},
    milestone::{Institution, Milestone},
};
use crate::{
    access::{Grant, Role},
    format::format_long_date,
    ids::ExerciseId,
    territory,
};

/// Days before the last one on which somebody is reminded; below zero after it. Two weeks are enough to
/// convene people, one to have a letter signed; what is a month late is talked about elsewhere.
pub const DISTANCES: [i64; 9] = [15, 7, 3, 1, 0, -1, -7, -14, -28];

/// What somebody was reminded of. The same is never sent twice; a day that moves is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sent {
    /// Region and budget year.
    pub exercise: ExerciseId,
    /// What is due.
    pub milestone: Milestone,
    /// Its last day.
    pub due: NaiveDate,
    /// One of [`DISTANCES`].
    pub distance: i64,
}

/// Something to remind somebody of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// What is to be kept when it was sent.
    pub of: Sent,
    /// What it is.
    pub duty: Duty,
}

/// Whether somebody of this role works on what an institution owes. Who only decides, signs or reads is
/// not written to: the *Consejo* is convened by its secretary.
#[must_use]
pub fn works_on(role: Role, institution: Institution) -> bool {
    let of_gore = matches!(role, Role::GoreCounterpart | Role::GoreEditor | Role::GoreSignatory);
    let of_office = matches!(role, Role::DrLeader | Role::DrDirector | Role::DrEditor);
    match institution {
        Institution::Gore => of_gore,
        Institution::RegionalOffice => of_office,
        Institution::Jointly => of_gore || of_office,
        Institution::Core => role == Role::CoreSecretary,
        Institution::GeneralManagement | Institution::RegionsManagement => {
            matches!(role, Role::SercotecManager | Role::SercotecReviewer)
        }
        Institution::Other => false,
    }
}

/// What to remind somebody of who may do this and was sent that, the most urgent first. Each exercise is
/// taken on the legal day of its region. The caller sends one mail a day at most, and keeps
/// [`Reminder::of`] of what is in it.
///
/// Of several distances that passed unseen, because no server ran, only the nearest is told.
#[must_use]
pub fn reminders<'a, 'b: 'a>(
    grant: &Grant,
    processes: impl IntoIterator<Item = &'a Process<'b>>,
    sent: &BTreeSet<Sent>,
) -> Vec<Reminder> {
    let mut found = Vec::new();
    for process in processes {
        let exercise = process.register.exercise;
        if !grant.may_read(exercise) {
            continue;
        }
        let owed = duties(process).into_iter().filter(|duty| works_on(grant.role, duty.owed_by));
        found.extend(owed.filter_map(|duty| reminder(exercise, duty, sent)));
    }
    found.sort_by_key(|reminder| {
        (reminder.of.due, !reminder.duty.is_mandatory, reminder.of.exercise, reminder.of.milestone)
    });
    found
}

fn reminder(exercise: ExerciseId, duty: Duty, sent: &BTreeSet<Sent>) -> Option<Reminder> {
    let days_left = match duty.status {
        Status::Open { days_left } => days_left?,
        // What the Guía recommends is not held against anybody who is late with it.
        Status::Overdue { days } if duty.is_mandatory => -days,
        _ => return None,
    };
    let distance = DISTANCES.into_iter().rfind(|distance| days_left <= *distance)?;
    let due = duty.deadline.due()?;
    let of = Sent { exercise, milestone: duty.deadline.milestone, due, distance };
    let told = |known: &Sent| Sent { distance, ..*known } == of && known.distance <= distance;
    if sent.iter().any(told) { None } else { Some(Reminder { of, duty }) }
}

/// A mail as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its subject, on one line.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// The mail to somebody; `None` where there is nothing to tell. `address` is the server's:
/// `https://focaliza.example.org`.
#[must_use]
pub fn mail(name: &str, address: &str, reminders: &[Reminder]) -> Option<Mail> {
    let first = reminders.first()?;
    let region = |id: ExerciseId| {
        let name = territory::region(id.region()).map_or(id.region(), |region| region.name);
        format!("{name} {}", id.budget_year)
    };
    let more = match reminders.len() - 1 {
        0 => String::new(),
        more => format!(" (y {more} más)"),
    };
    let subject = format!(
        "{}: {} · {}{more}",
        first.duty.time(),
        first.duty.title,
        region(first.of.exercise)
    );
    let mut text = format!("Hola, {name}:\n\nEsto es lo que está por vencer o venció:\n");
    for Reminder { of, duty } in reminders {
        let weight = if duty.is_mandatory { "obligatorio" } else { "recomendado por la Guía" };
        let _ = write!(
            text,
            "\n- {}, {}\n  {}: {} ({weight}).\n",
            duty.title,
            region(of.exercise),
            duty.time(),
            format_long_date(of.due),
        );
        for missing in &duty.missing {
            let _ = writeln!(text, "  {missing}");
        }
        let _ = writeln!(text, "  {address}/proceso/{}", of.exercise);
    }
    text.push_str(
        "\nNingún plazo impide seguir escribiendo.\nPara no recibir más estos avisos, avisa a quien \
         administra las cuentas de tu institución.\n",
    );
    Some(Mail { subject, text })
}

#[cfg(test)]
mod tests;
