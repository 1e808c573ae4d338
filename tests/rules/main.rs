//! The rules as a reader meets them: their files, and the page that is made of them.

use std::{collections::BTreeSet, fs, path::Path};

use shared::rules::all;
use tests::assert_fresh;

mod page;

/// What may be wrong with something; the name of a rule's file says which it is.
const DEFECTS: [&str; 8] = [
    "missing",
    "unknown",
    "unlinked",
    "duplicate",
    "mismatched",
    "out_of_range",
    "late",
    "unexplained",
];

#[test]
fn rules_page_is_fresh() {
    assert_fresh("docs/reglas.md", &page::write());
}

#[test]
fn every_file_is_a_rule_and_names_its_defect() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src/rules/val");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("shared/src/rules/val/{}", entry.unwrap().file_name().display()))
        .collect();
    let registered: BTreeSet<String> =
        all().iter().map(|rule| rule.file.replace('\\', "/")).collect();
    assert_eq!(files, registered, "a file without its line in val.rs, or the reverse");
    for rule in all() {
        let name = rule.file.rsplit(['/', '\\']).next().unwrap();
        let id = rule.id.to_lowercase().replace('-', "");
        let defect = name.strip_prefix(&format!("{id}_")).expect(name);
        assert!(DEFECTS.iter().any(|word| defect.starts_with(&format!("{word}_"))), "{name}");
    }
}
