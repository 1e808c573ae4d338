use crate::{
    norms::{GUIDE_TECHNICAL, REGULATION},
    rules::{At, report::Report, rule, subject::Subject},
    template::TableId,
};

rule! {
    /// La Matriz Estratégica Integrada recoge al menos cuatro fuentes.
    ///
    /// # Qué revisa
    /// Que haya al menos una entrada con contenido de la Estrategia Regional de Desarrollo, de la
    /// DIFOI, de la DIPLADE y de la Dirección Regional de Sercotec. Una entrada «sin información»
    /// no cuenta: dice que la fuente calla.
    ///
    /// # Por qué
    /// El requisito técnico pide que la información provenga «al menos» de esas cuatro fuentes. Son
    /// las dos miradas del Gobierno Regional, la de Sercotec y el acuerdo de la región sobre su
    /// desarrollo.
    ///
    /// # Cómo corregir
    /// Agregue lo que aporta la fuente que falta. Si todavía no se le ha preguntado, es la primera
    /// tarea de la próxima sesión.
    ///
    /// # Ejemplo
    /// ## strategic !VAL-02 !VAL-02
    /// | id | source | aspect | text | no_information |
    /// |----|--------|--------|------|----------------|
    /// | e1 | erd | potentials | La costa atrae turismo todo el año | |
    /// | e2 | difoi | problems | Faltan canales de venta | |
    /// | e3 | diplade | infrastructure | | sí |
    /// | e4 | expert | segment | Artesanas del altiplano | |
    pub static RULE = {
        id: "VAL-02",
        title: "Fuente mínima sin aportes",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Matriz Estratégica Integrada, párrafo 1"),
            REGULATION.at("requerimientos técnicos, letra a.1"),
        ],
        check: Exercise(check),
    }
}

const SOURCES: [(&str, &str); 4] = [
    ("erd", "la Estrategia Regional de Desarrollo"),
    ("difoi", "la DIFOI"),
    ("diplade", "la DIPLADE"),
    ("dr", "la Dirección Regional de Sercotec"),
];

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let entries = subject.rows(TableId::Strategic);
    for (source, name) in SOURCES {
        if !entries.iter().any(|entry| entry.code("source") == source && entry.has("text")) {
            report.block(At::Table(TableId::Strategic), missing(name));
        }
    }
}

fn missing(source: &str) -> String {
    format!("La Matriz Estratégica Integrada no recoge aportes de {source}.")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::*;

    #[test]
    fn an_entry_without_content_is_no_contribution() {
        let tables = "## strategic !VAL-02 !VAL-02
            | id | source | text | deleted |
            | e1 | erd | a | |
            | e2 | difoi | b | |
            | e3 | diplade | | |
            | e4 | dr | c | sí |";
        assert_tables(&super::RULE, tables);
        let found = findings(&super::RULE, tables);
        assert!(found[0].message.contains("DIPLADE") && found[1].message.contains("Sercotec"));
    }
}
