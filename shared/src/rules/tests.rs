//! The example of every rule, and the form that every rule has.

use super::{documentation::HEADINGS, *};
use crate::norms::{Strength, conflict};

use example::{assert_example, evaluate_example};

pub(crate) mod example;
mod random;

#[test]
fn the_example_of_every_rule_holds() {
    for rule in all() {
        let example = rule.documentation().example;
        assert_example(rule, &example);
        let marked = |table: &ExampleTable<'_>| {
            table.findings + table.rows.iter().flatten().map(|cell| cell.findings).sum::<usize>()
        };
        let spares = |cell: &ExampleCell<'_>| cell.findings == 0 && !cell.text.is_empty();
        let spared = example.tables.iter().any(|table| {
            marked(table) == 0 || table.rows.iter().any(|row| row.iter().skip(1).any(spares))
        });
        assert!(example.tables.iter().any(|table| marked(table) > 0), "{} finds none", rule.id);
        assert!(spared, "{} spares nothing", rule.id);
    }
}

#[test]
fn ids_are_unique_and_sorted_and_findable() {
    assert!(all().is_sorted_by(|a, b| a.id < b.id));
    for known in all() {
        assert!(std::ptr::eq(find(known.id).expect(known.id), *known));
    }
    assert!(find("VAL-20").is_none(), "totals are computed: there is nothing to check");
}

#[test]
fn every_documentation_has_its_sections_in_order() {
    for rule in all() {
        let headings: Vec<&str> =
            rule.text.lines().map(str::trim).filter(|line| line.starts_with("# ")).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        let text = rule.documentation();
        for part in [&text.summary, &text.checks, &text.reason, &text.remedy] {
            assert!(part.len() > 20 && part.ends_with('.'), "{}: {part}", rule.id);
            assert!(!part.contains("bservaci"), "{}: a finding is an «aviso»", rule.id);
        }
        assert!(!text.summary.contains('\n'), "{}: one sentence, one line", rule.id);
        assert!((1..=50).contains(&rule.title.chars().count()), "{}", rule.title);
        assert!(!rule.title.ends_with('.'), "{}: a noun phrase", rule.title);
    }
}

#[test]
fn severity_is_bounded_by_the_strength_of_the_source_it_rests_on() {
    for rule in all() {
        let source = rule.sources.first().expect(rule.id);
        let bound = match source.strength() {
            strength if strength.binding() && !source.place.is_empty() => Severity::Block,
            Strength::Inferred => Severity::Warn,
            _ => Severity::Tip,
        };
        assert!(rule.severity >= bound, "{} is graver than its source", rule.id);
        for id in rule.conflicts {
            assert!(conflict(id).is_some(), "{}: {id}", rule.id);
        }
    }
}

#[test]
fn rules_are_silent_outside_the_days_of_their_law() {
    for rule in all() {
        let example = rule.documentation().example;
        let first = rule.in_force.from.expect("every norm begins one day");
        assert!(
            rule.sources.iter().all(|source| {
                !source.strength().binding() || source.norm.in_force.contains(first)
            }),
            "{} begins before its norm",
            rule.id
        );
        let on = |day| {
            evaluate_example(&example, day)
                .into_iter()
                .filter(|found| found.rule == rule.id)
                .count()
        };
        assert!(on(first) > 0, "{}", rule.id);
        assert_eq!(first.pred_opt().map(on), Some(0), "{}", rule.id);
        if let Some(last) = rule.in_force.to {
            assert!(on(last) > 0 && last.succ_opt().map(on) == Some(0), "{}", rule.id);
        }
    }
}

#[test]
fn findings_read_in_the_order_of_the_exercise() {
    let example = Example::parse(
        "## challenges\n| id | kind | text |\n| b | | |\n| a | | |\n## focus\n| id |\n| z |\n| y |"
            .lines(),
    );
    let found = evaluate_example(&example, crate::norms::date(2026, 12, 30));
    let tables: Vec<_> = found.iter().map(|finding| finding.at.table()).collect();
    assert!(tables.is_sorted());
    let rows: Vec<&str> = found
        .iter()
        .filter(|finding| finding.at.table() == Some(TableId::Focus))
        .filter_map(|finding| Some(finding.at.row()?.as_str()))
        .collect();
    assert!(rows.is_sorted_by(|a, b| a >= b) && rows.contains(&"y"), "{rows:?}");
    let fields: Vec<&str> = found
        .iter()
        .filter_map(|finding| match &finding.at {
            At::Field(TableId::Focus, row, field) if row.as_str() == "z" => Some(field.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(fields.first(), Some(&"instrument"), "{fields:?}");
    assert_eq!(fields.last(), Some(&"challenges"), "{fields:?}");
}
