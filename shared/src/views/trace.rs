//! The way from a source to a budget line and back, and the rows where it breaks off.

use std::{collections::HashMap, fmt, ops::Range};

use super::{Source, sources};
use crate::{
    ids::RowId,
    model::{Exercise, Row},
    template::TableId,
};

/// The steps of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A document, or an opinion without one.
    Source,
    /// An entry of the *Matriz Estratégica Integrada*.
    Entry,
    /// A potential or problem.
    Potential,
    /// A challenge or opportunity.
    Challenge,
    /// A strategic objective.
    Objective,
    /// A row of the *Matriz Focalización*.
    Action,
}

impl Level {
    /// From the first to the last.
    pub const ALL: [Self; 6] = [
        Self::Source,
        Self::Entry,
        Self::Potential,
        Self::Challenge,
        Self::Objective,
        Self::Action,
    ];
}

/// What a node stands for. Written `challenges/op1`, or `source/difoi`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeId {
    /// A kind of source without a document.
    Source(String),
    /// A row.
    Row(TableId, RowId),
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(code) => write!(f, "source/{code}"),
            Self::Row(table, row) => write!(f, "{}/{row}", table.as_str()),
        }
    }
}

/// A row on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it stands for.
    pub id: NodeId,
    /// Its step.
    pub level: Level,
    /// What it directly comes from.
    pub before: Vec<usize>,
    /// What directly comes from it.
    pub after: Vec<usize>,
    /// Whether nothing has to follow: an entry "sin información", a problem that does not concern
    /// Sercotec.
    pub ends: bool,
}

impl Node {
    /// Whether something should come before it and nothing does.
    #[must_use]
    pub fn lacks_before(&self) -> bool {
        self.level != Level::Source && self.before.is_empty()
    }

    /// Whether something should come after it and nothing does.
    #[must_use]
    pub fn lacks_after(&self) -> bool {
        self.level != Level::Action && self.after.is_empty() && !self.ends
    }

    /// Whether the way breaks off here.
    #[must_use]
    pub fn is_orphan(&self) -> bool {
        self.lacks_before() || self.lacks_after()
    }
}

/// How many nodes a level has, and how many of them are orphans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All.
    pub nodes: usize,
    /// Those with nothing before.
    pub without_before: usize,
    /// Those with nothing after.
    pub without_after: usize,
    /// Those with either.
    pub orphans: usize,
}

/// All rows of the way and how they are linked. Links lead from a level to a later one; what names
/// a row that is gone, or one of the wrong kind, is no link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// Level by level, each in the order of its table.
    nodes: Vec<Node>,
    places: HashMap<NodeId, usize>,
}

impl Trace {
    /// Reads an exercise.
    #[must_use]
    pub fn of(exercise: &Exercise) -> Self {
        let mut trace = Self::default();
        for source in sources(exercise) {
            trace.add(source.into(), Level::Source, false);
        }
        let rows = |table| exercise.table(table).rows();
        for row in rows(TableId::Strategic) {
            let ends = row.flag("no_information") == Some(true);
            trace.add(id(TableId::Strategic, row), Level::Entry, ends);
        }
        for row in rows(TableId::Potentials) {
            let ends = row.code("applicability") == "no";
            trace.add(id(TableId::Potentials, row), Level::Potential, ends);
        }
        for objectives in [false, true] {
            let level = if objectives { Level::Objective } else { Level::Challenge };
            for row in rows(TableId::Challenges).filter(|row| is_objective(row) == objectives) {
                trace.add(id(TableId::Challenges, row), level, false);
            }
        }
        for row in rows(TableId::Focus) {
            trace.add(id(TableId::Focus, row), Level::Action, false);
        }
        trace.link_all(exercise);
        trace
    }

    fn add(&mut self, id: NodeId, level: Level, ends: bool) {
        self.places.insert(id.clone(), self.nodes.len());
        self.nodes.push(Node { id, level, before: Vec::new(), after: Vec::new(), ends });
    }

    fn link_all(&mut self, exercise: &Exercise) {
        let rows = |table| exercise.table(table).rows();
        for row in rows(TableId::Strategic) {
            if let Some(source) = Source::of(exercise, row) {
                self.link(&source.into(), &id(TableId::Strategic, row));
            }
        }
        for row in rows(TableId::Potentials) {
            self.link_members(row, "entries", TableId::Strategic, TableId::Potentials);
        }
        for row in rows(TableId::Challenges) {
            self.link_members(row, "derived_from", TableId::Potentials, TableId::Challenges);
            for objective in row.members("objectives") {
                if let Some(objective) = parse(TableId::Challenges, objective) {
                    self.link(&id(TableId::Challenges, row), &objective);
                }
            }
        }
        for row in rows(TableId::Focus) {
            self.link_members(row, "objectives", TableId::Challenges, TableId::Focus);
            self.link_members(row, "challenges", TableId::Challenges, TableId::Focus);
        }
    }

    /// Links a row to what it comes from.
    fn link_members(&mut self, row: &Row, field: &str, from: TableId, to: TableId) {
        for member in row.members(field) {
            if let Some(from) = parse(from, member) {
                self.link(&from, &id(to, row));
            }
        }
    }

    fn link(&mut self, from: &NodeId, to: &NodeId) {
        if let (Some(&from), Some(&to)) = (self.places.get(from), self.places.get(to))
            && self.nodes[from].level < self.nodes[to].level
            && !self.nodes[to].before.contains(&from)
        {
            self.nodes[from].after.push(to);
            self.nodes[to].before.push(from);
        }
    }

    /// All nodes, level by level.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The place of a node among all.
    #[must_use]
    pub fn find(&self, id: &NodeId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The place of the node that is written like this.
    #[must_use]
    pub fn find_written(&self, text: &str) -> Option<usize> {
        let (table, row) = text.split_once('/')?;
        match table {
            "source" => self.find(&NodeId::Source(row.to_owned())),
            table => self.find(&parse(TableId::parse(table)?, row)?),
        }
    }

    /// The places of the nodes of a level.
    #[must_use]
    pub fn level(&self, level: Level) -> Range<usize> {
        let end = |level| self.nodes.partition_point(|node| node.level <= level);
        let start = self.nodes.partition_point(|node| node.level < level);
        start..end(level)
    }

    /// How many nodes of a level there are, and how many of them are orphans.
    #[must_use]
    pub fn count(&self, level: Level) -> Count {
        let mut count = Count::default();
        for node in &self.nodes[self.level(level)] {
            count.nodes += 1;
            count.without_before += usize::from(node.lacks_before());
            count.without_after += usize::from(node.lacks_after());
            count.orphans += usize::from(node.is_orphan());
        }
        count
    }

    /// Everything that a node comes from, over all levels, sorted; without itself.
    #[must_use]
    pub fn upstream(&self, node: usize) -> Vec<usize> {
        self.reach(node, |node| &node.before)
    }

    /// Everything that comes from a node, over all levels, sorted; without itself.
    #[must_use]
    pub fn downstream(&self, node: usize) -> Vec<usize> {
        self.reach(node, |node| &node.after)
    }

    /// Everything that a node is linked with.
    #[must_use]
    pub fn linked(&self, node: usize) -> Linked {
        Linked { node, upstream: self.upstream(node), downstream: self.downstream(node) }
    }

    /// The nodes of a level as they are shown: those linked with the chosen one first, except on
    /// its own level, where nothing moves under the finger.
    #[must_use]
    pub fn column(&self, level: Level, linked: Option<&Linked>, only_orphans: bool) -> Vec<usize> {
        let is_chosen = |node: usize| linked.is_some_and(|linked| linked.node == node);
        let is_linked = |node: usize| linked.is_some_and(|linked| linked.contains(node));
        let mut nodes: Vec<usize> = self
            .level(level)
            .filter(|node| !only_orphans || self.nodes[*node].is_orphan() || is_chosen(*node))
            .collect();
        nodes.sort_by_key(|node| !is_linked(*node));
        nodes
    }

    fn reach(&self, start: usize, next: impl Fn(&Node) -> &[usize]) -> Vec<usize> {
        let mut is_reached = vec![false; self.nodes.len()];
        let mut waiting = vec![start];
        while let Some(node) = waiting.pop() {
            for &other in next(&self.nodes[node]) {
                if !std::mem::replace(&mut is_reached[other], true) {
                    waiting.push(other);
                }
            }
        }
        (0..is_reached.len()).filter(|node| is_reached[*node]).collect()
    }
}

/// A node and everything that it is linked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The node.
    pub node: usize,
    /// All that it comes from, sorted.
    pub upstream: Vec<usize>,
    /// All that comes from it, sorted.
    pub downstream: Vec<usize>,
}

impl Linked {
    /// Whether this is up- or downstream of the node.
    #[must_use]
    pub fn contains(&self, node: usize) -> bool {
        self.upstream.binary_search(&node).is_ok() || self.downstream.binary_search(&node).is_ok()
    }
}

impl From<Source> for NodeId {
    fn from(source: Source) -> Self {
        match source {
            Source::Document(row) => Self::Row(TableId::Documents, row),
            Source::Named(code) => Self::Source(code),
        }
    }
}

fn id(table: TableId, row: &Row) -> NodeId {
    NodeId::Row(table, row.id.clone())
}

fn parse(table: TableId, row: &str) -> Option<NodeId> {
    Some(NodeId::Row(table, RowId::new(row).ok()?))
}

fn is_objective(row: &Row) -> bool {
    row.code("kind") == "objective"
}

#[cfg(test)]
mod tests;
