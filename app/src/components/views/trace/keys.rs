//! The keyboard in the columns: one stop of the tab key, arrows within.

use leptos::{ev::KeyboardEvent, prelude::*};
use shared::views::{Level, NodeId};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::Walk;

/// Moves within the columns, or gives up the choice.
pub fn key_down(walk: Walk, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        walk.choose(None);
        return;
    }
    let target = walk.current.get_untracked().and_then(|current| target(walk, &key, &current));
    if let Some(target) = target {
        event.prevent_default();
        focus(walk, &target);
    }
}

/// The columns as they are shown, by level.
fn shown(walk: Walk) -> Vec<Vec<NodeId>> {
    let limits = walk.limits.get_untracked();
    untrack(|| {
        walk.trace.with(|trace| {
            let column = |level: Level| {
                let nodes = walk.column(level).into_iter().take(limits[level as usize]);
                nodes.map(|node| trace.nodes()[node].id.clone()).collect()
            };
            Level::ALL.into_iter().map(column).collect()
        })
    })
}

fn target(walk: Walk, key: &str, current: &NodeId) -> Option<NodeId> {
    let columns = shown(walk);
    let (column, place) = columns.iter().enumerate().find_map(|(column, nodes)| {
        Some((column, nodes.iter().position(|node| node == current)?))
    })?;
    let lengths: Vec<usize> = columns.iter().map(Vec::len).collect();
    let is_choosing = walk.linked.with_untracked(Option::is_some);
    let (column, place) = moved(&lengths, is_choosing, (column, place), key)?;
    columns[column].get(place).cloned()
}

/// Where a key leads from a place of a column. Columns without nodes are passed over.
fn moved(
    lengths: &[usize],
    is_choosing: bool,
    (column, place): (usize, usize),
    key: &str,
) -> Option<(usize, usize)> {
    let beside = |mut others: Box<dyn Iterator<Item = usize>>| {
        let other = others.find(|other| lengths[*other] > 0)?;
        // What is linked comes first in the other columns.
        Some((other, if is_choosing { 0 } else { place.min(lengths[other] - 1) }))
    };
    match key {
        "ArrowDown" => (place + 1 < lengths[column]).then_some((column, place + 1)),
        "ArrowUp" => place.checked_sub(1).map(|place| (column, place)),
        "Home" => Some((column, 0)),
        "End" => lengths[column].checked_sub(1).map(|place| (column, place)),
        "PageDown" => Some((column, (place + 10).min(lengths[column].checked_sub(1)?))),
        "PageUp" => Some((column, place.saturating_sub(10))),
        "ArrowRight" => beside(Box::new(column + 1..lengths.len())),
        "ArrowLeft" => beside(Box::new((0..column).rev())),
        _ => None,
    }
}

/// Gives the keyboard back to the node that it was at, where nothing has it.
pub fn keep_focus(walk: Walk) {
    let active = document().active_element();
    if active.is_none_or(|active| active.tag_name() == "BODY")
        && let Some(Some(node)) = walk.current.try_get_untracked()
    {
        focus(walk, &node);
    }
}

fn focus(walk: Walk, node: &NodeId) {
    walk.current.set(Some(node.clone()));
    let Some(columns) = walk.columns.get_untracked() else { return };
    if let Ok(Some(button)) = columns.query_selector(&format!("[data-node=\"{node}\"]")) {
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}

#[cfg(test)]
mod tests {
    use super::moved;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn arrows_stay_within_and_pass_over_empty_columns() {
        let lengths = [2, 0, 30, 1];
        for (from, key, to) in [
            ((0, 0), "ArrowDown", Some((0, 1))),
            ((0, 1), "ArrowDown", None),
            ((0, 0), "ArrowUp", None),
            ((0, 1), "ArrowRight", Some((2, 1))),
            ((2, 25), "ArrowRight", Some((3, 0))),
            ((3, 0), "ArrowRight", None),
            ((3, 0), "ArrowLeft", Some((2, 0))),
            ((2, 5), "ArrowLeft", Some((0, 1))),
            ((2, 5), "PageDown", Some((2, 15))),
            ((2, 25), "PageDown", Some((2, 29))),
            ((2, 5), "PageUp", Some((2, 0))),
            ((2, 5), "End", Some((2, 29))),
            ((2, 5), "Home", Some((2, 0))),
            ((2, 5), "a", None),
        ] {
            assert_eq!(moved(&lengths, false, from, key), to, "{from:?} {key}");
        }
        assert_eq!(moved(&lengths, true, (2, 25), "ArrowLeft"), Some((0, 0)));
    }
}
