//! The columns of every table, described once: grid, validation, import and export read them here.
//!
//! The national columns are those of *Reglamento* §6 and *Guía* stages A to C
//! (`requirements.md` §1.6). A region adds its own as rows of [`TableId::Columns`], and what they
//! offer to choose from as rows of [`TableId::Options`].

mod challenges;
mod check;
mod documents;
mod focus;
mod general;
mod options;
mod potentials;
mod regional;
mod strategic;

pub(crate) use challenges::{CHALLENGES, OBJECTIVES};
pub use check::{Misfit, fits, fitted, is_narrative, was_narrative};
pub use options::{is_offered, moved_option, new_option, options_of};
pub use regional::{
    AnyColumn, RegionalColumn, all_columns, holds_data, kind_of_field, moved_column, new_column,
    regional_columns, removed_columns,
};

use serde::{Deserialize, Serialize};

/// The tables of an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableId {
    /// Source documents, each with its *Ficha de Análisis Estratégico*.
    Documents,
    /// MTX-1, *Matriz Estratégica Integrada*.
    Strategic,
    /// MTX-2, *Matriz de Potencialidades y Problemáticas*.
    Potentials,
    /// MTX-3, *Matriz de Desafíos, Oportunidades y Objetivos Estratégicos*.
    Challenges,
    /// MTX-4, *Matriz Focalización*, the users' *focalizador*.
    Focus,
    /// One row per transferred instrument: amounts received, and "no se considera".
    Instruments,
    /// One row, `main`: what concerns the exercise as a whole.
    General,
    /// The columns that the region added.
    Columns,
    /// Choices between values that were written without knowledge of each other.
    Decisions,
    /// What the region's own columns of choice offer.
    Options,
}

impl TableId {
    /// All tables, in the order of the process.
    pub const ALL: [Self; 10] = [
        Self::Documents,
        Self::Strategic,
        Self::Potentials,
        Self::Challenges,
        Self::Focus,
        Self::Instruments,
        Self::General,
        Self::Columns,
        Self::Decisions,
        Self::Options,
    ];

    /// The tables that people fill in row by row; the rest have fixed rows or forms of their own.
    pub const GRIDS: [Self; 5] =
        [Self::Documents, Self::Strategic, Self::Potentials, Self::Challenges, Self::Focus];

    /// Its name in keys, files and addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Strategic => "strategic",
            Self::Potentials => "potentials",
            Self::Challenges => "challenges",
            Self::Focus => "focus",
            Self::Instruments => "instruments",
            Self::General => "general",
            Self::Columns => "columns",
            Self::Decisions => "decisions",
            Self::Options => "options",
        }
    }

    /// The inverse of [`TableId::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.as_str() == text)
    }

    /// Its title, as the *Reglamento* writes it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Documents => "Documentos fuente",
            Self::Strategic => "Matriz Estratégica Integrada",
            Self::Potentials => "Matriz de Potencialidades y Problemáticas",
            Self::Challenges => "Matriz de Desafíos, Oportunidades y Objetivos Estratégicos",
            Self::Focus => "Matriz Focalización",
            Self::Instruments => "Instrumentos y montos",
            Self::General => "Antecedentes generales",
            Self::Columns => "Columnas de la región",
            Self::Decisions => "Decisiones",
            Self::Options => "Opciones de la región",
        }
    }

    /// Its national columns, in their order.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Documents => documents::COLUMNS,
            Self::Strategic => strategic::COLUMNS,
            Self::Potentials => potentials::COLUMNS,
            Self::Challenges => challenges::COLUMNS,
            Self::Focus => focus::COLUMNS,
            Self::Instruments => general::INSTRUMENTS,
            Self::General => general::GENERAL,
            Self::Columns => regional::COLUMNS,
            Self::Decisions => general::DECISIONS,
            Self::Options => options::COLUMNS,
        }
    }

    /// A national column by its field name.
    #[must_use]
    pub fn column(self, field: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.field == field)
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in keys and files; never reused for another meaning.
    pub field: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether the norm asks for it.
    pub need: Need,
    /// Where it comes from, as an exact place in the sources.
    pub source: &'static str,
    /// One sentence for the person who fills it in.
    pub help: &'static str,
    /// Width in the grid at first, in pixels.
    pub width: u16,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A short text.
    Text,
    /// A long text, merged by character.
    Narrative,
    /// A count from zero.
    Integer,
    /// Chilean pesos, or a state such as "por definir".
    Money,
    /// Yes or no.
    Flag,
    /// A civil date.
    Date,
    /// One of these.
    Choice(&'static [Choice]),
    /// Any of these.
    Choices(&'static [Choice]),
    /// One row of another table.
    Reference(Target),
    /// Any rows of another table.
    References(Target),
    /// One instrument of the budget year.
    Instrument,
    /// Any regions, provinces and communes, by CUT code.
    Places,
    /// Any economic sectors (SII *rubros*).
    Sectors,
}

impl Kind {
    /// Whether its cells hold members rather than one value.
    #[must_use]
    pub fn is_set(self) -> bool {
        matches!(self, Self::Choices(_) | Self::References(_) | Self::Places | Self::Sectors)
    }

    /// The choices, where it has a closed list of them.
    #[must_use]
    pub fn choices(self) -> &'static [Choice] {
        match self {
            Self::Choice(choices) | Self::Choices(choices) => choices,
            _ => &[],
        }
    }

    /// The rows that it may name, where it names rows.
    #[must_use]
    pub fn target(self) -> Option<Target> {
        match self {
            Self::Reference(target) | Self::References(target) => Some(target),
            _ => None,
        }
    }
}

/// Which rows a reference may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The table.
    pub table: TableId,
    /// The field that labels a row to a person.
    pub label: &'static str,
    /// Only rows whose `kind` is one of these; empty for all rows.
    pub kinds: &'static [&'static str],
}

/// One of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Stored.
    pub code: &'static str,
    /// Shown.
    pub label: &'static str,
}

/// Whether the norm asks for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Minimum input (*Reglamento* §6, *requisito técnico*).
    Required,
    /// Recommended by the *Guía*.
    Recommended,
    /// Neither.
    Optional,
}

const fn choice(code: &'static str, label: &'static str) -> Choice {
    Choice { code, label }
}

const fn column(
    field: &'static str,
    title: &'static str,
    kind: Kind,
    need: Need,
    source: &'static str,
    help: &'static str,
    width: u16,
) -> Column {
    Column { field, title, kind, need, source, help, width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::is_name;

    #[test]
    fn columns_are_well_formed() {
        for table in TableId::ALL {
            assert_eq!(TableId::parse(table.as_str()), Some(table));
            let mut fields: Vec<_> = table.columns().iter().map(|column| column.field).collect();
            fields.sort_unstable();
            assert!(fields.is_sorted_by(|a, b| a < b), "{table:?} repeats a field: {fields:?}");
            for column in table.columns() {
                assert!(is_name(column.field, 40) && !column.field.starts_with("x_"), "{column:?}");
                for choice in column.kind.choices() {
                    assert!(is_name(choice.code, 40), "{choice:?}");
                }
                if let Some(target) = column.kind.target() {
                    assert!(target.table.column(target.label).is_some(), "{column:?}");
                }
            }
        }
    }

    #[test]
    fn the_focus_matrix_has_the_thirteen_elements() {
        // MTX-13: instrumento, acción, descripción, orientación, considera focalización, perfil,
        // territorio, rubro, presupuesto, cobertura, compromiso, objetivo, desafío u oportunidad.
        for field in [
            "instrument",
            "action",
            "description",
            "orientation",
            "is_focused",
            "gender",
            "places",
            "sectors",
            "budget",
            "coverage",
            "is_commitment",
            "objectives",
            "challenges",
        ] {
            let column = TableId::Focus.column(field).expect(field);
            assert_eq!(column.need, Need::Required, "{field}");
        }
    }
}
