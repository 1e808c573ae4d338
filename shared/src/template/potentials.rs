//! MTX-2, *Matriz de Potencialidades y Problemáticas* (MTX-07…09).

use super::{Choice, Column, Kind, Need, TableId, Target, choice, column};

const KINDS: &[Choice] = &[choice("potential", "Potencialidad"), choice("problem", "Problemática")];

const APPLICABILITY: &[Choice] =
    &[choice("yes", "Sí"), choice("partly", "Parcial"), choice("no", "No")];

const ENTRIES: Target = Target { table: TableId::Strategic, label: "text", kinds: &[] };

/// The columns.
pub const COLUMNS: &[Column] = &[
    column(
        "kind",
        "Tipo",
        Kind::Choice(KINDS),
        Need::Required,
        "Guía L431–437",
        "Potencialidad o problemática.",
        130,
    ),
    column(
        "text",
        "Contenido",
        Kind::Narrative,
        Need::Required,
        "Guía L431–437",
        "Relacionada con la gestión y los instrumentos de Sercotec.",
        380,
    ),
    column(
        "causes",
        "Causas",
        Kind::Narrative,
        Need::Optional,
        "Guía L774",
        "Causas de la problemática.",
        220,
    ),
    column(
        "effects",
        "Efectos",
        Kind::Narrative,
        Need::Optional,
        "Guía L774",
        "Efectos de la problemática.",
        220,
    ),
    column(
        "applicability",
        "¿Aplica a Sercotec?",
        Kind::Choice(APPLICABILITY),
        Need::Recommended,
        "Guía L1445–1447",
        "Si los instrumentos de Sercotec pueden atenderla.",
        130,
    ),
    column(
        "applicability_reason",
        "Por qué",
        Kind::Text,
        Need::Optional,
        "Guía L1445–1447",
        "Razón de la aplicabilidad.",
        200,
    ),
    column(
        "entries",
        "Origen en la Matriz Estratégica",
        Kind::References(ENTRIES),
        Need::Recommended,
        "Guía L917–923",
        "Entradas de la Matriz Estratégica Integrada de las que se desprende.",
        260,
    ),
];
