//! The *Matriz Focalización* by instrument, by objective or by territory (MTX-16).

use std::collections::{BTreeSet, HashMap};

use super::Figures;
use crate::{
    ids::RowId,
    instruments,
    model::{Exercise, Row},
    template::TableId,
    territory::{self, PlaceKind},
};

/// By what rows are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// The instrument that the row names.
    Instrument,
    /// Each of its strategic objectives.
    Objective,
    /// Each of its regions, provinces and communes.
    Territory,
}

/// The rows in their groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groups {
    /// The groups, in the order of the process: rows that name nothing come last.
    pub groups: Vec<Group>,
    /// All rows, each once.
    pub total: Figures,
    /// Rows that stand in several groups, so that the subtotals together exceed the total.
    pub repeated: usize,
}

/// One group. It may have no rows: an instrument or objective that nothing was written for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The id of the instrument, objective or place; empty for rows that name none.
    pub code: String,
    /// Its rows, in the order of the matrix.
    pub members: Vec<Member>,
    /// What these come to.
    pub figures: Figures,
    /// For a region or province: the same with all that lies in it, each row once.
    pub within: Option<Figures>,
}

/// A row as part of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The row.
    pub row: RowId,
    /// In how many groups it stands.
    pub groups: usize,
}

/// Groups the rows of the *Matriz Focalización*.
#[must_use]
pub fn groups(exercise: &Exercise, by: Grouping) -> Groups {
    let mut found = Groups::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for code in expected(exercise, by) {
        let group = Group { code: code.clone(), ..Group::default() };
        places.insert(code, found.groups.len());
        found.groups.push(group);
    }
    for row in exercise.table(TableId::Focus).rows() {
        found.total.add(row);
        let codes = codes(row, by);
        found.repeated += usize::from(codes.len() > 1);
        for code in &codes {
            let place = *places.entry((*code).to_owned()).or_insert_with(|| {
                found.groups.push(Group { code: (*code).to_owned(), ..Group::default() });
                found.groups.len() - 1
            });
            let group = &mut found.groups[place];
            group.figures.add(row);
            group.members.push(Member { row: row.id.clone(), groups: codes.len() });
        }
    }
    match by {
        Grouping::Instrument => found.groups.retain(|group| !is_covered(group, &places)),
        Grouping::Objective => {}
        Grouping::Territory => add_containers(exercise, &mut found.groups),
    }
    // Stable: what is named keeps its order.
    found.groups.sort_by_key(|group| group.code.is_empty());
    found
}

/// What a row names; one empty code where it names nothing.
fn codes(row: &Row, by: Grouping) -> Vec<&str> {
    let mut codes: Vec<&str> = match by {
        Grouping::Instrument => vec![row.code("instrument")],
        Grouping::Objective => row.members("objectives").collect(),
        Grouping::Territory => row.members("places").collect(),
    };
    if codes.is_empty() {
        codes.push("");
    }
    codes
}

/// The groups that are shown with or without rows.
fn expected(exercise: &Exercise, by: Grouping) -> Vec<String> {
    match by {
        Grouping::Instrument => instruments::transferred_in(exercise.id.budget_year.into())
            .map(|instrument| instrument.id.to_owned())
            .collect(),
        Grouping::Objective => exercise
            .table(TableId::Challenges)
            .rows()
            .filter(|row| row.code("kind") == "objective")
            .map(|row| row.id.to_string())
            .collect(),
        Grouping::Territory => Vec::new(),
    }
}

/// Whether an instrument without rows has them in a joint one.
fn is_covered(group: &Group, named: &HashMap<String, usize>) -> bool {
    group.members.is_empty()
        && named
            .keys()
            .filter_map(|code| instruments::instrument(code))
            .any(|joint| joint.covers.contains(&group.code.as_str()))
}

/// Puts places in their order, below the province and region that they lie in.
fn add_containers(exercise: &Exercise, groups: &mut Vec<Group>) {
    let mut within: HashMap<&'static str, Figures> = HashMap::new();
    for row in exercise.table(TableId::Focus).rows() {
        let containers: BTreeSet<_> = row.members("places").flat_map(containers).collect();
        for container in containers {
            within.entry(container).or_default().add(row);
        }
    }
    let named: BTreeSet<String> = groups.iter().map(|group| group.code.clone()).collect();
    for code in within.keys().filter(|code| !named.contains(**code)) {
        groups.push(Group { code: (*code).to_owned(), ..Group::default() });
    }
    for group in groups.iter_mut() {
        group.within = within.remove(group.code.as_str());
    }
    groups.sort_by_cached_key(|group| rank(exercise, &group.code));
}

/// The region and province that a place lies in or is.
fn containers(code: &str) -> impl Iterator<Item = &'static str> + use<> {
    let place = territory::place(code);
    let region = place.map(|place| place.region.code);
    let province = place.filter(|place| place.kind != PlaceKind::Region);
    let province = province.and_then(|place| territory::province(&place.code[..3]));
    region.into_iter().chain(province.map(|province| province.code))
}

/// The own region first, then the others from north to south, then what does not exist. Within a
/// region by code: each province before its communes.
fn rank(exercise: &Exercise, code: &str) -> (usize, String) {
    let region = territory::place(code).map(|place| place.region.code);
    let order = match region {
        Some(region) if region == exercise.id.region() => 0,
        Some(region) => {
            1 + territory::regions().iter().take_while(|other| other.code != region).count()
        }
        None => usize::MAX,
    };
    (order, code.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::totals::Sum,
        views::tests::{exercise, random_exercise},
    };

    const ALL: [Grouping; 3] = [Grouping::Instrument, Grouping::Objective, Grouping::Territory];

    fn lines(groups: &Groups) -> Vec<(&str, usize, i64)> {
        groups
            .groups
            .iter()
            .map(|group| (group.code.as_str(), group.members.len(), group.figures.budget.total))
            .collect()
    }

    #[test]
    fn a_row_with_several_objectives_is_in_each_and_once_in_the_total() {
        let exercise = exercise(
            "## challenges
            | id | kind |
            | o1 | objective |
            | o2 | objective |
            | o3 | objective |
            | c1 | challenge |
            ## focus
            | id | instrument | budget | objectives |
            | a | crece | 100 | o1, o3 |
            | b | gremios | 20 | o3 |
            | c | crece | por definir | |
            | d | crece | | gone |",
        );
        let found = groups(&exercise, Grouping::Objective);
        let expected = [("o1", 1, 100), ("o2", 0, 0), ("o3", 2, 120), ("gone", 1, 0), ("", 1, 0)];
        assert_eq!(lines(&found), expected);
        assert_eq!((found.total.rows, found.total.budget.total, found.repeated), (4, 120, 1));
        assert_eq!(
            found.total.legal,
            Sum { total: 100, known: 1, missing: 1, to_be_defined: 1, ..Sum::default() }
        );
        assert_eq!(found.total.outside.total, 20);
        assert_eq!(found.groups[0].members[0].groups, 2);
        assert_eq!(found.groups[3].figures.budget, Sum { missing: 1, ..Sum::default() });
        assert_eq!(found.groups[4].figures.budget, Sum { to_be_defined: 1, ..Sum::default() });
    }

    #[test]
    fn every_transferred_instrument_appears_unless_a_joint_one_stands_for_it() {
        let exercise = exercise(
            "## focus
            | id | instrument | budget |
            | a | formacion | 1 |
            | b | emprende | 2 |
            | c | | 3 |
            | d | juntos | 4 |
            | e | juntos | 5 |",
        );
        let found = groups(&exercise, Grouping::Instrument);
        let expected = [
            ("crece", 0, 0),
            ("mejora_negocios", 0, 0),
            ("digitaliza_almacen", 0, 0),
            ("promocion_canales", 0, 0),
            ("redes_oportunidades", 0, 0),
            ("juntos", 2, 9),
            ("formacion", 1, 1),
            ("emprende", 1, 2),
            ("", 1, 3),
        ];
        assert_eq!(lines(&found), expected);
        assert_eq!((found.total.legal.total, found.total.outside.total), (11, 4));
    }

    #[test]
    fn communes_stand_below_their_province_and_region() {
        let exercise = exercise(
            "## focus
            | id | instrument | budget | places |
            | a | crece | 1 | 01401, 01405, 01101 |
            | b | crece | 2 | 014 |
            | c | crece | 4 | 15101 |
            | d | crece | 8 | 01999 |
            | e | crece | 16 | |",
        );
        let found = groups(&exercise, Grouping::Territory);
        let expected = [
            ("01", 0, 0),
            ("011", 0, 0),
            ("01101", 1, 1),
            ("014", 1, 2),
            ("01401", 1, 1),
            ("01405", 1, 1),
            ("15", 0, 0),
            ("151", 0, 0),
            ("15101", 1, 4),
            ("01999", 1, 8),
            ("", 1, 16),
        ];
        assert_eq!(lines(&found), expected);
        let within = |place: usize| {
            found.groups[place].within.as_ref().map(|within| (within.rows, within.budget.total))
        };
        assert_eq!(within(0), Some((2, 3)), "a row in three communes counts once in the region");
        assert_eq!((within(1), within(3)), (Some((1, 1)), Some((2, 3))));
        assert_eq!((within(4), within(9)), (None, None));
    }

    fn add(left: Sum, right: Sum) -> Sum {
        Sum {
            total: left.total + right.total,
            known: left.known + right.known,
            missing: left.missing + right.missing,
            to_be_defined: left.to_be_defined + right.to_be_defined,
            not_applicable: left.not_applicable + right.not_applicable,
            masked: left.masked + right.masked,
        }
    }

    proptest! {
        #[test]
        fn every_row_is_in_each_group_that_it_names_and_in_no_other(exercise in random_exercise()) {
            for by in ALL {
                let found = groups(&exercise, by);
                let rows = exercise.table(TableId::Focus).rows();
                let expected: BTreeSet<_> = rows
                    .flat_map(|row| codes(row, by).into_iter().map(|code| (code, row.id.as_str())))
                    .collect();
                let groups = found.groups.iter();
                let actual: Vec<_> = groups
                    .flat_map(|group| group.members.iter().map(|m| (group.code.as_str(), m.row.as_str())))
                    .collect();
                prop_assert_eq!(actual.len(), expected.len());
                prop_assert_eq!(actual.into_iter().collect::<BTreeSet<_>>(), expected);
            }
        }

        #[test]
        fn subtotals_of_a_partition_add_up(exercise in random_exercise()) {
            let found = groups(&exercise, Grouping::Instrument);
            let sum = |part: fn(&Figures) -> Sum| {
                found.groups.iter().map(|group| part(&group.figures)).fold(Sum::default(), add)
            };
            prop_assert_eq!(sum(|figures| figures.budget), found.total.budget);
            prop_assert_eq!(sum(|figures| figures.legal), found.total.legal);
            prop_assert_eq!(found.groups.iter().map(|group| group.figures.rows).sum::<usize>(), found.total.rows);
        }

        #[test]
        fn the_total_is_the_one_of_the_matrix(exercise in random_exercise()) {
            let expected = crate::model::totals::totals(&exercise, |id| {
                instruments::instrument(id).is_some_and(instruments::Instrument::transferred)
            });
            for by in ALL {
                let Figures { budget, legal, external, outside, .. } = groups(&exercise, by).total;
                prop_assert_eq!(budget, expected.budget);
                prop_assert_eq!(legal, expected.transferred);
                prop_assert_eq!(external, expected.external);
                prop_assert_eq!(add(add(legal, external), outside), budget);
            }
        }

        #[test]
        fn a_row_counted_in_several_groups_says_so(exercise in random_exercise()) {
            for by in ALL {
                let found = groups(&exercise, by);
                let members: Vec<_> = found.groups.iter().flat_map(|group| &group.members).collect();
                for member in &members {
                    let times = members.iter().filter(|other| other.row == member.row).count();
                    prop_assert_eq!(times, member.groups);
                }
            }
        }
    }
}
