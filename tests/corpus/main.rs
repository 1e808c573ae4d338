//! The corpus, natively and in the browser's engine.

use tests::corpus::check;

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_corpus_has_its_findings_and_totals() {
    check();
}

/// `UPDATE=1` writes the files anew: their diff is what a reviewer of a rule reads.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_corpus_is_fresh() {
    use shared::exchange::export;
    use tests::{
        assert_fresh,
        corpus::{CASES, findings, read},
    };

    for case in CASES {
        let exercise = read(case.file);
        assert_fresh(&format!("tests/corpus/{}.json", case.name), &export(&exercise));
        assert_fresh(&format!("tests/corpus/{}.findings", case.name), &findings(&exercise));
    }
}
