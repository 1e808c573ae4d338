//! Where the texts contradict each other, and which reading the product takes.

use super::{
    DECREE_64, DECREE_246, GUIDE_INTRODUCTION, GUIDE_LESSONS, GUIDE_METHOD, GUIDE_TECHNICAL,
    JUNTOS_2021, PILOT_2019, REGULATION, Source,
};

/// Two texts that cannot both be followed.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Identifier in the catalogue of requirements: `CON-01`.
    pub id: &'static str,
    /// The places that disagree; the one that prevails comes first.
    pub sources: &'static [Source],
    /// What they disagree on and how the product decides it, in Spanish.
    pub resolution: &'static str,
}

/// The conflict with this identifier.
#[must_use]
pub fn conflict(id: &str) -> Option<&'static Conflict> {
    CONFLICTS.iter().find(|conflict| conflict.id == id)
}

/// The conflicts that decide a rule or a table.
pub static CONFLICTS: [Conflict; 11] = [
    Conflict {
        id: "CON-01",
        sources: &[
            DECREE_246.at("condiciones de ejercicio, párrafo 5"),
            REGULATION.at("punto 8, párrafo 3"),
            GUIDE_METHOD.at("C.4"),
        ],
        resolution: "Los montos preliminares vencen el primer día hábil de diciembre, como fija el \
            decreto. Recibirlos antes también vale; el 30 de noviembre de la Guía se muestra solo \
            como meta.",
    },
    Conflict {
        id: "CON-02",
        sources: &[
            DECREE_246.at("condiciones de ejercicio, párrafo 1"),
            REGULATION.at("hitos, oficio conductor"),
        ],
        resolution: "El Reglamento no da fecha al oficio de inicio; rige la del decreto: del 1 al \
            15 de marzo.",
    },
    Conflict {
        id: "CON-03",
        sources: &[
            DECREE_64.at("art. 1"),
            REGULATION.at("puntos 3 y 10"),
            GUIDE_INTRODUCTION.at("contexto"),
        ],
        resolution: "Son siete ítems de competencia y ocho instrumentos: el ítem b) reúne Capital \
            Semilla y Capital Abeja. La matriz se revisa por los ocho instrumentos.",
    },
    Conflict {
        id: "CON-04",
        sources: &[DECREE_64.at("art. 1, letra d"), REGULATION.at("puntos 2 y 3")],
        resolution: "Almacenes de Chile y Digitaliza tu Almacén ocupan el mismo ítem: es un solo \
            instrumento que cambió de nombre.",
    },
    Conflict {
        id: "CON-07",
        sources: &[
            DECREE_246.at("condiciones de ejercicio, párrafos 7 y 8"),
            REGULATION.at("puntos 8 y 9"),
            GUIDE_LESSONS.at("aprendizaje 4"),
        ],
        resolution: "Un defecto da lugar a un oficio de ajuste y la falta de envío, a repetir la \
            focalización anterior. No existe el rechazo con focalización decidida por Sercotec.",
    },
    Conflict {
        id: "CON-08",
        sources: &[DECREE_246.at("condiciones de ejercicio, párrafo 8"), REGULATION.at("punto 9")],
        resolution: "El plazo cuyo vencimiento activa la focalización del año anterior es el 30 de \
            diciembre. Una preliminar atrasada solo se advierte.",
    },
    Conflict {
        id: "CON-09",
        sources: &[
            REGULATION.at("punto 1"),
            GUIDE_METHOD.at("B.1"),
            PILOT_2019.at("matriz de O'Higgins"),
        ],
        resolution: "Los criterios de focalización son tres: territorial, sectorial y perfil de \
            clientes. «Por objetivo estratégico» es un vínculo de la fila, no un criterio.",
    },
    Conflict {
        id: "CON-10",
        sources: &[
            REGULATION.at("punto 1, criterio territorial"),
            GUIDE_INTRODUCTION.at("contexto"),
        ],
        resolution: "Un territorio especial necesita la aprobación previa del Gobierno Regional; no \
            basta con que la región lo defina.",
    },
    Conflict {
        id: "CON-11",
        sources: &[GUIDE_TECHNICAL.at("Focalización Preliminar"), GUIDE_METHOD.at("C.2")],
        resolution: "Presupuesto y cobertura «estimados» o «exploratorios» son los mismos campos; \
            cambia la base de presupuesto vigente.",
    },
    Conflict {
        id: "CON-12",
        sources: &[
            REGULATION.at("hitos, focalización final"),
            GUIDE_TECHNICAL.at("Focalización con aprobación CORE"),
            GUIDE_METHOD.at("C.6"),
        ],
        resolution: "La aprobación del CORE se acredita con acta, acuerdo o certificado, siempre \
            con número de sesión, fecha y número de acuerdo.",
    },
    Conflict {
        id: "CON-19",
        sources: &[REGULATION.at("punto 3, Juntos"), JUNTOS_2021.at("componente de desarrollo")],
        resolution: "El Reglamento no da período al tope de $31.000.000 de Juntos; el programa lo \
            aplica por año, hasta tres años.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_are_unique_sorted_and_have_two_sides() {
        assert!(CONFLICTS.is_sorted_by_key(|conflict| conflict.id));
        for found in &CONFLICTS {
            assert_eq!(conflict(found.id), Some(found));
            assert!(found.sources.len() >= 2, "{}", found.id);
        }
        assert_eq!(conflict("CON-99"), None);
    }

    #[test]
    fn the_text_that_prevails_ranks_first() {
        for conflict in &CONFLICTS {
            assert!(
                conflict.sources.is_sorted_by_key(|source| source.norm.rank),
                "{}",
                conflict.id
            );
        }
    }
}
