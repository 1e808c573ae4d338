//! A place in a file that is read, which knows how to say where it is.

use serde_json::{Map, Value as Json};

use super::{ImportError, Problem};
use crate::key::Key;

type Result<T> = std::result::Result<T, ImportError>;

/// A place in the file.
pub(super) struct Node<'a> {
    pub(super) json: &'a Json,
    path: String,
}

impl<'a> Node<'a> {
    pub(super) fn whole(json: &'a Json) -> Self {
        Self { json, path: String::new() }
    }

    pub(super) fn error(&self, problem: Problem) -> ImportError {
        ImportError { path: self.path.clone(), problem }
    }

    pub(super) fn at(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) };
        Self { json: self.json.get(name).unwrap_or(&Json::Null), path }
    }

    pub(super) fn find(&self, name: &str) -> Option<Self> {
        self.json.get(name).map(|_| self.at(name))
    }

    pub(super) fn get(&self, name: &str) -> Result<Self> {
        self.find(name).ok_or_else(|| self.at(name).error(Problem::Missing))
    }

    pub(super) fn object(&self) -> Result<&'a Map<String, Json>> {
        self.json.as_object().ok_or_else(|| self.error(Problem::Shape))
    }

    /// Asserts that it is an object without other names.
    pub(super) fn only(&self, names: &[&str]) -> Result<()> {
        match self.object()?.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(self.at(name).error(Problem::Unknown)),
            None => Ok(()),
        }
    }

    pub(super) fn items(&self, most: usize) -> Result<Vec<Self>> {
        let items = self.json.as_array().ok_or_else(|| self.error(Problem::Shape))?;
        if items.len() > most {
            return Err(self.error(Problem::TooMany(most)));
        }
        let node = |(json, place)| Self { json, path: format!("{}[{place}]", self.path) };
        Ok(items.iter().zip(0..).map(node).collect())
    }

    pub(super) fn text(&self) -> Result<&'a str> {
        self.json.as_str().ok_or_else(|| self.error(Problem::Shape))
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.json.as_bool().ok_or_else(|| self.error(Problem::Shape))
    }

    pub(super) fn key(&self, text: &str) -> Result<Key> {
        Key::parse(text).map_err(|_| self.error(Problem::BadId))
    }

    pub(super) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(self.json.clone()).map_err(|_| self.error(Problem::Shape))
    }
}
