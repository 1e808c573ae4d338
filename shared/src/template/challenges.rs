//! MTX-3, *Matriz de Desafíos, Oportunidades y Objetivos Estratégicos* (MTX-10…12): three lists in
//! one table, linked many to many.

use super::{Choice, Column, Kind, Need, TableId, Target, choice, column};

const KINDS: &[Choice] = &[
    choice("opportunity", "Oportunidad"),
    choice("challenge", "Desafío"),
    choice("objective", "Objetivo estratégico"),
];

const POTENTIALS: Target = Target { table: TableId::Potentials, label: "text", kinds: &[] };

/// Objectives of this matrix.
pub(crate) const OBJECTIVES: Target =
    Target { table: TableId::Challenges, label: "text", kinds: &["objective"] };

/// Challenges and opportunities of this matrix.
pub(crate) const CHALLENGES: Target =
    Target { table: TableId::Challenges, label: "text", kinds: &["challenge", "opportunity"] };

/// The columns.
pub const COLUMNS: &[Column] = &[
    column(
        "kind",
        "Tipo",
        Kind::Choice(KINDS),
        Need::Required,
        "Guía L439–444",
        "Oportunidad, desafío u objetivo estratégico.",
        150,
    ),
    column(
        "text",
        "Contenido",
        Kind::Narrative,
        Need::Required,
        "Guía L439–444",
        "Para el segmento de emprendedores y empresas de menor tamaño.",
        420,
    ),
    column(
        "priority",
        "Prioridad",
        Kind::Integer,
        Need::Recommended,
        "Guía L926–934",
        "1 es la primera: el foco de intervención se prioriza.",
        100,
    ),
    column(
        "derived_from",
        "Potencialidades y problemáticas",
        Kind::References(POTENTIALS),
        Need::Recommended,
        "Guía L926–934",
        "Las que le dan pie.",
        260,
    ),
    column(
        "objectives",
        "Objetivos a los que aporta",
        Kind::References(OBJECTIVES),
        Need::Recommended,
        "Guía L439–444",
        "Para un desafío u oportunidad: los objetivos estratégicos que lo recogen.",
        260,
    ),
];
