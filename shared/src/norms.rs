//! The texts that rules and tables rest on, each named once, and where they contradict each other.
//!
//! A rule cites `REGULATION.at("punto 8, párrafo 4")`. Text, link, rank and strength come from the
//! norm, so that a citation cannot claim more than its source gives.

use std::fmt;

use chrono::NaiveDate;

pub use conflicts::{CONFLICTS, Conflict, conflict};

mod conflicts;

/// How far a source binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// A law.
    Law,
    /// A supreme decree.
    Decree,
    /// The Reglamento (Resolución 10.080).
    Regulation,
    /// A technical requirement of the Guía: the minimum input, mirrored by the Reglamento.
    Technical,
    /// A methodological recommendation of the Guía.
    Guide,
    /// A lesson of the pilot that the Guía declares: intent of the design, not a duty.
    Lesson,
    /// Only seen in the tables of the pilot.
    Pilot,
    /// A public fact from outside these texts: calls, press, statistics.
    Outside,
    /// Our inference; stated nowhere.
    Inferred,
}

impl Strength {
    /// Whether someone can be held to it. Only a binding source may keep an exercise from being
    /// ready to send.
    #[must_use]
    pub const fn binding(self) -> bool {
        matches!(self, Self::Law | Self::Decree | Self::Regulation | Self::Technical)
    }

    /// The short mark used in the generated rule documentation.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Law => "Ley",
            Self::Decree => "D",
            Self::Regulation => "R",
            Self::Technical => "T",
            Self::Guide => "G",
            Self::Lesson => "L",
            Self::Pilot => "P",
            Self::Outside => "O",
            Self::Inferred => "I",
        }
    }

    /// What it is, for the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Law => "ley",
            Self::Decree => "decreto",
            Self::Regulation => "reglamento",
            Self::Technical => "requisito técnico",
            Self::Guide => "recomendación",
            Self::Lesson => "aprendizaje del piloto",
            Self::Pilot => "visto en el piloto",
            Self::Outside => "dato público",
            Self::Inferred => "criterio propio",
        }
    }
}

/// The days on which something is in force; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// Without beginning or end.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// From that day on.
    #[must_use]
    pub const fn since(from: NaiveDate) -> Self {
        Self { from: Some(from), to: None }
    }

    /// Whether the day lies in it, both ends included.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A date written in our own tables.
#[must_use]
pub(crate) const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("dates in our tables exist")
}

/// One text with an author: law, decree, guide.
#[derive(Debug, PartialEq, Eq)]
pub struct Norm {
    /// Stable identifier.
    pub id: &'static str,
    /// How it is cited, in Spanish.
    pub name: &'static str,
    /// How far it binds.
    pub strength: Strength,
    /// Its place in the hierarchy: of two texts that clash, the one with the lower number prevails.
    pub rank: u8,
    /// An official and stable address of its text, where one is known.
    pub url: Option<&'static str>,
    /// When it is in force. An open end means that no end is known.
    pub in_force: Period,
}

impl Norm {
    /// An exact place in it, as a reader looks it up: «punto 8, párrafo 3».
    #[must_use]
    pub const fn at(&'static self, place: &'static str) -> Source {
        Source { norm: self, place }
    }
}

/// The exact place that a rule or a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub norm: &'static Norm,
    /// Where in it; empty when it is meant as a whole.
    pub place: &'static str,
}

impl Source {
    /// How far it binds.
    #[must_use]
    pub const fn strength(&self) -> Strength {
        self.norm.strength
    }
}

/// «Reglamento para la Focalización Regional (Resolución 10.080 de 2021), punto 8».
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.norm.name)?;
        if self.place.is_empty() { Ok(()) } else { write!(f, ", {}", self.place) }
    }
}

/// Regional government: coherence with national policy (art. 20 bis), transferred competences.
pub static LAW_19175: Norm = Norm {
    id: "ley-19175",
    name: "Ley 19.175, orgánica constitucional sobre gobierno y administración regional",
    strength: Strength::Law,
    rank: 1,
    url: Some("https://www.bcn.cl/leychile/navegar?idNorma=243771"),
    in_force: Period::since(date(1992, 11, 11)),
};

/// Strengthening of the regions; its fifth transitory article founds the transfer.
pub static LAW_21074: Norm = Norm {
    id: "ley-21074",
    name: "Ley 21.074, de fortalecimiento de la regionalización",
    strength: Strength::Law,
    rank: 1,
    url: Some("https://www.bcn.cl/leychile/navegar?idNorma=1115064"),
    in_force: Period::since(date(2018, 2, 15)),
};

/// Administrative procedure: business days (art. 25). Whether it governs this exchange between
/// two organs is a legal question that the product shows and does not decide.
pub static LAW_19880: Norm = Norm {
    id: "ley-19880",
    name: "Ley 19.880, de bases de los procedimientos administrativos",
    strength: Strength::Law,
    rank: 1,
    url: Some("https://www.bcn.cl/leychile/navegar?idNorma=210676"),
    in_force: Period::since(date(2003, 5, 29)),
};

/// Personal data.
pub static LAW_21719: Norm = Norm {
    id: "ley-21719",
    name: "Ley 21.719, sobre protección y tratamiento de los datos personales",
    strength: Strength::Law,
    rank: 1,
    url: Some("https://www.bcn.cl/leychile/navegar?idNorma=1209272"),
    in_force: Period::since(date(2026, 12, 1)),
};

/// Its article 35 keeps tax figures secret: the SII masks what few informants give.
pub static TAX_CODE: Norm = Norm {
    id: "codigo-tributario",
    name: "Código Tributario (DL 830 de 1974)",
    strength: Strength::Law,
    rank: 1,
    url: Some("https://www.bcn.cl/leychile/navegar?idNorma=6374"),
    in_force: Period::since(date(1974, 12, 31)),
};

/// Names the seven items of the competence, a) to g).
pub static DECREE_64: Norm = Norm {
    id: "decreto-64",
    name: "Decreto 64 de 2019 (Interior)",
    strength: Strength::Decree,
    rank: 2,
    url: None,
    in_force: Period::since(date(2019, 6, 3)),
};

/// Transfers the competence and sets the calendar. Its date is 2020, its publication April 2021
/// (CON-05). It is temporary, but the day on which it ends is not known.
pub static DECREE_246: Norm = Norm {
    id: "decreto-246",
    name: "Decreto 246 de 2020 (Interior; D.O. abril de 2021)",
    strength: Strength::Decree,
    rank: 2,
    url: None,
    in_force: Period::since(date(2021, 4, 16)),
};

/// Sercotec's regulation of the exercise, dated 13-5-2021 and signed in June (CON-18).
pub static REGULATION: Norm = Norm {
    id: "reglamento",
    name: "Reglamento para la Focalización Regional (Resolución 10.080 de 2021)",
    strength: Strength::Regulation,
    rank: 3,
    url: None,
    in_force: Period::since(date(2021, 5, 13)),
};

/// The chapter of the Guía with the minimum inputs.
pub static GUIDE_TECHNICAL: Norm = Norm {
    id: "guia-requisitos",
    name: "Guía de Focalización Regional, requisitos técnicos",
    strength: Strength::Technical,
    rank: 4,
    url: None,
    in_force: Period::since(date(2021, 4, 16)),
};

/// The opening chapters of the Guía: context and scope of the transfer.
pub static GUIDE_INTRODUCTION: Norm = Norm {
    id: "guia-presentacion",
    name: "Guía de Focalización Regional, presentación",
    strength: Strength::Guide,
    rank: 5,
    url: None,
    in_force: Period::since(date(2021, 4, 16)),
};

/// The chapter of the Guía with the recommended method.
pub static GUIDE_METHOD: Norm = Norm {
    id: "guia-recomendaciones",
    name: "Guía de Focalización Regional, recomendaciones metodológicas",
    strength: Strength::Guide,
    rank: 5,
    url: None,
    in_force: Period::since(date(2021, 4, 16)),
};

/// What the Guía says was learnt from the pilot.
pub static GUIDE_LESSONS: Norm = Norm {
    id: "guia-aprendizajes",
    name: "Guía de Focalización Regional, aprendizajes",
    strength: Strength::Lesson,
    rank: 6,
    url: None,
    in_force: Period::since(date(2021, 4, 16)),
};

/// The short exercises of Tarapacá, Valparaíso and O'Higgins at the end of 2019.
pub static PILOT_2019: Norm = Norm {
    id: "piloto-2019",
    name: "Experiencia abreviada de 2019 (Tarapacá, Valparaíso, O'Higgins)",
    strength: Strength::Pilot,
    rank: 7,
    url: None,
    in_force: Period::ALWAYS,
};

/// The monitoring report of the programme *Juntos* for 2021.
pub static JUNTOS_2021: Norm = Norm {
    id: "monitoreo-juntos-2021",
    name: "Informe de monitoreo 2021 del programa Juntos",
    strength: Strength::Outside,
    rank: 8,
    url: None,
    in_force: Period::ALWAYS,
};

/// Sercotec's public account of 2022, on the year 2021.
pub static PUBLIC_ACCOUNT_2022: Norm = Norm {
    id: "cuenta-publica-2022",
    name: "Cuenta Pública Participativa 2022 de Sercotec",
    strength: Strength::Outside,
    rank: 8,
    url: None,
    in_force: Period::ALWAYS,
};

/// The calls that Sercotec publishes; their amounts drift from those of the Reglamento.
pub static CALLS: Norm = Norm {
    id: "convocatorias",
    name: "Convocatorias publicadas por Sercotec",
    strength: Strength::Outside,
    rank: 8,
    url: Some("https://www.sercotec.cl"),
    in_force: Period::ALWAYS,
};

/// What we infer and no text says.
pub static INFERRED: Norm = Norm {
    id: "criterio-propio",
    name: "Criterio de Focaliza, no establecido en norma",
    strength: Strength::Inferred,
    rank: 9,
    url: None,
    in_force: Period::ALWAYS,
};

/// Every norm, by rank.
pub static NORMS: [&Norm; 17] = [
    &LAW_19175,
    &LAW_21074,
    &LAW_19880,
    &LAW_21719,
    &TAX_CODE,
    &DECREE_64,
    &DECREE_246,
    &REGULATION,
    &GUIDE_TECHNICAL,
    &GUIDE_INTRODUCTION,
    &GUIDE_METHOD,
    &GUIDE_LESSONS,
    &PILOT_2019,
    &JUNTOS_2021,
    &PUBLIC_ACCOUNT_2022,
    &CALLS,
    &INFERRED,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn norms_are_unique_and_in_the_order_of_their_rank() {
        let ids: HashSet<_> = NORMS.iter().map(|norm| norm.id).collect();
        assert_eq!(ids.len(), NORMS.len());
        assert!(NORMS.is_sorted_by_key(|norm| (norm.rank, norm.strength)));
        assert!(NORMS.iter().all(|norm| norm.url.is_none_or(|url| url.starts_with("https://"))));
    }

    #[test]
    fn only_law_decree_regulation_and_technical_requirements_bind() {
        let binding: HashSet<_> = NORMS
            .iter()
            .filter(|norm| norm.strength.binding())
            .map(|norm| norm.strength.mark())
            .collect();
        assert_eq!(binding, HashSet::from(["Ley", "D", "R", "T"]));
    }

    #[test]
    fn a_source_reads_as_a_citation() {
        assert_eq!(
            REGULATION.at("punto 8, párrafo 3").to_string(),
            "Reglamento para la Focalización Regional (Resolución 10.080 de 2021), punto 8, párrafo 3"
        );
        assert_eq!(INFERRED.at("").to_string(), INFERRED.name);
    }

    #[test]
    fn a_period_includes_both_ends() {
        let period = Period { from: Some(date(2021, 5, 13)), to: Some(date(2021, 5, 14)) };
        let days: Vec<bool> = (12..=15).map(|day| period.contains(date(2021, 5, day))).collect();
        assert_eq!(days, [false, true, true, false]);
        assert!(Period::ALWAYS.contains(date(1900, 1, 1)));
        assert!(!LAW_21719.in_force.contains(date(2026, 11, 30)));
    }
}
