//! MTX-4, *Matriz Focalización*: the thirteen elements of MTX-13 (*Guía* L446–452) and what the
//! pilots needed beside them.

use super::{
    Choice, Column, Kind, Need, challenges::CHALLENGES, challenges::OBJECTIVES, choice, column,
};

/// The three legal criteria (*Reglamento* L2348–2359), alone or combined.
const CRITERIA: &[Choice] = &[
    choice("territorial", "Territorial"),
    choice("sectoral", "Sectorial"),
    choice("profile", "Perfil de clientes"),
];

const GENDER: &[Choice] =
    &[choice("women", "Mujeres"), choice("men", "Hombres"), choice("diverse", "Diversidades")];

const ETHNICITY: &[Choice] = &[
    choice("indigenous", "Pueblos originarios"),
    choice("afrodescendant", "Pueblo tribal afrodescendiente"),
];

const AGE: &[Choice] = &[
    choice("young", "Jóvenes"),
    choice("adult", "Personas adultas"),
    choice("senior", "Personas mayores"),
];

const UNITS: &[Choice] = &[
    choice("beneficiaries", "Beneficiarios"),
    choice("firms", "Empresas"),
    choice("people", "Personas"),
    choice("projects", "Proyectos"),
    choice("organisations", "Organizaciones"),
    choice("comunas", "Comunas"),
    choice("satellites", "Satélites"),
    choice("fairs", "Ferias o eventos"),
    choice("other", "Otra"),
];

const FUNDING: &[Choice] = &[
    choice("sercotec", "Sercotec"),
    choice("fndr", "FNDR"),
    choice("frpd", "FRPD"),
    choice("other", "Otra"),
];

const MTX: &str = "Guía L446–452";

/// The columns.
pub const COLUMNS: &[Column] = &[
    column(
        "instrument",
        "Instrumento",
        Kind::Instrument,
        Need::Required,
        MTX,
        "Un instrumento puede tener varias acciones.",
        180,
    ),
    column(
        "action",
        "Acción o proyecto",
        Kind::Text,
        Need::Required,
        MTX,
        "Nombre breve de la acción o del proyecto.",
        220,
    ),
    column(
        "description",
        "Descripción",
        Kind::Narrative,
        Need::Required,
        MTX,
        "En qué consiste.",
        280,
    ),
    column(
        "orientation",
        "Orientación estratégica",
        Kind::Narrative,
        Need::Required,
        MTX,
        "Hacia dónde se orienta; los objetivos se vinculan más a la derecha.",
        260,
    ),
    column(
        "is_focused",
        "¿Considera focalización?",
        Kind::Flag,
        Need::Required,
        MTX,
        "Si la acción se dirige a un territorio, sector o perfil.",
        120,
    ),
    column(
        "criteria",
        "Criterios",
        Kind::Choices(CRITERIA),
        Need::Required,
        "Reglamento L2348–2359",
        "Uno o varios de los tres criterios legales.",
        170,
    ),
    column(
        "gender",
        "Perfil: género",
        Kind::Choices(GENDER),
        Need::Required,
        MTX,
        "Si el criterio es perfil de clientes.",
        130,
    ),
    column(
        "ethnicity",
        "Perfil: etnia",
        Kind::Choices(ETHNICITY),
        Need::Required,
        MTX,
        "Si el criterio es perfil de clientes.",
        150,
    ),
    column(
        "age",
        "Perfil: rango etario",
        Kind::Choices(AGE),
        Need::Required,
        MTX,
        "Si el criterio es perfil de clientes.",
        150,
    ),
    column(
        "other_profile",
        "Perfil: otro",
        Kind::Text,
        Need::Optional,
        "Guía L2193–2233",
        "Un perfil fuera de género, etnia y rango etario, con su justificación.",
        160,
    ),
    column(
        "places",
        "Territorio",
        Kind::Places,
        Need::Required,
        MTX,
        "Región, provincias o comunas.",
        200,
    ),
    column(
        "special_territory",
        "Territorio especial",
        Kind::Text,
        Need::Optional,
        "Reglamento L2350–2352",
        "Modelo de gestión territorial definido por la región.",
        160,
    ),
    column(
        "special_approval",
        "Aprobación del territorio especial",
        Kind::Text,
        Need::Optional,
        "Reglamento L2350–2352",
        "Acto del Gobierno Regional que lo aprobó antes.",
        180,
    ),
    column(
        "sectors",
        "Rubro",
        Kind::Sectors,
        Need::Required,
        MTX,
        "Secciones o subrubros del SII; multisectorial es no marcar ninguno.",
        200,
    ),
    column(
        "budget",
        "Presupuesto",
        Kind::Money,
        Need::Required,
        MTX,
        "Pesos, o «por definir» hasta conocer los montos.",
        140,
    ),
    column(
        "funding",
        "Financiamiento",
        Kind::Choice(FUNDING),
        Need::Optional,
        "Guía L2193–2233",
        "De dónde viene el presupuesto; vacío es Sercotec.",
        120,
    ),
    column(
        "coverage",
        "Cobertura",
        Kind::Integer,
        Need::Required,
        MTX,
        "Cuántos, en la unidad de la columna siguiente.",
        100,
    ),
    column(
        "coverage_unit",
        "Unidad",
        Kind::Choice(UNITS),
        Need::Required,
        MTX,
        "Qué se cuenta: unidades distintas no se suman.",
        120,
    ),
    column(
        "calls",
        "Convocatorias",
        Kind::Integer,
        Need::Optional,
        "Guía L2193–2233",
        "En cuántas convocatorias se divide la acción.",
        110,
    ),
    column(
        "is_commitment",
        "¿Compromiso de gobierno?",
        Kind::Flag,
        Need::Required,
        MTX,
        "Si responde a un compromiso de gobierno.",
        120,
    ),
    column(
        "commitment",
        "Cuál compromiso",
        Kind::Text,
        Need::Required,
        MTX,
        "Nombre del compromiso.",
        160,
    ),
    column(
        "objectives",
        "Objetivo estratégico",
        Kind::References(OBJECTIVES),
        Need::Required,
        MTX,
        "Al menos uno de la matriz anterior.",
        280,
    ),
    column(
        "challenges",
        "Desafío u oportunidad",
        Kind::References(CHALLENGES),
        Need::Required,
        MTX,
        "Al menos uno de la matriz anterior.",
        280,
    ),
    column(
        "justification",
        "Justificación",
        Kind::Narrative,
        Need::Recommended,
        "Reglamento L2361–2363",
        "Por qué este foco: indicador, documento, actor o sesión.",
        240,
    ),
    column(
        "not_arbitrary",
        "¿Foco no arbitrario?",
        Kind::Flag,
        Need::Recommended,
        "Reglamento L2361–2363",
        "Declara que el foco no discrimina sin fundamento.",
        120,
    ),
];
