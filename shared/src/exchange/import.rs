//! Reading the file. All of it is checked before anything is written.

use std::{collections::BTreeSet, fmt};

use serde_json::Value as Json;

use super::{FORMAT, Import, VERSION, node::Node};
use crate::{
    edit::Edit,
    format::{format_bytes, format_integer},
    ids::{ExerciseId, RowId},
    key::{Key, ORDER},
    limits,
    model::{Cell, Exercise},
    order,
    process::{ActNumber, Fingerprint},
    template::{Kind, Misfit, TableId, fits, kind_of_field},
    territory,
    value::Value,
};

/// Why a file was not read, and where in it. Nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The place in the file, `tables.focus[3].cells.budget`; empty for the file as a whole.
    pub path: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// More bytes than may be; how many there are and may be.
    TooLarge(usize, usize),
    /// No JSON; the line and column where it ceases to be.
    NotJson(usize, usize),
    /// JSON of something else.
    NotAnExercise,
    /// An exercise of another version of this format.
    Version(String),
    /// No such region or year.
    UnknownExercise,
    /// A name that this version does not know.
    Unknown,
    /// Absent, though nothing can stand in for it.
    Missing,
    /// Of another shape than the schema says.
    Shape,
    /// No identifier.
    BadId,
    /// The same row again.
    Repeated,
    /// More rows or members than fit.
    TooMany(usize),
    /// What the cell cannot hold.
    Misfit(Misfit),
    /// A content that is not the one that it is named by: what is said, and what it is.
    Fingerprint(Fingerprint, Fingerprint),
    /// An act that is not the next one of the register; the number that would be.
    OutOfOrder(ActNumber),
    /// An act that rests on one that does not come before it.
    Dangling(ActNumber),
    /// An act that this version does not know.
    UnknownAct,
    /// A version whose content is not in the file.
    NoContent(Fingerprint),
    /// A content, file or receipt that no act names.
    Unnamed,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "En «{}»: ", self.path)?;
        }
        match &self.problem {
            Problem::TooLarge(bytes, most) => write!(
                f,
                "El archivo pesa {}; se admiten hasta {}.",
                format_bytes(*bytes as u64),
                format_bytes(*most as u64),
            ),
            Problem::NotJson(line, column) => write!(
                f,
                "El archivo no es JSON válido: se interrumpe en la línea {line}, columna {column}."
            ),
            Problem::NotAnExercise => f.write_str("El archivo no es un ejercicio de Focaliza."),
            Problem::Version(found) => write!(
                f,
                "El archivo es de la versión {found} del formato; este programa lee la {VERSION}."
            ),
            Problem::UnknownExercise => f.write_str("No existe esa región o ese año."),
            Problem::Unknown => f.write_str("Este programa no conoce ese nombre."),
            Problem::Missing => f.write_str("Falta este dato."),
            Problem::Shape => f.write_str("El dato no tiene la forma que pide el esquema."),
            Problem::BadId => f.write_str(
                "El identificador no es válido: se admiten minúsculas, cifras y guion bajo.",
            ),
            Problem::Repeated => f.write_str("La fila está dos veces."),
            Problem::TooMany(most) => write!(
                f,
                "Hay más elementos de los que se admiten: {}.",
                format_integer(i64::try_from(*most).unwrap_or(i64::MAX))
            ),
            Problem::Misfit(misfit) => misfit.fmt(f),
            Problem::Fingerprint(said, found) => write!(
                f,
                "La huella no coincide: el archivo dice {} y la de este contenido es {}. Fue \
                 alterado o está dañado.",
                said.short(),
                found.short()
            ),
            Problem::OutOfOrder(next) => {
                write!(f, "Los actos van numerados sin saltos; aquí corresponde el {next}.")
            }
            Problem::Dangling(number) => {
                write!(f, "El acto se refiere al {number}, que no está antes que él.")
            }
            Problem::UnknownAct => f.write_str(
                "El acto es de una versión más nueva de Focaliza. Usa ese programa, o uno más nuevo.",
            ),
            Problem::NoContent(fingerprint) => {
                write!(f, "Falta en el archivo el contenido de la versión {}.", fingerprint.short())
            }
            Problem::Unnamed => f.write_str("Ningún acto del archivo lo nombra."),
        }?;
        f.write_str(" No se importó nada.")
    }
}

impl std::error::Error for ImportError {}

type Result<T> = std::result::Result<T, ImportError>;

/// Reads a file of this format. What was officially done is left alone: only a server restores it
/// ([`super::process::read`]).
pub fn import(text: &str) -> Result<Import> {
    let json = parse(text, limits::IMPORT_BYTES)?;
    exercise(&Node::whole(&json))
}

pub(super) fn parse(text: &str, most: usize) -> Result<Json> {
    let whole = |problem| ImportError { path: String::new(), problem };
    if text.len() > most {
        return Err(whole(Problem::TooLarge(text.len(), most)));
    }
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| whole(Problem::NotJson(error.line(), error.column())))
}

/// Reads the exercise that is at this place.
pub(super) fn exercise(file: &Node<'_>) -> Result<Import> {
    let format = file.json.get("format").and_then(Json::as_str);
    if format != Some(FORMAT) {
        return Err(file.error(Problem::NotAnExercise));
    }
    let version = file.get("version")?;
    if version.json.as_u64() != Some(VERSION) {
        return Err(file.error(Problem::Version(version.json.to_string())));
    }
    file.only(&["format", "version", "region", "budget_year", "tables", "undecided", "process"])?;
    let acts = file.json.pointer("/process/acts").and_then(Json::as_array);
    let reader = Reader::new(exercise_id(file)?);
    Ok(Import { acts: acts.map_or(0, Vec::len), ..reader.read(file)? })
}

fn exercise_id(file: &Node<'_>) -> Result<ExerciseId> {
    let region = file.get("region")?;
    let code = region.text()?;
    if territory::region(code).is_none() {
        return Err(region.error(Problem::UnknownExercise));
    }
    let year = file.get("budget_year")?;
    year.json
        .as_u64()
        .and_then(|number| u16::try_from(number).ok())
        .and_then(|number| ExerciseId::new(code, number).ok())
        .ok_or_else(|| year.error(Problem::UnknownExercise))
}

/// Bytes of one batch. An edit takes some bytes beside its content in an update: the half of
/// what one may have leaves room for them.
const BATCH_BYTES: usize = limits::PART_BYTES;
/// What an edit takes beside its content, at most.
const EDIT_BYTES: usize = 120;

struct Reader {
    /// Holds the regional columns, which decide what fits.
    exercise: Exercise,
    undecided: BTreeSet<Key>,
    batches: Vec<Vec<Edit>>,
    room: usize,
}

impl Reader {
    fn new(id: ExerciseId) -> Self {
        Self {
            exercise: Exercise::new(id),
            undecided: BTreeSet::new(),
            batches: Vec::new(),
            room: 0,
        }
    }

    fn read(mut self, file: &Node<'_>) -> Result<Import> {
        let tables = file.get("tables")?;
        for name in tables.object()?.keys() {
            if TableId::parse(name).is_none() {
                return Err(tables.at(name).error(Problem::Unknown));
            }
        }
        let listed = match file.find("undecided") {
            Some(list) => self.list_undecided(&list)?,
            None => Vec::new(),
        };
        if let Some(columns) = tables.find(TableId::Columns.as_str()) {
            self.table(TableId::Columns, &columns)?;
            self.room = 0;
        }
        for table in TableId::ALL.into_iter().filter(|table| *table != TableId::Columns) {
            if let Some(rows) = tables.find(table.as_str()) {
                self.table(table, &rows)?;
            }
        }
        let apart = self.apart(&listed)?;
        Ok(Import { id: self.exercise.id, batches: self.batches, apart, acts: 0 })
    }

    fn table(&mut self, table: TableId, rows: &Node<'_>) -> Result<()> {
        let rows = rows.items(limits::ROWS)?;
        let mut known = BTreeSet::new();
        let mut last: Option<String> = None;
        for row in &rows {
            row.only(&["id", "order", "deleted", "cells"])?;
            let node = row.get("id")?;
            let id = RowId::new(node.text()?).map_err(|_| node.error(Problem::BadId))?;
            if !known.insert(id.clone()) {
                return Err(node.error(Problem::Repeated));
            }
            let order = match row.find("order") {
                Some(order) => order.text()?.to_owned(),
                None => order::between(last.as_deref(), None, id.as_str()),
            };
            // A row without a place is one that nobody put anywhere yet.
            if !order.is_empty() {
                let key = Key::cell(table, &id, ORDER);
                self.check(row, &key, Some(&Value::Text(order.clone())))?;
                self.push(Edit::PlaceRow { table, row: id.clone(), order: order.clone() }, 0);
                last = Some(order);
            }
            if row.find("deleted").map(|mark| mark.flag()).transpose()? == Some(true) {
                self.push(Edit::DeleteRow { table, row: id.clone(), deleted: true }, 0);
            }
            if let Some(cells) = row.find("cells") {
                for field in cells.object()?.keys() {
                    self.cell(table, &id, field, &cells.at(field))?;
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, table: TableId, row: &RowId, field: &str, node: &Node<'_>) -> Result<()> {
        let key = node.key(&format!("{}/{row}/{field}", table.as_str()))?;
        if field.starts_with('_') {
            return Err(node.error(Problem::Unknown));
        }
        match node.parse::<Cell>()? {
            _ if self.undecided.contains(&key) => {}
            Cell::Value(value) => {
                self.check(node, &key, Some(&value))?;
                if table == TableId::Columns {
                    self.exercise.put(&key, Some(Cell::Value(value.clone())));
                }
                let bytes = value.encode().len();
                self.push(Edit::SetCell { key, value: Some(value) }, bytes);
            }
            Cell::Set(members) => {
                if members.len() > limits::MEMBERS {
                    return Err(node.error(Problem::TooMany(limits::MEMBERS)));
                }
                for member in members {
                    let key = node.key(&format!("{key}/{member}"))?;
                    self.check(node, &key, Some(&Value::Flag(true)))?;
                    self.push(Edit::SetMember { key, present: true }, 0);
                }
            }
            Cell::Narrative(text) => {
                let misfit = match kind_of_field(&self.exercise, table, field) {
                    None => Some(Misfit::UnknownColumn),
                    Some(kind) if kind != Kind::Narrative => Some(Misfit::WrongType),
                    Some(_) if text.len() > limits::NARRATIVE_BYTES => Some(Misfit::TooLong),
                    Some(_) => None,
                };
                if let Some(misfit) = misfit {
                    return Err(node.error(Problem::Misfit(misfit)));
                }
                let bytes = text.len();
                self.push(Edit::SpliceText { key, at: 0, delete: 0, insert: text }, bytes);
            }
        }
        Ok(())
    }

    fn check(&self, node: &Node<'_>, key: &Key, value: Option<&Value>) -> Result<()> {
        fits(&self.exercise, key, value).map_err(|misfit| node.error(Problem::Misfit(misfit)))
    }

    fn push(&mut self, edit: Edit, bytes: usize) {
        let bytes = bytes + EDIT_BYTES;
        match self.batches.last_mut() {
            Some(batch) if self.room >= bytes => batch.push(edit),
            _ => {
                self.batches.push(vec![edit]);
                self.room = BATCH_BYTES;
            }
        }
        self.room = self.room.saturating_sub(bytes);
    }

    /// Undecided cells with their values, the one that is shown first.
    fn list_undecided<'a>(&mut self, list: &Node<'a>) -> Result<Vec<Alternatives<'a>>> {
        let mut listed = Vec::new();
        for node in list.items(limits::ROWS)? {
            node.only(&["cell", "values"])?;
            let cell = node.get("cell")?;
            let key = cell.key(cell.text()?)?;
            let values = node.get("values")?.parse::<Vec<Option<Value>>>()?;
            let fixed = key.member.is_none() && !key.field.starts_with('_');
            if !fixed || values.len() < 2 || values.iter().all(Option::is_none) {
                return Err(node.error(Problem::Shape));
            }
            if !self.undecided.insert(key.clone()) {
                return Err(cell.error(Problem::Repeated));
            }
            listed.push(Alternatives { key, values, node });
        }
        Ok(listed)
    }

    /// One list of edits for each writer, the last of them for the values that are shown: the
    /// greatest writer's value is.
    fn apart(&self, listed: &[Alternatives<'_>]) -> Result<Vec<Vec<Edit>>> {
        let writers = listed.iter().map(|cell| cell.values.len()).max().unwrap_or(0);
        let mut apart = vec![Vec::new(); writers];
        for Alternatives { key, values, node } in listed {
            let some = values.iter().find_map(Clone::clone);
            for (value, edits) in values.iter().zip(apart.iter_mut().rev()) {
                self.check(node, key, value.as_ref())?;
                if value.is_none() {
                    // Emptying a cell in which nothing was would be no edit.
                    edits.push(Edit::SetCell { key: key.clone(), value: some.clone() });
                }
                edits.push(Edit::SetCell { key: key.clone(), value: value.clone() });
            }
        }
        Ok(apart)
    }
}

struct Alternatives<'a> {
    key: Key,
    values: Vec<Option<Value>>,
    node: Node<'a>,
}
