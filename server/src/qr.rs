//! Addresses to be scanned.

use std::fmt::Write as _;

use qrcode::{Color, QrCode, types::QrError};

/// Modules of light around the code: the standard asks for four (ISO/IEC 18004).
const QUIET: usize = 4;

struct Modules {
    dark: Vec<bool>,
    width: usize,
}

impl Modules {
    fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::new(text)?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { dark, width: code.width() })
    }

    /// Beyond the code everything is light.
    fn is_dark(&self, row: usize, column: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        let place = inside(row).zip(inside(column));
        place.is_some_and(|(row, column)| self.dark[row * self.width + column])
    }

    fn side(&self) -> usize {
        self.width + 2 * QUIET
    }
}

/// As a picture, dark on light whatever the page looks like.
pub fn svg(text: &str) -> Result<String, QrError> {
    let modules = Modules::of(text)?;
    let side = modules.side();
    let mut path = String::new();
    for row in 0..side {
        for column in (0..side).filter(|column| modules.is_dark(row, *column)) {
            // Writing into a string does not fail.
            let _ = write!(path, "M{column} {row}h1v1h-1z");
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
         <path d=\"{path}\"/></svg>"
    ))
}

/// For a terminal, two rows in a line: light is drawn, so that it can be scanned from dark ones.
pub fn terminal(text: &str) -> Result<String, QrError> {
    let modules = Modules::of(text)?;
    let mut lines = String::new();
    for row in (0..modules.side()).step_by(2) {
        for column in 0..modules.side() {
            let (upper, lower) = (modules.is_dark(row, column), modules.is_dark(row + 1, column));
            lines.push(match (upper, lower) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        lines.push('\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_light_and_has_its_three_marks() {
        let modules = Modules::of("http://192.168.100.200:8080/reunion/ABCD2345").unwrap();
        assert!((0..QUIET).all(|at| !modules.is_dark(at, at) && !modules.is_dark(at, 10)));
        let (near, far) = (QUIET, QUIET + modules.width - 1);
        assert!(modules.is_dark(near, near) && modules.is_dark(near, far));
        assert!(modules.is_dark(far, near));
        let svg = svg("a").unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("M4 4h1"), "{svg}");
        let lines = terminal("a").unwrap();
        assert_eq!(lines.lines().count(), 15, "29 rows, two in a line");
        assert!(svg.len() > 500 && terminal(&"x".repeat(8_000)).is_err());
    }
}
