//! A region as tiles: one for each commune, by province, from north to south.

use std::collections::BTreeSet;

use super::Figures;
use crate::{
    ids::RowId,
    model::Exercise,
    template::TableId,
    territory::{self, Comuna, Province},
};

/// The region of an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionMap {
    /// Its provinces, from north to south.
    pub provinces: Vec<ProvinceTiles>,
    /// Rows that name the region as a whole.
    pub region: Reach,
    /// Rows that name no place at all.
    pub nowhere: Reach,
    /// Rows that name places, but none of this region.
    pub elsewhere: Reach,
}

/// A province with its communes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvinceTiles {
    /// The province.
    pub province: &'static Province,
    /// Rows that name it as a whole.
    pub named: Reach,
    /// Its communes.
    pub tiles: Vec<Tile>,
}

/// A commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The commune.
    pub comuna: &'static Comuna,
    /// Rows that name it.
    pub named: Reach,
    /// Rows that name it, its province or the region, each once. Nothing says how they divide what
    /// they have, so each counts in full.
    pub reached: Reach,
}

/// Some rows and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// The rows, in the order of the matrix.
    pub rows: Vec<RowId>,
    /// What they come to.
    pub figures: Figures,
}

/// Lays out the region of an exercise.
#[must_use]
pub fn region_map(exercise: &Exercise) -> RegionMap {
    let region = exercise.id.region();
    let rows: Vec<(_, BTreeSet<&str>)> = exercise
        .table(TableId::Focus)
        .rows()
        .map(|row| (row, row.members("places").collect()))
        .collect();
    let reach = |counts: &dyn Fn(&BTreeSet<&str>) -> bool| {
        let mut reach = Reach::default();
        for (row, _) in rows.iter().filter(|(_, places)| counts(places)) {
            reach.rows.push(row.id.clone());
            reach.figures.add(row);
        }
        reach
    };
    let tile = |comuna: &'static Comuna| Tile {
        comuna,
        named: reach(&|places| places.contains(comuna.code)),
        reached: reach(&|places| places.iter().any(|place| lies_in(comuna, place))),
    };
    let province = |province: &'static Province| ProvinceTiles {
        province,
        named: reach(&|places| places.contains(province.code)),
        tiles: territory::comunas_from_north(province).map(tile).collect(),
    };
    RegionMap {
        provinces: territory::provinces_from_north(region).map(province).collect(),
        region: reach(&|places| places.contains(region)),
        nowhere: reach(&|places| places.is_empty()),
        elsewhere: reach(&|places| {
            !places.is_empty() && !places.iter().any(|place| territory::contains(region, place))
        }),
    }
}

/// Whether this is the code of the commune, its province or its region.
fn lies_in(comuna: &Comuna, place: &str) -> bool {
    matches!(place.len(), 2 | 3 | 5) && comuna.code.starts_with(place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::views::tests::{exercise, random_exercise};

    fn ids(reach: &Reach) -> Vec<&str> {
        reach.rows.iter().map(RowId::as_str).collect()
    }

    #[test]
    fn a_row_of_a_province_reaches_its_communes() {
        let map = region_map(&exercise(
            "## focus
            | id | instrument | budget | places |
            | a | crece | 1 | 01401, 014 |
            | b | crece | por definir | 01 |
            | c | crece | 4 | 15101 |
            | d | crece | 8 | |
            | e | crece | 16 | 01405, 15 |",
        ));
        let names: Vec<_> = map.provinces.iter().map(|tiles| tiles.province.name).collect();
        assert_eq!(names, ["Iquique", "Tamarugal"]);
        let tamarugal = &map.provinces[1];
        assert_eq!(ids(&tamarugal.named), ["a"]);
        let tiles: Vec<_> = tamarugal
            .tiles
            .iter()
            .map(|tile| (tile.comuna.name, ids(&tile.named), ids(&tile.reached)))
            .collect();
        assert_eq!(tiles[3], ("Pozo Almonte", vec!["a"], vec!["a", "b"]));
        assert_eq!(tiles[4], ("Pica", vec!["e"], vec!["a", "b", "e"]));
        let pica = &tamarugal.tiles[4].reached.figures;
        assert_eq!((pica.budget.total, pica.budget.to_be_defined), (17, 1));
        assert_eq!((ids(&map.region), ids(&map.nowhere)), (vec!["b"], vec!["d"]));
        assert_eq!(ids(&map.elsewhere), ["c"]);
    }

    proptest! {
        #[test]
        fn every_row_is_somewhere(exercise in random_exercise()) {
            let map = region_map(&exercise);
            let tiles = map.provinces.iter().flat_map(|province| &province.tiles);
            let mut found: BTreeSet<&RowId> = tiles.flat_map(|tile| &tile.reached.rows).collect();
            for apart in [&map.nowhere, &map.elsewhere] {
                prop_assert!(apart.rows.iter().all(|row| found.insert(row)));
            }
            prop_assert_eq!(found.len(), exercise.table(TableId::Focus).rows().len());
        }
    }
}
