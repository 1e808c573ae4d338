use proptest::prelude::*;

use super::*;
use crate::views::tests::{exercise, random_exercise};

const CHAIN: &str = "## documents
    | id | type |
    | d1 | erd |
    | d2 | other |
    ## strategic
    | id | source | document | no_information |
    | e1 | erd | d1 | |
    | e2 | difoi | | |
    | e3 | dr | | sí |
    | e4 | | | |
    ## potentials
    | id | kind | applicability | entries |
    | p1 | problem | yes | e1, e2 |
    | p2 | potential | no | e2 |
    | p3 | potential | yes | gone |
    ## challenges
    | id | kind | derived_from | objectives |
    | c1 | challenge | p1 | o1 |
    | o1 | objective | | |
    | c2 | opportunity | | o1, c1 |
    | o2 | objective | | |
    | x1 | | p1 | |
    ## focus
    | id | objectives | challenges |
    | a1 | o1 | |
    | a2 | | c1 |
    | a3 | c1, gone | |
    | a4 | | |";

fn written(trace: &Trace, nodes: &[usize]) -> Vec<String> {
    nodes.iter().map(|node| trace.nodes()[*node].id.to_string()).collect()
}

fn upstream(trace: &Trace, node: &str) -> Vec<String> {
    written(trace, &trace.upstream(trace.find_written(node).unwrap()))
}

fn downstream(trace: &Trace, node: &str) -> Vec<String> {
    written(trace, &trace.downstream(trace.find_written(node).unwrap()))
}

#[test]
fn the_way_leads_from_a_document_to_a_budget_line_and_back() {
    let trace = Trace::of(&exercise(CHAIN));
    let down = ["strategic/e1", "potentials/p1", "challenges/c1", "challenges/x1", "challenges/o1"];
    let actions = ["focus/a1", "focus/a2", "focus/a3"];
    assert_eq!(downstream(&trace, "documents/d1"), [&down[..], &actions[..]].concat());
    assert_eq!(downstream(&trace, "documents/d2"), [""; 0]);
    assert_eq!(
        upstream(&trace, "focus/a1"),
        [
            "documents/d1",
            "source/difoi",
            "strategic/e1",
            "strategic/e2",
            "potentials/p1",
            "challenges/c1",
            "challenges/c2",
            "challenges/o1",
        ]
    );
    assert_eq!(upstream(&trace, "focus/a4"), [""; 0]);
    for text in ["", "focus", "focus/gone", "source/dip", "nothing/a1", "challenges/Ñ"] {
        assert_eq!(trace.find_written(text), None, "{text}");
    }
}

#[test]
fn the_way_breaks_off_where_something_is_missing() {
    let trace = Trace::of(&exercise(CHAIN));
    let orphans = |lacks: fn(&Node) -> bool| {
        let nodes = trace.nodes().iter().filter(|node| lacks(node));
        nodes.map(|node| node.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        orphans(Node::lacks_before),
        ["strategic/e4", "potentials/p3", "challenges/c2", "challenges/o2", "focus/a4"]
    );
    // Neither the entry without information nor the potential that does not concern Sercotec.
    assert_eq!(
        orphans(Node::lacks_after),
        [
            "documents/d2",
            "source/diplade",
            "strategic/e4",
            "potentials/p3",
            "challenges/x1",
            "challenges/o2",
        ]
    );
    let count = |level| {
        let Count { nodes, without_before, without_after, orphans } = trace.count(level);
        (nodes, without_before, without_after, orphans)
    };
    assert_eq!(count(Level::Source), (5, 0, 2, 2));
    assert_eq!(count(Level::Entry), (4, 1, 1, 1));
    assert_eq!(count(Level::Challenge), (3, 1, 1, 2));
    assert_eq!(count(Level::Action), (4, 1, 0, 1));
}

#[test]
fn an_objective_may_come_straight_from_a_problem() {
    let trace = Trace::of(&exercise(
        "## potentials
        | id | kind |
        | p1 | problem |
        ## challenges
        | id | kind | derived_from |
        | o1 | objective | p1 |
        ## focus
        | id | objectives | challenges |
        | a1 | o1 | o1 |",
    ));
    assert_eq!(downstream(&trace, "potentials/p1"), ["challenges/o1", "focus/a1"]);
    let action = &trace.nodes()[trace.find_written("focus/a1").unwrap()];
    assert_eq!(action.before.len(), 1, "named twice, linked once");
}

#[test]
fn a_column_shows_what_is_linked_first() {
    let trace = Trace::of(&exercise(CHAIN));
    let linked = trace.linked(trace.find_written("focus/a3").unwrap());
    let column =
        |level, only_orphans| written(&trace, &trace.column(level, Some(&linked), only_orphans));
    assert_eq!(column(Level::Objective, false), ["challenges/o1", "challenges/o2"]);
    assert_eq!(column(Level::Entry, false)[..2], ["strategic/e1", "strategic/e2"]);
    assert_eq!(column(Level::Action, false), ["focus/a1", "focus/a2", "focus/a3", "focus/a4"]);
    assert_eq!(column(Level::Action, true), ["focus/a3", "focus/a4"], "what is chosen stays");
    assert_eq!(trace.column(Level::Action, None, true).len(), 1);
}

proptest! {
    #[test]
    fn what_is_upstream_of_a_node_has_it_downstream(exercise in random_exercise()) {
        let trace = Trace::of(&exercise);
        for node in 0..trace.nodes().len() {
            for other in 0..trace.nodes().len() {
                prop_assert_eq!(
                    trace.upstream(node).contains(&other),
                    trace.downstream(other).contains(&node)
                );
            }
            prop_assert!(!trace.upstream(node).contains(&node));
        }
    }

    #[test]
    fn every_row_is_on_its_level(exercise in random_exercise()) {
        let trace = Trace::of(&exercise);
        let tables = [TableId::Documents, TableId::Strategic, TableId::Potentials, TableId::Challenges, TableId::Focus];
        for table in tables {
            for row in exercise.table(table).order() {
                let node = trace.find(&NodeId::Row(table, row.clone())).unwrap();
                prop_assert!(trace.level(trace.nodes()[node].level).contains(&node));
                prop_assert_eq!(trace.find_written(&trace.nodes()[node].id.to_string()), Some(node));
            }
        }
        let levels: Vec<usize> = Level::ALL.into_iter().flat_map(|level| trace.level(level)).collect();
        prop_assert_eq!(levels, (0..trace.nodes().len()).collect::<Vec<_>>());
        for node in trace.nodes() {
            prop_assert!(node.before.iter().all(|other| trace.nodes()[*other].level < node.level));
        }
    }
}
