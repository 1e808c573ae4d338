//! Applying a lens to the table on the screen, and remembering how a person arranged it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use js_sys::{Array, Function, Intl, Object, Reflect};
use leptos::{prelude::*, task::spawn_local};
use shared::{ids::RowId, model::Row, template::TableId};
use wasm_bindgen::{JsCast, JsValue};

use super::{
    arrangement::Arrangement,
    columns::{GridColumn, columns},
    lens::{About, Lens},
    sheet::Sheet,
};
use crate::{session::Session, store::Store};

/// The lenses of an exercise that is open: they last while its page does, so that going to another
/// table and back changes nothing.
#[derive(Clone, Copy)]
pub struct Lenses(StoredValue<BTreeMap<TableId, Lens>>);

impl Lenses {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(BTreeMap::new()))
    }
}

impl Default for Lenses {
    fn default() -> Self {
        Self::new()
    }
}

/// What the store knows of the rows of a table.
#[derive(Clone, Copy)]
pub struct Known {
    store: Store,
    table: TableId,
}

impl About for Known {
    fn has_finding(&self, row: &RowId) -> bool {
        self.store.has_finding(self.table, row)
    }

    fn is_mine(&self, row: &Row) -> bool {
        self.store.wrote_in(self.table, row)
    }

    fn collated(&self, texts: BTreeSet<String>) -> HashMap<String, usize> {
        collated(texts).unwrap_or_default()
    }
}

/// Sorts as Spanish is sorted in Chile; «2» comes before «10». Texts that the language does not
/// tell apart share their place.
fn collated(texts: BTreeSet<String>) -> Option<HashMap<String, usize>> {
    let options = Object::new();
    Reflect::set(&options, &"numeric".into(), &JsValue::TRUE).ok()?;
    let language = Array::of1(&"es-CL".into());
    let compare = Intl::Collator::new(&language, &options).compare();
    let list: Array = texts.iter().map(|text| JsValue::from_str(text)).collect();
    // The browser's own sort with its own comparison: not one call back to here.
    let sort: Function = Reflect::get(&list, &"sort".into()).ok()?.dyn_into().ok()?;
    sort.call1(&list, &compare).ok()?;
    Some(
        list.iter()
            .filter_map(|text| text.as_string())
            .enumerate()
            .map(|(at, t)| (t, at))
            .collect(),
    )
}

impl Sheet {
    /// What the store knows of the rows.
    #[must_use]
    pub fn known(self) -> Known {
        Known { store: self.store, table: self.table }
    }

    /// Changes what the person looks at, and shows it.
    pub fn look(self, change: impl FnOnce(&mut Lens)) {
        self.lens.update(change);
        if let Some(Lenses(lenses)) = self.lenses {
            lenses.update_value(|lenses| {
                lenses.insert(self.table, self.lens.get_untracked());
            });
        }
        self.look_again();
    }

    /// Sorts and filters the table as it is now. What was typed is kept first.
    pub fn look_again(self) {
        if !self.commit() {
            return;
        }
        let lens = self.lens.get_untracked();
        let applied = (!lens.is_plain()).then(|| {
            let columns = self.all_columns();
            self.store.with(|exercise| {
                Arc::new(lens.applied(exercise, self.table, &columns, &self.known()))
            })
        });
        self.applied.set(applied);
        if self.spot().is_none() {
            self.stay_near();
        }
        if let Some(spot) = self.spot() {
            self.reveal(spot);
        }
        let (shown, all) = self.counts();
        self.announce(format!("{shown} de {all} filas"));
    }

    /// How many rows are shown, and how many there are. Reactive.
    #[must_use]
    pub fn counts(self) -> (usize, usize) {
        let shown = self.order.with(|order| order.rows().len());
        let all = self.store.with(|exercise| exercise.table(self.table).order().len());
        (shown, all)
    }

    /// Shows a row and a column that the person does not look at, because somebody asks for them.
    pub fn uncover(self, row: &RowId, field: &str) {
        let hides = |applied: &Option<Arc<_>>| {
            applied.as_ref().is_some_and(|applied: &Arc<super::lens::Applied>| applied.hides(row))
        };
        if self.applied.with_untracked(hides) {
            self.applied.update(|applied| {
                if let Some(applied) = applied {
                    Arc::make_mut(applied).unhide(row);
                }
            });
        }
        let is_shown = self
            .columns
            .with_untracked(|columns| columns.iter().any(|column| *column.field == *field));
        if !is_shown && self.all_columns().iter().any(|column| *column.field == *field) {
            self.arrangement.update(|arrangement| arrangement.show(field, true));
        }
    }

    /// All columns of the table in its own order, whatever the person sees of them.
    #[must_use]
    pub fn all_columns(self) -> Vec<GridColumn> {
        self.store.with(|exercise| columns(exercise, self.table))
    }

    /// Takes the lens that was last used, and follows the person's arrangement: recalls it, and
    /// remembers it when it changes.
    pub fn recall(self, session: Session) {
        if let Some(Lenses(lenses)) = self.lenses {
            let lens = lenses.with_value(|lenses| lenses.get(&self.table).cloned());
            if let Some(lens) = lens {
                self.lens.set(lens);
                self.look_again();
            }
        }
        let Some(person) = session.person() else { return };
        let name = format!("arrangement/{}/{}", person.user, self.table.as_str());
        let recalled = StoredValue::new(None::<Arrangement>);
        let asked = name.clone();
        spawn_local(async move {
            let known = session.recall::<Arrangement>(&asked).await.unwrap_or_default();
            // The table may have been left meanwhile.
            if recalled.try_set_value(Some(known.clone())).is_none()
                && self.arrangement.try_get_untracked() == Some(Arrangement::default())
            {
                self.arrangement.set(known);
            }
        });
        Effect::new(move |_| {
            let present = self.arrangement.get();
            let is_news =
                recalled.with_value(|known| known.as_ref().is_some_and(|k| *k != present));
            if is_news {
                recalled.set_value(Some(present.clone()));
                let name = name.clone();
                spawn_local(async move { session.remember(&name, Some(&present)).await });
            }
        });
    }
}
