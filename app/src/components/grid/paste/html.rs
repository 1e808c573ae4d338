//! Tables as HTML, as spreadsheets, word processors and mail put them on the clipboard. Reads what
//! is needed for that, and nothing else: no element of it ever gets into the page.

use std::collections::HashMap;

use shared::model::Cell;

use super::{clip::Piece, entities::unescaped};

/// Cells that one cell may cover in one direction.
const SPAN: usize = 1_000;

enum Token<'a> {
    Open { name: String, attributes: Vec<(String, String)> },
    Close(String),
    Text(&'a str),
}

/// Cell by cell what the first table of a page holds; `None` where there is none.
#[must_use]
pub fn table(html: &str) -> Option<Vec<Vec<Piece>>> {
    let mut reader = Reader::default();
    let mut skipped: Option<String> = None;
    for token in tokens(html) {
        match (&skipped, token) {
            (Some(name), Token::Close(closed)) if *name == closed => skipped = None,
            (Some(_), _) => {}
            (None, Token::Open { name, .. })
                if matches!(name.as_str(), "style" | "script" | "title" | "xml") =>
            {
                skipped = Some(name);
            }
            (None, Token::Open { name, attributes }) => reader.open(&name, &attributes),
            (None, Token::Close(name)) => reader.close(&name),
            (None, Token::Text(text)) => reader.text(text),
        }
        if reader.is_done {
            break;
        }
    }
    reader.end_cell();
    reader.finish()
}

#[derive(Default)]
struct Reader {
    depth: usize,
    is_done: bool,
    /// What is known of each place; rows above may reach into those below.
    grid: Vec<Vec<Option<Piece>>>,
    row: usize,
    in_row: bool,
    is_hidden: bool,
    /// The rows that are hidden there.
    hidden: Vec<bool>,
    /// How deep in the element that stands for a single cell of Google Sheets.
    single: usize,
    cell: Option<Open>,
}

#[derive(Default)]
struct Open {
    piece: Piece,
    across: usize,
    down: usize,
    /// It only shows over its neighbours, which are empty cells of their own.
    overflows: bool,
    gap: bool,
}

impl Reader {
    fn open(&mut self, name: &str, attributes: &[(String, String)]) {
        let attribute = |name: &str| {
            attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        match name {
            // A single cell of Google Sheets is no table.
            "span" if self.depth == 0 && attribute("data-sheets-root").is_some() => {
                (self.depth, self.single, self.in_row) = (1, 1, true);
                self.cell = Some(Open { across: 1, down: 1, ..Open::default() });
            }
            "span" if self.single > 0 => self.single += 1,
            "table" => self.depth += 1,
            "tr" if self.depth == 1 => {
                self.end_row();
                self.in_row = true;
                let style = attribute("style").unwrap_or_default().replace(' ', "");
                self.is_hidden = style.contains("display:none");
            }
            "td" | "th" if self.depth == 1 && self.in_row => {
                self.end_cell();
                let span = |name| {
                    let number = attribute(name).and_then(|text| text.trim().parse().ok());
                    number.unwrap_or(1).clamp(1, SPAN)
                };
                let exact = attribute("data-focaliza")
                    .and_then(|text| serde_json::from_str::<Option<Cell>>(text).ok());
                let number = attribute("sdval")
                    .or(attribute("x:num"))
                    .filter(|text| !text.is_empty())
                    .map(ToOwned::to_owned)
                    .or_else(|| sheets_number(attribute("data-sheets-value")?));
                let is_date = attribute("data-sheets-numberformat").is_some_and(is_sheets_date)
                    || attribute("sdnum").is_some_and(is_calc_date);
                self.cell = Some(Open {
                    piece: Piece { number, is_date, exact, ..Piece::default() },
                    across: span("colspan"),
                    down: span("rowspan"),
                    overflows: attribute("style")
                        .is_some_and(|it| it.replace(' ', "").contains("mso-ignore:colspan")),
                    gap: false,
                });
            }
            "br" => self.line(),
            "p" | "div" | "li" => self.new_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "span" if self.single > 0 => {
                self.single -= 1;
                if self.single == 0 {
                    self.end_row();
                    self.is_done = true;
                }
            }
            "table" => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.end_row();
                    self.is_done = true;
                }
            }
            "tr" if self.depth == 1 => self.end_row(),
            "td" | "th" if self.depth == 1 => self.end_cell(),
            "p" | "div" | "li" => self.new_line(),
            _ => {}
        }
    }

    /// Line breaks of the page's source are none of the cell.
    fn text(&mut self, text: &str) {
        let Some(open) = &mut self.cell else { return };
        for character in unescaped(text).chars() {
            if matches!(character, ' ' | '\n' | '\r' | '\t' | '\u{a0}') {
                open.gap = true;
            } else {
                let into = &mut open.piece.text;
                if std::mem::take(&mut open.gap) && !into.is_empty() && !into.ends_with('\n') {
                    into.push(' ');
                }
                into.push(character);
            }
        }
    }

    fn line(&mut self) {
        if let Some(open) = &mut self.cell {
            open.gap = false;
            open.piece.text.push('\n');
        }
    }

    fn new_line(&mut self) {
        if let Some(open) = &self.cell
            && !open.piece.text.is_empty()
            && !open.piece.text.ends_with('\n')
        {
            self.line();
        }
    }

    fn end_cell(&mut self) {
        let Some(mut open) = self.cell.take() else { return };
        open.piece.text = open.piece.text.trim().to_owned();
        let row = self.grid_row(self.row);
        let column = row.iter().position(Option::is_none).unwrap_or(row.len());
        let from = (self.row, column);
        for down in 0..open.down {
            let row = self.grid_row(self.row + down);
            if row.len() < column + open.across {
                row.resize(column + open.across, None);
            }
            for (across, place) in row[column..column + open.across].iter_mut().enumerate() {
                let of = (!open.overflows).then_some(from);
                *place = Some(if (down, across) == (0, 0) {
                    open.piece.clone()
                } else {
                    Piece { covered_by: of, ..Piece::default() }
                });
            }
        }
    }

    fn grid_row(&mut self, at: usize) -> &mut Vec<Option<Piece>> {
        if self.grid.len() <= at {
            self.grid.resize(at + 1, Vec::new());
        }
        &mut self.grid[at]
    }

    fn end_row(&mut self) {
        self.end_cell();
        let is_hidden = std::mem::take(&mut self.is_hidden);
        if std::mem::take(&mut self.in_row) {
            self.grid_row(self.row);
            self.hidden.push(is_hidden);
            self.row += 1;
        }
    }

    fn finish(mut self) -> Option<Vec<Vec<Piece>>> {
        self.end_row();
        // A cell may say that it reaches below the last row.
        self.grid.truncate(self.row);
        let grid = shown(self.grid, &self.hidden);
        let width = grid.iter().map(Vec::len).max().filter(|width| *width > 0)?;
        let rows = grid.into_iter().map(|row| {
            let mut row: Vec<_> = row.into_iter().map(Option::unwrap_or_default).collect();
            row.resize(width, Piece::default());
            row
        });
        Some(rows.collect())
    }
}

/// The rows that are not hidden. A merged cell that begins in a hidden one begins in the next.
fn shown(mut grid: Vec<Vec<Option<Piece>>>, hidden: &[bool]) -> Vec<Vec<Option<Piece>>> {
    let is_hidden = |row: usize| hidden.get(row) == Some(&true);
    let place = |row: usize| (0..row).filter(|row| !is_hidden(*row)).count();
    let mut begins: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    for row in (0..grid.len()).filter(|row| !is_hidden(*row)) {
        for column in 0..grid[row].len() {
            let Some(anchor) = grid[row][column].as_ref().and_then(|piece| piece.covered_by) else {
                continue;
            };
            if is_hidden(anchor.0) && !begins.contains_key(&anchor) {
                begins.insert(anchor, (place(row), column));
                grid[row][column] = grid[anchor.0][anchor.1].clone();
            } else if let Some(piece) = &mut grid[row][column] {
                let begin = begins.get(&anchor).copied();
                piece.covered_by = Some(begin.unwrap_or_else(|| (place(anchor.0), anchor.1)));
            }
        }
    }
    let rows = grid.into_iter().enumerate().filter(|(row, _)| !is_hidden(*row));
    rows.map(|(_, row)| row).collect()
}

/// What Google Sheets says of a figure: `{"1":3,"3":1234567}`.
fn sheets_number(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value.get("3").filter(|number| number.is_number()).map(ToString::to_string)
}

/// Whether Google Sheets shows a figure as a day: `{"1":5,"2":"m/d"}`, 6 as a time, 7 as both.
fn is_sheets_date(format: &str) -> bool {
    let format: Result<serde_json::Value, _> = serde_json::from_str(format);
    format.is_ok_and(|format| matches!(format["1"].as_u64(), Some(5..=7)))
}

/// Whether LibreOffice does: `1033;0;MM/DD/YYYY`.
fn is_calc_date(format: &str) -> bool {
    let format = format.rsplit(';').next().unwrap_or_default();
    format.contains('D') && format.contains('M')
}

fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(inside) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let (text, behind) = rest.split_at(end);
                rest = behind;
                return Some(Token::Text(text));
            };
            if let Some(comment) = inside.strip_prefix("!--") {
                rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            if inside.starts_with(['!', '?']) {
                rest = inside.find('>').map_or("", |end| &inside[end + 1..]);
                continue;
            }
            if !inside.starts_with(|first: char| first == '/' || first.is_ascii_alphabetic()) {
                rest = inside;
                return Some(Token::Text("<"));
            }
            let (token, behind) = tag(inside);
            rest = behind;
            return Some(token);
        }
    })
}

/// A tag without its first sign, and what follows it.
fn tag(text: &str) -> (Token<'_>, &str) {
    let closes = text.starts_with('/');
    let text = text.strip_prefix('/').unwrap_or(text);
    let end = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let (mut rest, mut attributes) = (&text[end..], Vec::new());
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            rest = behind;
            break;
        }
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(behind) = rest.strip_prefix('=') {
            rest = behind.trim_start();
            let mark = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (found, behind) = match mark {
                Some(mark) => {
                    let inside = &rest[1..];
                    let end = inside.find(mark).unwrap_or(inside.len());
                    (&inside[..end], inside.get(end + 1..).unwrap_or_default())
                }
                None => {
                    let end =
                        rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
                    rest.split_at(end)
                }
            };
            (value, rest) = (found, behind);
        } else if key.is_empty() {
            // A sign that belongs nowhere.
            rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
            continue;
        }
        attributes.push((key, unescaped(value)));
    }
    let token = if closes { Token::Close(name) } else { Token::Open { name, attributes } };
    (token, rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn texts(html: &str) -> Vec<Vec<String>> {
        let rows = table(html).unwrap();
        rows.into_iter().map(|row| row.into_iter().map(|piece| piece.text).collect()).collect()
    }

    #[test]
    fn lines_of_the_source_are_no_lines_of_the_cell() {
        let html =
            "<table><tr><td>Ferias\n   libres<br>y coste&ntilde;as</td><td>2&nbsp;&lt; 3</td>";
        assert_eq!(texts(html), [["Ferias libres\ny costeñas", "2 < 3"]]);
    }

    #[test]
    fn merged_cells_cover_their_places() {
        let html = "<table><tr><td rowspan=2>a<td colspan='2'>b<tr><td>c<td>d</table>";
        let rows = table(html).unwrap();
        assert_eq!(texts(html), [["a", "b", ""], ["", "c", "d"]]);
        assert_eq!(rows[1][0].covered_by, Some((0, 0)));
        assert_eq!(rows[0][2].covered_by, Some((0, 1)));
        assert_eq!(rows[1][1].covered_by, None);
    }

    #[test]
    fn hidden_rows_and_styles_are_passed_over() {
        let html = "<style>td { color: red }</style><!--StartFragment--><table>
            <tr><td>a</td></tr><![if x]><tr height=0 style='display:none'><td></td></tr><![endif]>
            </table><!--EndFragment-->";
        assert_eq!(texts(html), [["a"]]);
        assert!(table("<p>a</p>").is_none());
    }

    #[test]
    fn merged_cells_bear_hidden_rows() {
        let inside = "<table><tr><td rowspan=3>a<td>b<tr style='display: none'><td>c<tr><td>d
            <tr><td>e<td>f</table>";
        assert_eq!(texts(inside), [["a", "b"], ["", "d"], ["e", "f"]]);
        assert_eq!(table(inside).unwrap()[1][0].covered_by, Some((0, 0)));
        let first =
            "<table><tr style='display:none'><td rowspan=3>a<td>b<tr><td>c<tr><td>d</table>";
        assert_eq!(texts(first), [["a", "c"], ["", "d"]]);
        assert_eq!(table(first).unwrap()[1][0].covered_by, Some((0, 0)));
    }

    #[test]
    fn a_single_cell_of_sheets_is_one_cell() {
        let html = "<style><!--td {}--></style><span data-sheets-root='1'><span><a href='x'>Ferias
            libres</a></span><br>y <span>costeñas</span></span><!--EndFragment-->";
        assert_eq!(texts(html), [["Ferias libres\ny costeñas"]]);
    }

    #[test]
    fn figures_come_with_what_the_program_knows_of_them() {
        let html = "<table><tr><td sdval=\"1234567\">1,234,567</td><td x:num=\"0.46\">46%</td>
            <td data-sheets-value=\"{&quot;1&quot;:3,&quot;3&quot;:1500}\">1.500</td></table>";
        let row = table(html).unwrap().remove(0);
        let numbers: Vec<_> = row.iter().map(|piece| piece.number.as_deref().unwrap()).collect();
        assert_eq!(numbers, ["1234567", "0.46", "1500"]);
    }

    proptest! {
        #[test]
        fn no_page_is_too_odd(html in "(<|>|/|=|'|\"|&|;|table|tr|td| |a|rowspan=3|!--|-->){0,40}") {
            let _ = table(&html);
        }
    }
}
