use crate::{
    norms::{GUIDE_TECHNICAL, REGULATION},
    rules::{At, report::Report, rule, subject::Subject},
    template::TableId,
};

rule! {
    /// La focalización se prepara en las cuatro matrices del Reglamento, y ninguna queda vacía.
    ///
    /// # Qué revisa
    /// Que cada una de las cuatro matrices tenga al menos una fila.
    ///
    /// # Por qué
    /// El Reglamento fija cuatro formatos obligatorios y los llama insumos mínimos exigibles. Cada
    /// matriz se apoya en la anterior: lo que se focaliza debe poder seguirse hasta su diagnóstico.
    ///
    /// # Cómo corregir
    /// Agregue a la matriz lo que el equipo ya sabe, aunque esté incompleto: siempre se puede
    /// seguir después.
    ///
    /// # Ejemplo
    /// ## strategic
    /// | id | source | aspect | text |
    /// |----|--------|--------|------|
    /// | e1 | erd | potentials | La costa atrae turismo todo el año |
    /// ## potentials !VAL-01
    /// | id | kind | text |
    /// |----|------|------|
    /// ## challenges
    /// | id | kind | text |
    /// |----|------|------|
    /// | o1 | objective | Diversificar la oferta turística |
    /// ## focus !VAL-01
    /// | id | instrument | action |
    /// |----|------------|--------|
    pub static RULE = {
        id: "VAL-01",
        title: "Matriz obligatoria vacía",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            REGULATION.at("punto 7"),
            REGULATION.at("requerimientos técnicos, letras a y b"),
            GUIDE_TECHNICAL.at("etapas y requisitos técnicos"),
        ],
        check: Exercise(check),
    }
}

const MATRICES: [TableId; 4] =
    [TableId::Strategic, TableId::Potentials, TableId::Challenges, TableId::Focus];

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for matrix in MATRICES {
        if subject.rows(matrix).is_empty() {
            report.block(At::Table(matrix), empty(matrix));
        }
    }
}

fn empty(matrix: TableId) -> String {
    format!("La {} no tiene filas.", matrix.title())
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::assert_tables;

    #[test]
    fn a_matrix_of_deleted_rows_is_empty() {
        assert_tables(
            &super::RULE,
            "## strategic !VAL-01
            | id | deleted |
            | e1 | sí |
            ## potentials
            | id |
            | p1 |
            ## challenges
            | id |
            | o1 |
            ## focus
            | id |
            | a |",
        );
    }
}
