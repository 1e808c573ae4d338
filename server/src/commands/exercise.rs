//! Exercises by command line: checking a file, reading one in, writing one out.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use serde_json::json;
use shared::{
    exchange::{self, Import},
    format::{format_integer, format_money},
    ids::ExerciseId,
    instruments::{Instrument, instrument},
    limits,
    model::{
        Exercise,
        totals::{Sum, Totals, totals},
    },
    rules::{self, Finding, Severity},
    territory,
};

use super::open;
use crate::{
    cli::{Data, Format},
    clock,
    exchange::export as write_file,
    restore::{Restored, restore},
    store::Store,
};

/// Prints totals and findings of a file; says whether nothing keeps it from being sent.
pub fn check(file: &Path, format: Format, date: Option<NaiveDate>) -> Result<bool> {
    let import = exchange::process::read(&text(file, limits::ARCHIVE_BYTES)?)?.0;
    let document = import.build()?.document;
    let exercise = document.exercise();
    let context = rules::Context::of(exercise.id, date.unwrap_or_else(clock::today));
    let findings = rules::evaluate(exercise, &context);
    let sums = totals(exercise, |id| instrument(id).is_some_and(Instrument::transferred));
    match format {
        Format::Text => print!("{}", as_text(exercise, &sums, &findings)),
        Format::Json => println!("{:#}", as_json(exercise, &sums, &findings)),
    }
    Ok(!findings.iter().any(|finding| finding.severity == Severity::Block))
}

/// Reads a file into an exercise that holds nothing else, official acts too.
pub async fn import(file: &Path, data: &Data) -> Result<()> {
    let text = text(file, limits::ARCHIVE_BYTES)?;
    let (import, archive) = exchange::process::read(&text)?;
    let store = Store::open(&data.directory)?;
    let _lock = super::lock(&data.directory)?;
    let restored = restore(&store, &import, archive).await?;
    print!("{}", told(&import, &restored));
    Ok(())
}

fn told(import: &Import, restored: &Restored) -> String {
    let Restored { acts, versions, files, missing_files, .. } = restored;
    let mut text = if restored.is_nothing() {
        format!("El ejercicio {} ya es el del archivo: no cambió nada.\n", import.id)
    } else {
        format!("Ejercicio {} importado.\n", import.id)
    };
    if *acts > 0 {
        let _ = writeln!(
            text,
            "Actos: {acts}. Versiones con su misma huella: {versions}. Archivos adjuntos: {files}."
        );
    } else if *files > 0 {
        let _ = writeln!(text, "Archivos adjuntos: {files}.");
    }
    if *missing_files > 0 {
        let _ = writeln!(
            text,
            "Faltan archivos adjuntos: {missing_files}. El archivo solo los nombra; con ellos se \
             exporta con «--with-files»."
        );
    }
    text
}

/// Writes an exercise with its official acts to a file, or to the output; the bytes of their files
/// where they are asked for.
pub async fn export(
    exercise: &str,
    out: Option<PathBuf>,
    with_files: bool,
    data: &Data,
) -> Result<()> {
    let id: ExerciseId = exercise.parse().with_context(|| {
        format!("«{exercise}» no nombra un ejercicio: se escribe como 01-2027.")
    })?;
    let store = open(data)?;
    if store.exercise(id).await?.is_none() {
        bail!("No hay ejercicio {id}.");
    }
    let (state, archive) = store.archive(id, with_files).await?;
    let file = write_file(id, state, &archive)?;
    match out {
        Some(path) => std::fs::write(&path, file)
            .with_context(|| format!("No se pudo escribir «{}»", path.display()))?,
        None => print!("{file}"),
    }
    Ok(())
}

/// Reads a file whose size is looked at before it is in memory.
fn text(path: &Path, most: usize) -> Result<String> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("No se pudo leer «{shown}»"))?.len();
    if size > most as u64 {
        let problem =
            exchange::Problem::TooLarge(usize::try_from(size).unwrap_or(usize::MAX), most);
        return Err(exchange::ImportError { path: String::new(), problem }.into());
    }
    let bytes = std::fs::read(path).with_context(|| format!("No se pudo leer «{shown}»"))?;
    String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("«{shown}» no es texto UTF-8. No se importó nada."))
}

fn as_text(exercise: &Exercise, sums: &Totals, findings: &[Finding]) -> String {
    let region = territory::region(exercise.id.region()).map_or("", |region| region.name);
    let mut text = format!("{region}, presupuesto {}\n\n", exercise.id.budget_year);
    for (name, sum, shown) in [
        ("Presupuesto", &sums.budget, format_money(sums.budget.total)),
        ("Instrumentos transferidos", &sums.transferred, format_money(sums.transferred.total)),
        ("Fondos externos", &sums.external, format_money(sums.external.total)),
        ("Cobertura", &sums.coverage, format_integer(sums.coverage.total)),
    ] {
        let _ = writeln!(text, "{name}: {shown}{}", lacks(sum));
    }
    let _ = writeln!(text, "\nAvisos: {}", findings.len());
    for finding in findings {
        let Finding { rule, severity, at, message, .. } = finding;
        let _ = writeln!(text, "{rule} {} [{at}] {message}", severity.label());
    }
    text
}

/// What a sum does not hold, in words.
fn lacks(sum: &Sum) -> String {
    let parts: Vec<_> = [
        (sum.missing, "sin dato"),
        (sum.to_be_defined, "por definir"),
        (sum.not_applicable, "no aplica"),
        (sum.masked, "reservados"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn as_json(exercise: &Exercise, sums: &Totals, findings: &[Finding]) -> serde_json::Value {
    let sum = |sum: &Sum| {
        json!({
            "total": sum.total,
            "known": sum.known,
            "missing": sum.missing,
            "to_be_defined": sum.to_be_defined,
            "not_applicable": sum.not_applicable,
            "masked": sum.masked,
        })
    };
    let finding = |finding: &Finding| {
        json!({
            "rule": finding.rule,
            "severity": finding.severity.as_str(),
            "at": finding.at.to_string(),
            "related": finding.related.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "message": finding.message,
        })
    };
    json!({
        "exercise": exercise.id,
        "rules_version": rules::RULES_VERSION,
        "totals": {
            "budget": sum(&sums.budget),
            "transferred": sum(&sums.transferred),
            "external": sum(&sums.external),
            "coverage": sum(&sums.coverage),
        },
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}
