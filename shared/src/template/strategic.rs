//! MTX-1, *Matriz Estratégica Integrada*: one row per source and aspect (MTX-01…06).

use super::{Choice, Column, Kind, Need, TableId, Target, choice, column};

/// The four sources that the norm asks for at least (MTX-02), then the desirable ones (MTX-03).
const SOURCES: &[Choice] = &[
    choice("erd", "Estrategia Regional de Desarrollo"),
    choice("difoi", "Opinión experta DIFOI"),
    choice("diplade", "Opinión experta DIPLADE"),
    choice("dr", "Dirección Regional Sercotec"),
    choice("document", "Otro documento"),
    choice("expert", "Otra opinión experta"),
    choice("report", "Reporte territorial"),
];

/// The eight *ámbitos* (MTX-05).
pub(super) const ASPECTS: &[Choice] = &[
    choice("economic_productive", "Aspectos económicos productivos"),
    choice("sociocultural", "Aspectos socio culturales"),
    choice("infrastructure", "Aspectos de infraestructura"),
    choice("institutional", "Aspectos institucionales"),
    choice("potentials", "Potencialidades"),
    choice("problems", "Problemáticas"),
    choice("objectives", "Objetivos estratégicos que plantea"),
    choice("segment", "Segmento objetivo"),
];

const DOCUMENTS: Target = Target { table: TableId::Documents, label: "title", kinds: &[] };

/// The columns.
pub const COLUMNS: &[Column] = &[
    column(
        "source",
        "Fuente",
        Kind::Choice(SOURCES),
        Need::Required,
        "Guía L377–380",
        "Al menos la ERD, la DIFOI, la DIPLADE y la Dirección Regional.",
        210,
    ),
    column(
        "document",
        "Documento",
        Kind::Reference(DOCUMENTS),
        Need::Optional,
        "Guía L796–808",
        "Documento fuente del que se toma.",
        200,
    ),
    column(
        "aspect",
        "Ámbito",
        Kind::Choice(ASPECTS),
        Need::Required,
        "Guía L408–421",
        "Uno de los ocho ámbitos de la matriz.",
        200,
    ),
    column(
        "text",
        "Contenido",
        Kind::Narrative,
        Need::Required,
        "Guía L375–376",
        "Lo que la fuente dice en este ámbito sobre emprendedores y empresas de menor tamaño.",
        420,
    ),
    column(
        "no_information",
        "Sin información",
        Kind::Flag,
        Need::Optional,
        "Guía L408–421",
        "La fuente no trata este ámbito.",
        110,
    ),
    column(
        "evidence",
        "Respaldo",
        Kind::Text,
        Need::Optional,
        "Guía L806–808",
        "Indicador, página o enlace que lo respalda.",
        180,
    ),
];
