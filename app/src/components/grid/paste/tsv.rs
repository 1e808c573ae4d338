//! Tables as plain text, as spreadsheets put them on the clipboard: tabs between cells, cells with
//! several lines in quotation marks.

/// The cells of each line.
#[must_use]
pub fn parse(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Spreadsheets end the last row, too.
    let mut rest = text.strip_suffix('\n').unwrap_or(&text);
    let mut rows = vec![Vec::new()];
    loop {
        let (cell, length) = match quoted(rest) {
            Some(found) => found,
            None => {
                let length = rest.find(['\t', '\n']).unwrap_or(rest.len());
                (rest[..length].to_owned(), length)
            }
        };
        rows.last_mut().expect("there is one from the start").push(cell);
        let mut behind = rest[length..].chars();
        match behind.next() {
            None => return rows,
            Some('\n') => rows.push(Vec::new()),
            Some(_) => {}
        }
        rest = behind.as_str();
    }
}

/// A cell in quotation marks at the beginning of a text, and its length there. Some programs put
/// marks only around cells with several lines; whatever else begins with one is what it is.
fn quoted(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix('"')?;
    let mut from = 0;
    loop {
        let mark = from + inside[from..].find('"')?;
        let behind = &inside[mark + 1..];
        if behind.starts_with('"') {
            from = mark + 2;
        } else if behind.is_empty() || behind.starts_with(['\t', '\n']) {
            let cell = &inside[..mark];
            let needs_marks = cell.contains(['\t', '\n', '"']);
            return needs_marks.then(|| (cell.replace("\"\"", "\""), mark + 2));
        } else {
            return None;
        }
    }
}

/// The text of a table.
#[must_use]
pub fn write<'a>(rows: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>) -> String {
    let mut text = String::new();
    for (at, row) in rows.into_iter().enumerate() {
        if at > 0 {
            text.push_str("\r\n");
        }
        for (at, cell) in row.into_iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            if cell.contains(['\t', '\n', '\r']) || cell.starts_with('"') {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(cell);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        parse(text)
    }

    #[test]
    fn rows_end_with_or_without_a_line_break() {
        assert_eq!(cells("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
        assert_eq!(cells("a\tb\nc\td"), [["a", "b"], ["c", "d"]]);
        assert_eq!(cells("a"), [["a"]]);
        assert_eq!(cells("\t\n\t"), [["", ""], ["", ""]]);
    }

    #[test]
    fn marks_hold_lines_together_and_stay_where_they_are_text() {
        assert_eq!(cells("\"uno\ndos\"\tb"), [["uno\ndos", "b"]]);
        assert_eq!(cells("\"dice \"\"hola\"\"\nadiós\"\tb"), [["dice \"hola\"\nadiós", "b"]]);
        assert_eq!(cells("\"hola\"\tb"), [["\"hola\"", "b"]], "not a cell of several lines");
        assert_eq!(cells("\"hola\" dijo\tb"), [["\"hola\" dijo", "b"]]);
        assert_eq!(cells("5\" de ancho\n\"sin cierre"), [["5\" de ancho"], ["\"sin cierre"]]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[ab\"\t\nñ ]{0,5}", 2), 1..5)
        ) {
            // A last row of nothing but an empty cell cannot be told from the end of a row.
            let text = write(rows.iter().map(|row| row.iter().map(String::as_str)));
            prop_assert_eq!(parse(&text), rows);
        }

        #[test]
        fn no_text_is_too_odd(text in "[a\"\t\n\r]{0,20}") {
            let _ = parse(&text);
        }
    }
}
