//! Read views: the rows of an exercise seen by something else than their order.
//!
//! Each is computed anew from the exercise whenever it is shown, and holds ids instead of texts:
//! whoever draws it knows how things are called. A row is never counted twice in a total, and a
//! cell without a figure is never a zero (see [`crate::model::totals::Sum`]).

mod announced;
mod figures;
mod groups;
mod map;
mod pivot;
mod sources;
mod trace;

#[cfg(test)]
mod tests;

pub use announced::{Against, Informed, announced};
pub use figures::{Figures, Standing, standing};
pub use groups::{Group, Grouping, Groups, Member, groups};
pub use map::{ProvinceTiles, Reach, RegionMap, Tile, region_map};
pub use pivot::{Pivot, pivot};
pub use sources::{Source, sources};
pub use trace::{Count, Level, Linked, Node, NodeId, Trace};
