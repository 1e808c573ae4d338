//! What the norms ask of an exercise: rules, and the findings (*avisos*) that they produce.
//!
//! One file is one rule: its Spanish documentation with an example that runs as a test, what it
//! rests on, its check and its odd cases. A rule never keeps anybody from writing or saving; the
//! gravest consequence is that the exercise is not ready to be sent.
//!
//! A rule is plain data with a function. Adding one is writing its file in `rules/<family>/` and
//! one line in the family's list; tests hold its form.

use crate::{
    edit::Edit,
    ids::RowId,
    model::Exercise,
    norms::{Period, Source},
    template::TableId,
};

pub use context::{Context, Stage};
pub use documentation::{Documentation, Example, ExampleCell, ExampleTable};

use report::Report;
use subject::{Action, Subject};

mod amounts;
mod context;
mod documentation;
mod report;
mod subject;
#[cfg(test)]
pub(crate) mod tests;
mod val;
mod wording;

/// Grows with every change that can change a finding. Browser and server tell each other theirs,
/// and what was sent keeps the number that it was checked with.
pub const RULES_VERSION: u32 = 1;

/// What follows from a finding, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not ready to be sent.
    Block,
    /// May be sent with a recorded reason.
    Warn,
    /// Guidance.
    Tip,
}

impl Severity {
    /// What the screen says.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Block => "Impide enviar",
            Self::Warn => "Pide una razón",
            Self::Tip => "Sugerencia",
        }
    }

    /// The word for it in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
            Self::Tip => "tip",
        }
    }
}

/// One rule. Its id is the one of the requirement, printed in official exchanges and never reused.
#[derive(Debug)]
pub struct Rule {
    /// `VAL-07`.
    pub id: &'static str,
    /// The defect that it finds, in Spanish.
    pub title: &'static str,
    /// The gravest consequence that its findings have.
    pub severity: Severity,
    /// The days for which it is law: an exercise is checked with the rules in force on its
    /// [`Context::reference_date`].
    pub in_force: Period,
    /// What it rests on. The strength of the first bounds the severity: only what binds may block,
    /// what we infer may ask for a reason, and the rest suggests.
    pub sources: &'static [Source],
    /// Identifiers of the conflicts between texts that decide it (see [`crate::norms::conflict`]).
    pub conflicts: &'static [&'static str],
    /// Its file, from the root of the repository.
    pub file: &'static str,
    text: &'static str,
    check: Check,
}

/// What a rule looks at. Rules that look at one action after the other are run together on each:
/// its cells are at hand then, and thousands of rows cost half the time.
#[derive(Debug)]
enum Check {
    /// The exercise as a whole.
    Exercise(fn(&Subject<'_>, &mut Report<'_>)),
    /// Each row of the *Matriz Focalización* that the region must inform.
    LegalAction(fn(&Subject<'_>, &Action<'_>, &mut Report<'_>)),
}

impl Rule {
    /// Its Spanish documentation.
    #[must_use]
    pub fn documentation(&self) -> Documentation<'static> {
        Documentation::parse(self.text)
    }

    /// Where it is explained in the app.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/reglas/{}", self.id)
    }
}

/// A defect that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// What follows from it.
    pub severity: Severity,
    /// Where it is.
    pub at: At,
    /// Other places that it concerns.
    pub related: Vec<At>,
    /// What it is: one Spanish sentence of at most 100 characters.
    pub message: String,
    /// An edit that repairs it and takes nothing away that somebody meant.
    pub fix: Option<Edit>,
}

/// A place in an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum At {
    /// The exercise as a whole.
    Exercise,
    /// A table.
    Table(TableId),
    /// A row.
    Row(TableId, RowId),
    /// A cell, by its column's field name.
    Field(TableId, RowId, String),
}

impl At {
    /// The cell of a row.
    #[must_use]
    pub fn field(table: TableId, row: &RowId, field: &str) -> Self {
        Self::Field(table, row.clone(), field.into())
    }

    /// The table that it lies in.
    #[must_use]
    pub fn table(&self) -> Option<TableId> {
        match self {
            Self::Exercise => None,
            Self::Table(table) | Self::Row(table, _) | Self::Field(table, ..) => Some(*table),
        }
    }

    /// The row that it lies in.
    #[must_use]
    pub fn row(&self) -> Option<&RowId> {
        match self {
            Self::Row(_, row) | Self::Field(_, row, _) => Some(row),
            Self::Exercise | Self::Table(_) => None,
        }
    }
}

/// `focus/r1/budget`, or `exercise`.
impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exercise => f.write_str("exercise"),
            Self::Table(table) => f.write_str(table.as_str()),
            Self::Row(table, row) => write!(f, "{}/{row}", table.as_str()),
            Self::Field(table, row, field) => write!(f, "{}/{row}/{field}", table.as_str()),
        }
    }
}

/// All rules, by id.
#[must_use]
pub fn all() -> &'static [&'static Rule] {
    val::RULES
}

/// The rule with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().iter().find(|rule| rule.id == id).copied()
}

/// What the rules in force find, in the order of tables, rows and columns, then of rules.
#[must_use]
pub fn evaluate(exercise: &Exercise, context: &Context) -> Vec<Finding> {
    let subject = Subject::new(exercise, *context);
    let mut found = Vec::new();
    let mut of_actions = Vec::new();
    for rule in all().iter().filter(|rule| rule.in_force.contains(context.reference_date)) {
        match rule.check {
            Check::Exercise(check) => check(&subject, &mut Report::new(rule.id, &mut found)),
            Check::LegalAction(check) => of_actions.push((rule.id, check)),
        }
    }
    for action in subject.legal_actions() {
        for (rule, check) in &of_actions {
            check(&subject, action, &mut Report::new(rule, &mut found));
        }
    }
    report::sort(exercise, found)
}

/// Declares the rule of a file. Its documentation serves rustdoc, the app's page and, through the
/// example in it, the tests.
macro_rules! rule {
    (
        $(#[doc = $line:literal])*
        pub static RULE = {
            id: $id:literal,
            title: $title:literal,
            severity: $severity:ident,
            in_force: $in_force:expr,
            sources: $sources:expr,
            $(conflicts: [$($conflict:literal),*],)?
            check: $scope:ident($check:ident) $(,)?
        }
    ) => {
        $(#[doc = $line])*
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            title: $title,
            severity: $crate::rules::Severity::$severity,
            in_force: $in_force,
            sources: $sources,
            conflicts: &[$($($conflict),*)?],
            file: file!(),
            text: concat!($($line, "\n"),*),
            check: $crate::rules::Check::$scope($check),
        };
    };
}
use rule;
