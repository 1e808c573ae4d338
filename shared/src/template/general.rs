//! The tables with fixed rows: the exercise as a whole, its instruments, and decisions taken.

use super::{Column, Kind, Need, column};

/// Row `main`: the exercise as a whole.
pub const GENERAL: &[Column] = &[
    column(
        "national_coherence",
        "Coherencia con políticas nacionales",
        Kind::Flag,
        Need::Recommended,
        "Reglamento L2319–2327",
        "La focalización no contradice las políticas nacionales vigentes.",
        160,
    ),
    column(
        "erd_coherence",
        "Coherencia con la ERD",
        Kind::Flag,
        Need::Recommended,
        "Reglamento L2313–2317",
        "La focalización es coherente con la estrategia regional de desarrollo.",
        160,
    ),
    column(
        "coherence_note",
        "Fundamento",
        Kind::Narrative,
        Need::Optional,
        "Reglamento L2313–2327",
        "Con qué políticas y objetivos es coherente.",
        300,
    ),
];

/// One row per transferred instrument, named after it.
pub const INSTRUMENTS: &[Column] = &[
    column(
        "not_considered",
        "No se considera",
        Kind::Flag,
        Need::Optional,
        "Guía L446–452",
        "La región decide no usar el instrumento este año.",
        130,
    ),
    column(
        "not_considered_reason",
        "Razón",
        Kind::Text,
        Need::Optional,
        "Guía L446–452",
        "Por qué no se considera.",
        260,
    ),
    column(
        "exploratory_budget",
        "Presupuesto exploratorio",
        Kind::Money,
        Need::Optional,
        "Decreto 246 (Guía L248–254)",
        "El que Sercotec informa en junio.",
        160,
    ),
    column(
        "preliminary_amount",
        "Monto preliminar",
        Kind::Money,
        Need::Optional,
        "Decreto 246 (Guía L269–273)",
        "El que Sercotec informa en diciembre.",
        160,
    ),
];

/// One row per decision between values that were written without knowledge of each other.
pub const DECISIONS: &[Column] = &[
    column("cell", "Celda", Kind::Text, Need::Optional, "", "Celda sobre la que se decidió.", 200),
    column("kept", "Valor elegido", Kind::Text, Need::Optional, "", "Valor que quedó.", 160),
    column(
        "discarded",
        "Valor descartado",
        Kind::Text,
        Need::Optional,
        "",
        "Valor que no quedó.",
        160,
    ),
];
