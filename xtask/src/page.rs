//! `app/index.html` as Trunk reads it, turned into the page that is served.
//!
//! Trunk's `data-trunk` lines are the one list of what the application consists of: the style
//! sheets in their order, the Rust program. So `trunk serve` and `cargo xtask run` cannot differ.

use anyhow::{Context as _, Result};

/// What the page loads, as addresses from the root of the site.
pub struct Assets {
    /// The one style sheet.
    pub style: String,
    /// The script that starts the application.
    pub loader: String,
    /// JavaScript side of the application, loaded by `loader`.
    pub script: String,
    /// Fetches the application's other parts when they are needed; loaded by `script`.
    pub parts: String,
    /// The application's first part, loaded by `script`.
    pub wasm: String,
}

/// Paths of the style sheets, relative to `index.html`, in their order.
pub fn style_sheets(html: &str) -> Result<Vec<&str>> {
    html.lines()
        .filter(|line| is_for_trunk(line) && attribute(line, "rel") == Some("css"))
        .map(|line| attribute(line, "href").with_context(|| format!("no href: {}", line.trim())))
        .collect()
}

/// The page with the lines for Trunk replaced by what they stand for.
pub fn fill_in(html: &str, assets: &Assets) -> Result<String> {
    let Assets { style, loader, script, parts, wasm } = assets;
    let mut page = String::with_capacity(html.len());
    for line in html.lines() {
        if !is_for_trunk(line) {
            page.push_str(line);
            page.push('\n');
        } else if attribute(line, "rel") == Some("rust") {
            // Preloading lets everything travel at once; the loader finds it in the cache.
            page.push_str(&format!(
                "<link rel=\"stylesheet\" href=\"{style}\">\n\
                 <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n\
                 <link rel=\"modulepreload\" href=\"{script}\">\n\
                 <link rel=\"modulepreload\" href=\"{parts}\">\n\
                 <script type=\"module\" src=\"{loader}\"></script>\n"
            ));
        }
    }
    if !page.contains(loader.as_str()) {
        anyhow::bail!("app/index.html has no line `<link data-trunk rel=\"rust\" …>`");
    }
    Ok(page)
}

fn is_for_trunk(line: &str) -> bool {
    line.contains("data-trunk")
}

/// The value of an attribute of the element in this line, written `name="value"`.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = r#"<head>
  <link data-trunk rel="css" href="style/tokens.css">
  <link data-trunk rel="css" href="style/grid.css">
  <link data-trunk rel="copy-dir" href="../public">
  <link data-trunk rel="rust" href="Cargo.toml">
</head>"#;

    fn assets() -> Assets {
        Assets {
            style: "/assets/s.css".into(),
            loader: "/assets/l.js".into(),
            script: "/assets/a.js".into(),
            parts: "/assets/p.js".into(),
            wasm: "/assets/a.wasm".into(),
        }
    }

    #[test]
    fn style_sheets_keep_their_order() {
        let sheets = style_sheets(HTML).unwrap();
        assert_eq!(sheets, ["style/tokens.css", "style/grid.css"]);
    }

    #[test]
    fn nothing_for_trunk_is_served() {
        let page = fill_in(HTML, &assets()).unwrap();
        assert!(!page.contains("trunk"), "{page}");
        for address in
            ["/assets/s.css", "/assets/l.js", "/assets/a.js", "/assets/p.js", "/assets/a.wasm"]
        {
            assert_eq!(page.matches(address).count(), 1, "{address}");
        }
    }

    #[test]
    fn a_page_without_the_program_is_refused() {
        assert!(fill_in("<head></head>", &assets()).is_err());
    }
}
