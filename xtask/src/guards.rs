//! The direction of dependencies: what no crate of this workspace may ever come to need.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::workspace::{cargo, output};

/// A crate, and the packages that it may not need, directly or through others, on any platform.
const FORBIDDEN: [(&str, &[&str]); 3] = [
    (
        "shared",
        &[
            "app",
            "server",
            "axum",
            "gloo-net",
            "hyper",
            "leptos",
            "mio",
            "rusqlite",
            "sqlx",
            "tokio",
            "tokio-postgres",
            "web-sys",
        ],
    ),
    ("app", &["server", "axum", "mio", "rusqlite", "sqlx", "tokio-postgres"]),
    ("server", &["app", "leptos", "gloo-net", "indexed_db_futures"]),
];

/// Fails when a crate needs what it may not.
pub fn check() -> Result<()> {
    for (package, forbidden) in FORBIDDEN {
        let tree = output(&mut cargo([
            "tree",
            "--package",
            package,
            "--edges",
            "normal,build",
            "--target",
            "all",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]))?;
        let needed = packages(&tree);
        if let Some(guest) = forbidden.iter().find(|name| needed.contains(*name)) {
            bail!(
                "`{package}` may not depend on `{guest}`; find out why it does with\n  \
                 cargo tree --package {package} --target all --invert {guest}"
            );
        }
    }
    Ok(())
}

/// Names of the packages in the output of `cargo tree --prefix none --format {p}`, without the
/// package that was asked about, which comes first.
fn packages(tree: &str) -> BTreeSet<&str> {
    tree.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_without_version_and_without_the_root() {
        let tree = "app v0.1.0 (/x/app)\nserde v1.0.2\ntokio-util v0.7.1\n\nserde v1.0.2 (*)\n";
        assert_eq!(packages(tree), BTreeSet::from(["serde", "tokio-util"]));
    }
}
