//! The repository's own rules: what a reader may rely on without reading everything.

use std::{fs, path::Path};

/// Tracked-like text files below a folder of the repository, with their text.
fn sources(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(&root).expect("below the root").to_string_lossy();
                found.push((name.into_owned(), fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no {ending}");
    found
}

/// No file below `folder` but those that start with `allowed` names any of `words`.
fn only(folder: &str, allowed: &[&str], words: &[&str]) {
    for (name, text) in sources(folder, ".rs") {
        if allowed.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in words {
                assert!(!code.contains(word), "{name}:{}: names {word}: {line}", number + 1);
            }
        }
    }
}

#[test]
fn shared_is_pure() {
    let io = ["std::fs", "std::net", "std::env", "std::process", "std::thread", "std::time"];
    only("shared/src", &[], &io);
}

#[test]
fn one_file_names_the_crdt() {
    only("shared/src", &["shared/src/doc"], &["yrs::", "use yrs"]);
    for folder in ["app/src", "server/src"] {
        only(folder, &[], &["yrs::", "use yrs"]);
    }
}

#[test]
fn one_place_names_the_database_and_one_the_browser_store() {
    only("server/src", &["server/src/store"], &["rusqlite"]);
    only("app/src", &["app/src/storage"], &["indexed_db_futures"]);
}

#[test]
fn only_clocks_read_time() {
    let clocks = ["SystemTime::now", "Instant::now", "Date::now", "Utc::now", "Local::now"];
    only("server/src", &["server/src/clock.rs"], &clocks);
    only("app/src", &["app/src/clock.rs"], &clocks);
}

#[test]
fn rules_see_nothing_but_the_exercise() {
    only("shared/src/rules", &[], &["crate::doc", "crate::sync", "crate::protocol"]);
}

#[test]
fn files_stay_small() {
    for folder in ["app/src", "server/src", "shared/src", "tests", "xtask/src"] {
        for (name, text) in sources(folder, ".rs") {
            let lines = text.lines().count();
            assert!(lines <= 500, "{name} has {lines} lines: split it");
        }
    }
}

#[test]
fn nothing_names_a_package_host() {
    let hosts = ["crates.io/", "index.crates", "registry.npmjs", "pypi.org", "deb.debian"];
    for (folder, ending) in [
        ("docs", ".md"),
        ("xtask/src", ".rs"),
        (".ci", "run"),
        ("app", ".toml"),
        ("tests", ".toml"),
        ("tests/axe", ".json"),
    ] {
        for (name, text) in sources(folder, ending) {
            for host in hosts {
                assert!(!text.contains(host), "{name} names {host}");
            }
        }
    }
}
