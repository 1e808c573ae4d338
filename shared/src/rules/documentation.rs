//! The Spanish documentation of a rule, read from the comment that stands over it.
//!
//! Its example is a set of small tables. A cell that ends in `!VAL-07` expects a finding of that
//! rule there; a mark in the column `id` is for the row, one in the heading for the table.

use super::Stage;
use crate::{
    format::{format_integer, format_money},
    instruments::instrument,
    sectors,
    template::{Kind, TableId},
    territory,
};

/// What a rule says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documentation<'a> {
    /// What the norm asks, in one sentence.
    pub summary: String,
    /// *Qué revisa.*
    pub checks: String,
    /// *Por qué.*
    pub reason: String,
    /// *Cómo corregir.*
    pub remedy: String,
    /// *Ejemplo.*
    pub example: Example<'a>,
}

/// An exercise in small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example<'a> {
    /// The stage in which it is checked.
    pub stage: Stage,
    /// Its tables.
    pub tables: Vec<ExampleTable<'a>>,
}

/// A table of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleTable<'a> {
    /// Which table it is.
    pub table: TableId,
    /// Findings expected for the table as a whole.
    pub findings: usize,
    /// The fields of its columns; `id` and `deleted` are the row's own.
    pub fields: Vec<&'a str>,
    /// Its rows.
    pub rows: Vec<Vec<ExampleCell<'a>>>,
}

/// A cell of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleCell<'a> {
    /// What it holds; members are separated by commas.
    pub text: &'a str,
    /// Findings expected here.
    pub findings: usize,
}

const CHECKS: &str = "# Qué revisa";
const REASON: &str = "# Por qué";
const REMEDY: &str = "# Cómo corregir";
const EXAMPLE: &str = "# Ejemplo";

/// The sections of a documentation, in their order.
#[cfg(test)]
pub(super) const HEADINGS: [&str; 4] = [CHECKS, REASON, REMEDY, EXAMPLE];

impl<'a> Documentation<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let lines = || text.lines().map(str::trim);
        let section = |heading: Option<&str>| {
            let skipped = lines().skip_while(move |line| heading.is_some_and(|name| *line != name));
            let body = skipped.skip(usize::from(heading.is_some()));
            let body: Vec<&str> = body.take_while(|line| !line.starts_with("# ")).collect();
            body.join("\n").trim().to_owned()
        };
        Self {
            summary: section(None),
            checks: section(Some(CHECKS)),
            reason: section(Some(REASON)),
            remedy: section(Some(REMEDY)),
            example: Example::parse(lines().skip_while(|line| *line != EXAMPLE)),
        }
    }
}

impl<'a> Example<'a> {
    /// Reads the tables. What is none is passed over: the test of each example notices.
    pub(super) fn parse(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut example = Self { stage: Stage::Preliminary, tables: Vec::new() };
        for line in lines {
            if let Some(heading) = line.strip_prefix("## ") {
                let heading = ExampleCell::parse(heading);
                if heading.text == "final" {
                    example.stage = Stage::Final;
                } else if let Some(table) = TableId::parse(heading.text) {
                    let findings = heading.findings;
                    let (fields, rows) = Default::default();
                    example.tables.push(ExampleTable { table, findings, fields, rows });
                }
            } else if let Some(cells) = line.strip_prefix('|').and_then(|l| l.strip_suffix('|'))
                && let Some(table) = example.tables.last_mut()
                && !cells.starts_with("--")
            {
                let cells = cells.split('|').map(ExampleCell::parse);
                if table.fields.is_empty() {
                    table.fields = cells.map(|cell| cell.text).collect();
                } else {
                    table.rows.push(cells.collect());
                }
            }
        }
        example
    }
}

impl<'a> ExampleTable<'a> {
    /// The headings of its columns.
    pub fn headings(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| match *field {
            "id" => "Fila",
            "deleted" => "Eliminada",
            field => self.table.column(field).map_or("", |column| column.title),
        })
    }

    /// What the screen shows of a cell: names for codes, and figures as they are written in Chile.
    #[must_use]
    pub fn shown(&self, place: usize, cell: &ExampleCell<'a>) -> String {
        let column = self.fields.get(place).and_then(|field| self.table.column(field));
        let parts = cell.text.split(',').map(|part| column.and_then(|c| name(c.kind, part.trim())));
        let named: Option<Vec<String>> = parts.collect();
        named.map_or_else(|| cell.text.to_owned(), |names| names.join(", "))
    }
}

/// What the screen shows for a code or a figure; `None` where it is shown as it is.
fn name(kind: Kind, code: &str) -> Option<String> {
    match kind {
        Kind::Instrument => instrument(code).map(|found| found.name.to_owned()),
        Kind::Places => territory::place(code).map(|found| found.name.to_owned()),
        Kind::Sectors => sectors::sector(code).map(|found| found.name.to_owned()),
        Kind::Money => code.parse().ok().map(format_money),
        Kind::Integer => code.parse().ok().map(format_integer),
        kind => kind.choices().iter().find(|c| c.code == code).map(|c| c.label.to_owned()),
    }
}

impl<'a> ExampleCell<'a> {
    fn parse(text: &'a str) -> Self {
        let (text, marks) = text.split_once('!').unwrap_or((text, ""));
        let findings = marks.split('!').filter(|mark| !mark.trim().is_empty()).count();
        Self { text: text.trim(), findings }
    }
}
