//! The table of instruments.
//!
//! Sources: Decreto 64 de 2019 (items), Reglamento punto 3 (caps), the pilot of 2019 and
//! Sercotec's public account of 2022 (other names), published calls (later amounts).

use super::{CapPeriod, CapRule, Instrument, UnitCap, Years};
use crate::norms::{
    CALLS, DECREE_64, INFERRED, JUNTOS_2021, PILOT_2019, PUBLIC_ACCOUNT_2022, Period, REGULATION,
    Source, date,
};

/// The Reglamento dates from 2021, but the regions exercised the same eight instruments in the
/// pilot for the budget of 2019, which Decreto 64 of that year had named. The records are valid
/// from then on, so that those exercises can be kept; only the caps begin with the Reglamento.
const SINCE_DECREE_64: Years = Years { from: 2019, to: None };

const SINCE_REGULATION: Period = Period::since(date(2021, 5, 13));

const CAPS_TABLE: Source = REGULATION.at("punto 3");

const fn at_most(concept: &'static str, amount: i64) -> CapRule {
    CapRule {
        concept,
        min: None,
        max: Some(amount),
        period: None,
        in_force: SINCE_REGULATION,
        source: CAPS_TABLE,
    }
}

const fn at_least(concept: &'static str, amount: i64) -> CapRule {
    CapRule { min: Some(amount), max: None, ..at_most(concept, amount) }
}

const fn by_regulation(amount: i64, basis: &'static str) -> UnitCap {
    UnitCap { amount, years: SINCE_DECREE_64, basis, source: CAPS_TABLE }
}

const fn by_calls(amount: i64, from: i32, to: i32, basis: &'static str) -> UnitCap {
    UnitCap { amount, years: Years { from, to: Some(to) }, basis, source: CALLS.at("") }
}

const STARTING_BUSINESS: [CapRule; 3] = [
    at_most("plan de trabajo completo", 3_500_000),
    at_least("acciones de gestión empresarial", 200_000),
    at_most("inversiones", 3_300_000),
];

const STARTING_BUSINESS_UNIT: UnitCap = by_regulation(3_500_000, "tope del plan de trabajo");

const fn transferred(
    id: &'static str,
    name: &'static str,
    item: char,
    source: Source,
) -> Instrument {
    Instrument {
        id,
        name,
        full_name: name,
        item: Some(item),
        covers: &[],
        succeeds: None,
        aliases: &[],
        women_only: false,
        years: SINCE_DECREE_64,
        caps: &[],
        unit_caps: &[],
        source,
    }
}

const fn other(
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    source: Source,
) -> Instrument {
    Instrument { item: None, aliases, ..transferred(id, name, 'a', source) }
}

const ITEM_A: Source = DECREE_64.at("art. 1, letra a");
const ITEM_B: Source = DECREE_64.at("art. 1, letra b");
const ITEM_C: Source = DECREE_64.at("art. 1, letra c");
const ITEM_D: Source = DECREE_64.at("art. 1, letra d");
const ITEM_E: Source = DECREE_64.at("art. 1, letra e");
const ITEM_F: Source = DECREE_64.at("art. 1, letra f");
const ITEM_G: Source = DECREE_64.at("art. 1, letra g");
const PILOT: Source = PILOT_2019.at("matriz de Tarapacá");
const ACCOUNT: Source = PUBLIC_ACCOUNT_2022.at("programas");

/// All instruments: the eight transferred ones in the order of their items, the joint entry, and
/// those outside the transfer.
pub static INSTRUMENTS: [Instrument; 20] = [
    Instrument {
        full_name: "Crece, Fondo de Desarrollo de Negocios",
        aliases: &["CRECE Abeja", "Crece Multisectorial"],
        caps: &[
            at_most("acciones de gestión empresarial", 1_000_000),
            at_most("inversiones", 6_000_000),
        ],
        unit_caps: &[
            by_calls(5_000_000, 2024, 2025, "total en las convocatorias de 2024 y 2025"),
            by_regulation(7_000_000, "suma de ambos topes; el Reglamento no dice si se acumulan"),
        ],
        ..transferred("crece", "Crece", 'a', ITEM_A)
    },
    Instrument {
        aliases: &[
            "Capital Semilla",
            "Semilla Emprende",
            "Semilla",
            "EDE Semilla",
            "EDE Jóvenes",
            "Adulto Mejor Semilla",
        ],
        caps: &STARTING_BUSINESS,
        unit_caps: &[STARTING_BUSINESS_UNIT],
        ..transferred("semilla_emprende", "Capital Semilla Emprende", 'b', ITEM_B)
    },
    Instrument {
        aliases: &["Capital Abeja", "Abeja Emprende", "Abeja", "EDE Abeja"],
        women_only: true,
        caps: &STARTING_BUSINESS,
        unit_caps: &[STARTING_BUSINESS_UNIT],
        ..transferred("abeja_emprende", "Capital Abeja Emprende", 'b', ITEM_B)
    },
    Instrument {
        full_name: "Mejora Negocios, Fondo de Asesorías Empresariales",
        aliases: &["MejoraNegocios", "MN especializado"],
        caps: &[at_most("asesorías", 400_000), at_most("asesorías especializadas", 1_500_000)],
        unit_caps: &[by_regulation(1_500_000, "el mayor de ambos topes: son dos modalidades")],
        ..transferred("mejora_negocios", "Mejora Negocios", 'c', ITEM_C)
    },
    Instrument {
        succeeds: Some("Almacenes de Chile"),
        aliases: &["Almacenes", "Almacenes de Chile / Digitaliza tu Almacén"],
        caps: &[
            at_most("asistencia técnica, capacitación y marketing", 350_000),
            at_most("máquinas, equipos y herramientas digitales", 1_500_000),
        ],
        unit_caps: &[
            by_calls(2_950_000, 2025, 2025, "total en la convocatoria de Ñuble de 2025"),
            by_regulation(1_850_000, "suma de ambos topes"),
        ],
        ..transferred("digitaliza_almacen", "Digitaliza tu Almacén", 'd', ITEM_D)
    },
    Instrument {
        aliases: &["Promoción", "Promoción y Comercialización", "Canales de Comercialización"],
        ..transferred("promocion_canales", "Promoción y Canales de Comercialización", 'e', ITEM_E)
    },
    Instrument {
        aliases: &[
            "Redes",
            "Redes de Oportunidades",
            "Redes de Oportunidades de Negocio",
            "Redes Oportunidades de Negocio",
        ],
        ..transferred("redes_oportunidades", "Redes de Oportunidades de Negocios", 'f', ITEM_F)
    },
    Instrument {
        full_name: "Juntos, Fondo para Negocios Asociativos",
        aliases: &["Juntos Zona Rezagada"],
        caps: &[
            at_most("análisis de factibilidad", 4_000_000),
            // The amount is the Reglamento's; that it counts per year says the programme (CON-19).
            CapRule { period: Some(CapPeriod::Year), ..at_most("plan de trabajo", 31_000_000) },
            at_most("inversiones grupales o individuales, dentro del total", 25_000_000),
        ],
        unit_caps: &[UnitCap {
            source: JUNTOS_2021.at("componente de desarrollo"),
            ..by_regulation(31_000_000, "tope del plan de trabajo, que el programa aplica por año")
        }],
        ..transferred("juntos", "Juntos", 'g', ITEM_G)
    },
    Instrument {
        full_name: "Capital Semilla y Capital Abeja Emprende",
        covers: &["semilla_emprende", "abeja_emprende"],
        aliases: &[
            "Semilla y Abeja",
            "Capital Semilla Emprende y Abeja",
            "Capital Semilla Emprende y Capital Abeja Emprende",
        ],
        unit_caps: &[STARTING_BUSINESS_UNIT],
        ..transferred("emprende", "Emprende", 'b', PILOT)
    },
    other("formacion", "Formación Empresarial", &["Formación"], PILOT),
    other("ferias_libres", "Ferias Libres", &[], PILOT),
    other("gremios", "Fortalecimiento Gremial y Cooperativo", &["Gremios"], PILOT),
    other("barrios_comerciales", "Barrios Comerciales", &[], ACCOUNT),
    other("centros_negocios", "Centros de Negocios", &["CDN"], ACCOUNT),
    other("punto_mipe", "Punto MIPE", &[], ACCOUNT),
    other("iges", "IGEs", &[], ACCOUNT),
    other("formalizate", "Formalízate", &[], ACCOUNT),
    other("ruta_digital", "Ruta Digital", &[], ACCOUNT),
    other("reactivate", "Reactívate", &[], ACCOUNT),
    // Regional funds pay for more than Sercotec's list knows; their rows must fit somewhere.
    other("otro", "Otro instrumento", &["Otro"], INFERRED.at("")),
];
