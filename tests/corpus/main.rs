//! The corpus, natively. `UPDATE=1` writes the files anew: their diff is what a reviewer of a rule
//! reads.

use std::{env, fs, path::PathBuf};

use shared::exchange::export;
use tests::corpus::{CASES, check, findings, read};

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "corpus", name].iter().collect()
}

#[test]
fn the_corpus_is_fresh() {
    for case in CASES {
        let exercise = read(case.file);
        let (file, findings) = (export(&exercise), findings(&exercise));
        if env::var_os("UPDATE").is_some() {
            fs::write(path(&format!("{}.json", case.name)), &file).unwrap();
            fs::write(path(&format!("{}.findings", case.name)), &findings).unwrap();
        } else {
            assert!(file == case.file, "{}.json is not as exported: run with UPDATE=1", case.name);
            check();
        }
    }
}
