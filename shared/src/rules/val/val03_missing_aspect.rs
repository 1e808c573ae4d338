use crate::{
    norms::{GUIDE_TECHNICAL, INFERRED, REGULATION},
    rules::{At, report::Report, rule, subject::Subject},
    template::{Choice, TableId},
};

rule! {
    /// La Matriz Estratégica Integrada cubre sus ocho ámbitos.
    ///
    /// # Qué revisa
    /// Que cada ámbito tenga al menos una entrada con contenido. Si todas las entradas de un ámbito
    /// dicen «sin información», basta una razón para enviar; si no hay ninguna, el ejercicio no
    /// está listo.
    ///
    /// # Por qué
    /// El requisito técnico ordena ingresar la información según ocho ámbitos. Que un ámbito pueda
    /// declararse sin información no lo dice ningún texto: es criterio de Focaliza, y por eso pide
    /// una razón en vez de darse por cumplido.
    ///
    /// # Cómo corregir
    /// Agregue lo que la Estrategia o los equipos dicen sobre el ámbito, o una entrada marcada «sin
    /// información» si de verdad no hay nada.
    ///
    /// # Ejemplo
    /// ## strategic !VAL-03 !VAL-03
    /// | id | source | aspect | text | no_information |
    /// |----|--------|--------|------|----------------|
    /// | e1 | erd | economic_productive | Turismo y pesca | |
    /// | e2 | erd | sociocultural | Ferias costumbristas | |
    /// | e3 | erd | infrastructure | | sí |
    /// | e4 | difoi | institutional | Red de fomento activa | |
    /// | e5 | difoi | potentials | Costa y altiplano | |
    /// | e6 | diplade | problems | Faltan canales de venta | |
    /// | e7 | dr | objectives | Diversificar el turismo | |
    pub static RULE = {
        id: "VAL-03",
        title: "Ámbito sin información",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Matriz Estratégica Integrada, ámbitos"),
            REGULATION.at("requerimientos técnicos, letra a.1"),
            INFERRED.at("un ámbito puede declararse sin información, con una razón"),
        ],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let entries = subject.rows(TableId::Strategic);
    let aspects = TableId::Strategic.column("aspect").map_or(&[][..], |c| c.kind.choices());
    for aspect in aspects {
        let of_aspect = || entries.iter().filter(|entry| entry.code("aspect") == aspect.code);
        let silent: Vec<At> = of_aspect()
            .filter(|entry| entry.flag("no_information") == Some(true))
            .map(|entry| At::field(TableId::Strategic, &entry.id, "no_information"))
            .collect();
        if of_aspect().any(|entry| entry.has("text")) {
            continue;
        }
        let at = At::Table(TableId::Strategic);
        if silent.is_empty() {
            report.block(at, missing(aspect));
        } else {
            report.warn(at, declared(aspect)).related = silent;
        }
    }
}

fn missing(aspect: &Choice) -> String {
    format!("El ámbito «{}» no tiene entradas con contenido.", aspect.label)
}

fn declared(aspect: &Choice) -> String {
    format!("El ámbito «{}» solo tiene entradas «sin información».", aspect.label)
}

#[cfg(test)]
mod tests {
    use crate::rules::{Severity, tests::example::findings};

    #[test]
    fn saying_that_there_is_nothing_asks_only_for_a_reason() {
        let found = findings(
            &super::RULE,
            "## strategic
            | id | aspect | text | no_information |
            | e1 | potentials | a | |
            | e2 | problems | | sí |
            | e3 | problems | | |
            | e4 | segment | | |",
        );
        let warned: Vec<_> = found.iter().filter(|f| f.severity == Severity::Warn).collect();
        assert_eq!((found.len(), warned.len()), (7, 1));
        assert!(warned[0].message.contains("«Problemáticas»"));
        assert_eq!(warned[0].related[0].to_string(), "strategic/e2/no_information");
    }
}
