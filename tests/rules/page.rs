//! `docs/reglas.md`: the page on which Sercotec's lawyers read what the product asks.

use std::fmt::Write;

use shared::{
    format::format_date,
    norms::{self, Norm, Period, Source, Strength},
    rules::{ExampleTable, Rule, Severity, all},
};

const INTRODUCTION: &str = "\
# Reglas

*Generado con `cargo xtask rules` desde `shared/src/rules`; no editar. La misma documentación está \
en la aplicación, en `/reglas`.*

Una regla produce **avisos**. Ningún aviso impide escribir ni guardar; cada uno tiene una de tres \
consecuencias, y la consecuencia depende de la fuerza de la fuente:

| Consecuencia | Qué significa | Qué fuente la permite |
|---|---|---|
| Impide enviar | El ejercicio no está listo. Quien firma puede enviarlo igual, con una razón escrita: \
la norma responde a los defectos con un oficio, no con un rechazo (CON-07). | Ley, decreto (D), \
reglamento (R) o requisito técnico de la Guía (T), con su lugar exacto |
| Pide una razón | Se puede enviar dejando escrita la razón. | También un criterio propio de \
Focaliza (I) |
| Sugerencia | Orientación. | También recomendaciones de la Guía (G), aprendizajes (L), el piloto \
(P) y datos públicos (O) |

Una regla puede tener avisos menos graves que su consecuencia mayor; lo dice en «Qué revisa». \
VAL-20 no es una regla: los totales se calculan y nadie puede escribirlos. VAL-09 a VAL-12 y \
VAL-17 tratan del envío y de quienes firman, y no se revisan en el ejercicio.

**Revisión jurídica: por validar**, en todas las reglas. Solo la registra quien la hace.
";

/// The whole page.
pub fn write() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n| Regla | Defecto | Consecuencia mayor |\n|---|---|---|\n");
    for rule in all() {
        let (id, title, label) = (rule.id, rule.title, rule.severity.label());
        line(&mut page, &format!("| [{id}](#{}) | {title} | {label} |", id.to_lowercase()));
    }
    all().iter().for_each(|rule| section(&mut page, rule));
    index(&mut page);
    page
}

fn section(page: &mut String, rule: &Rule) {
    let text = rule.documentation();
    line(page, &format!("\n<a id=\"{}\"></a>\n", rule.id.to_lowercase()));
    line(page, &format!("## {} · {}\n", rule.id, rule.title));
    line(page, &format!("{}\n", text.summary));
    line(page, &format!("- Consecuencia mayor: **{}**", rule.severity.label()));
    line(page, &format!("- Vigencia: {}", period(rule.in_force)));
    line(page, &format!("- Archivo: `{}`", rule.file.replace('\\', "/")));
    line(page, "- Fundamento:");
    for source in rule.sources {
        line(page, &format!("  - **{}** {}", source.strength().mark(), citation(source)));
    }
    for conflict in rule.conflicts.iter().filter_map(|id| norms::conflict(id)) {
        line(page, &format!("- {}: {}", conflict.id, conflict.resolution));
    }
    for (heading, body) in
        [("Qué revisa", text.checks), ("Por qué", text.reason), ("Cómo corregir", text.remedy)]
    {
        line(page, &format!("\n### {heading}\n\n{body}"));
    }
    line(page, &format!("\n### Ejemplo ({})\n", text.example.stage.label()));
    line(page, "⚠ señala dónde aparece un aviso.");
    text.example.tables.iter().for_each(|table| example(page, table));
}

fn example(page: &mut String, table: &ExampleTable<'_>) {
    let warning = |findings: usize| " ⚠".repeat(findings);
    line(page, &format!("\n**{}**{}\n", table.table.title(), warning(table.findings)));
    let headings: Vec<&str> = table.headings().collect();
    line(page, &format!("| {} |", headings.join(" | ")));
    line(page, &format!("|{}", "---|".repeat(headings.len())));
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(place, cell)| {
                format!("{}{}", table.shown(place, cell), warning(cell.findings)).trim().to_owned()
            })
            .collect();
        line(page, &format!("| {} |", cells.join(" | ")));
    }
    if table.rows.is_empty() {
        line(page, "\n(sin filas)");
    }
}

/// Which rules rest on which place of each norm.
fn index(page: &mut String) {
    page.push_str("\n## De la norma a la regla\n\n| Norma | Lugar | Reglas |\n|---|---|---|\n");
    let mut places: Vec<(&Norm, &str, Vec<&str>)> = Vec::new();
    for norm in norms::NORMS {
        for rule in all() {
            for source in rule.sources.iter().filter(|source| source.norm == norm) {
                match places.iter_mut().find(|(n, place, _)| *n == norm && *place == source.place) {
                    Some((.., rules)) => rules.push(rule.id),
                    None => places.push((norm, source.place, vec![rule.id])),
                }
            }
        }
    }
    for (norm, place, rules) in places {
        line(page, &format!("| {} | {place} | {} |", norm.name, rules.join(", ")));
    }
}

fn citation(source: &Source) -> String {
    match source.norm.url {
        Some(url) => format!("[{}]({url}), {}", source.norm.name, source.place),
        None if source.strength() == Strength::Inferred => {
            format!("{}: {}", source.norm.name, source.place)
        }
        None => source.to_string(),
    }
}

fn period(period: Period) -> String {
    let from = period.from.map(|day| format!("desde el {}", format_date(day)));
    let to = period.to.map(|day| format!("hasta el {}", format_date(day)));
    [from, to].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn line(page: &mut String, text: &str) {
    let _ = writeln!(page, "{text}");
}

#[test]
fn every_consequence_is_explained() {
    for severity in [Severity::Block, Severity::Warn, Severity::Tip] {
        assert!(INTRODUCTION.contains(&format!("| {} |", severity.label())));
    }
}
