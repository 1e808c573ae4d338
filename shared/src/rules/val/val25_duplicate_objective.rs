use crate::{
    edit::Edit,
    key::Key,
    model::{Cell, Row},
    norms::{INFERRED, PILOT_2019, REGULATION},
    rules::{
        At,
        report::Report,
        rule,
        subject::{Action, Subject, quote},
        wording::{Wordings, typed_number},
    },
    template::TableId,
};

rule! {
    /// Un objetivo se escribe una vez y se vincula; no se copia ni se numera a mano.
    ///
    /// # Qué revisa
    /// Que ninguna fila de desafíos, oportunidades y objetivos repita a otra de su tipo ni copie un
    /// objetivo, aunque cambie el orden o una palabra; que no lleven un número escrito al comienzo,
    /// y que la orientación de una acción no copie objetivos ni los numere.
    ///
    /// # Por qué
    /// En el piloto, el mismo objetivo aparece escrito de varias maneras y con numeraciones que se
    /// cortan («1, 2, 5, 4»). Vinculado, se corrige en un solo lugar y se puede contar qué acciones
    /// le responden.
    ///
    /// # Cómo corregir
    /// Deje una sola fila, vincule las acciones a ella y elimine la repetida. Si dos textos dicen
    /// cosas distintas, redáctelos de modo que se note. Los números sobran: las filas ya tienen
    /// orden.
    ///
    /// # Ejemplo
    /// ## challenges
    /// | id | kind | text |
    /// |----|------|------|
    /// | o1 | objective | Favorecer el desarrollo de la economía circular y la industria 4.0 |
    /// | o2 | objective | Fomentar el desarrollo de la economía circular y la industria 4.0 !VAL-25 |
    /// | o3 | objective | 3.- Articular la red de fomento !VAL-25 |
    /// | o4 | objective | Diversificar la oferta turística |
    /// ## focus
    /// | id | instrument | action | orientation |
    /// |----|------------|--------|-------------|
    /// | a | crece | Crece costa | Diversificar la oferta turística !VAL-25 |
    /// | b | juntos | Redes | Que los grupos vendan fuera de la región |
    pub static RULE = {
        id: "VAL-25",
        title: "Objetivo repetido o numerado a mano",
        severity: Tip,
        in_force: REGULATION.in_force,
        sources: &[
            PILOT_2019.at("matriz de Tarapacá"),
            INFERRED.at("un objetivo se escribe una vez"),
        ],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let is_objective = |row: &&&Row| row.code("kind") == "objective";
    let rows = subject.rows(TableId::Challenges);
    let mut objectives: Wordings<&Row> = Wordings::new();
    for row in rows.iter().filter(is_objective) {
        repeated(report, row, objectives.add(row.text("text"), row));
    }
    let mut others: Wordings<(&str, &Row)> = Wordings::new();
    for row in rows.iter().filter(|row| !is_objective(row)) {
        let (text, kind) = (row.text("text"), row.code("kind"));
        let same = others.add(text, (kind, row)).filter(|(other, _)| *other == kind);
        repeated(report, row, objectives.find(text).or(same.map(|(_, row)| row)));
    }
    for row in rows {
        numbered(report, row);
    }
    for action in subject.legal_actions() {
        orientation(report, action, &objectives);
    }
}

fn repeated(report: &mut Report<'_>, row: &Row, other: Option<&Row>) {
    if let Some(other) = other {
        let at = |row: &Row| At::field(TableId::Challenges, &row.id, "text");
        let message =
            if other.code("kind") == row.code("kind") { repeats(row) } else { copies(row) };
        report.tip(at(row), message).related = vec![at(other)];
    }
}

fn numbered(report: &mut Report<'_>, row: &Row) {
    if let Some(Cell::Narrative(text)) = row.cells.get("text")
        && let Some(delete) = typed_number(text)
    {
        let key = Key::cell(TableId::Challenges, &row.id, "text");
        let fix = Edit::SpliceText { key, at: 0, delete, insert: String::new() };
        let at = At::field(TableId::Challenges, &row.id, "text");
        report.tip(at, carries_number(row)).fix = Some(fix);
    }
}

fn orientation(report: &mut Report<'_>, action: &Action<'_>, objectives: &Wordings<&Row>) {
    let mut copied = Vec::new();
    let mut numbered = false;
    for part in action.row.text("orientation").split(';').flat_map(str::lines) {
        let number = typed_number(part);
        numbered |= number.is_some();
        let text = &part[number.unwrap_or(0)..];
        let objective = objectives.find(text);
        copied.extend(objective.map(|row| At::Row(TableId::Challenges, row.id.clone())));
    }
    if !copied.is_empty() {
        report.tip(action.field("orientation"), retypes(action)).related = copied;
    } else if numbered {
        report.tip(action.field("orientation"), enumerates(action));
    }
}

fn repeats(row: &Row) -> String {
    format!("{} repite lo que ya dice otra fila.", quote(row.text("text")))
}

fn copies(row: &Row) -> String {
    format!("{} repite un objetivo: basta vincularlo.", quote(row.text("text")))
}

fn carries_number(row: &Row) -> String {
    format!("{} lleva un número escrito a mano.", quote(row.text("text")))
}

fn retypes(action: &Action<'_>) -> String {
    format!("{} copia un objetivo en su orientación: basta vincularlo.", action.name())
}

fn enumerates(action: &Action<'_>) -> String {
    format!("{} numera objetivos a mano en su orientación.", action.name())
}

#[cfg(test)]
mod tests {
    use crate::{edit::Edit, rules::tests::example::*};

    #[test]
    fn a_challenge_may_not_copy_an_objective_nor_another_challenge() {
        assert_tables(
            &super::RULE,
            "## challenges
            | id | kind | text |
            | d1 | challenge | Instalar una cultura de innovación !VAL-25 |
            | d2 | challenge | Acortar la brecha digital |
            | p1 | opportunity | Acortar la brecha digital |
            | d3 | challenge | La brecha digital: acortar !VAL-25 |
            | o1 | objective | Instalar una cultura de innovación |
            | o2 | objective | |
            | o3 | objective | |",
        );
    }

    #[test]
    fn the_pilots_way_of_naming_objectives_is_noticed() {
        assert_tables(
            &super::RULE,
            "## challenges
            | id | kind | text |
            | o1 | objective | Diversificar la oferta turística |
            ## focus
            | id | orientation |
            | a | 1.- Turismo; 2-Minería !VAL-25 |
            | b | 1.- Diversificar la oferta turística; 2.- Otra cosa !VAL-25 |
            | c | Industria 4.0; 20 % más de ventas |",
        );
    }

    #[test]
    fn the_fix_takes_the_number_away() {
        let found = findings(
            &super::RULE,
            "## challenges
            | id | kind | text |
            | o1 | objective | 1.- Turismo |",
        );
        let Some(Edit::SpliceText { at, delete, insert, .. }) = &found[0].fix else {
            panic!("{found:?}")
        };
        assert_eq!((*at, *delete, insert.as_str()), (0, 4, ""));
    }
}
