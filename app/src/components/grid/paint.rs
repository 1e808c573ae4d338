//! The markup of a row. It is written as one text and given to the browser at once: a table that
//! is scrolled quickly draws hundreds of cells per second.

use shared::template::Kind;

use super::{
    columns::{GridColumn, Layout},
    display::{Name, Shown, names_that_fit},
    marks::Mark,
};

/// Markup under construction. Whatever people wrote goes through [`Markup::text`].
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// What was written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// Adds markup of our own.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, between tags or between the quotes of an attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                character => self.0.push(character),
            }
        }
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: usize) -> &mut Self {
        self.raw(&number.to_string())
    }
}

/// What the look of a cell depends on beside its column.
#[derive(Debug)]
pub struct Cell<'a> {
    /// Of its element.
    pub id: String,
    /// Its column.
    pub column: &'a GridColumn,
    /// Place of the column, from zero.
    pub at: usize,
    /// What it shows.
    pub shown: Shown,
    /// Whether the cursor is on it.
    pub current: bool,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether the person may write it.
    pub writable: bool,
    /// What its corner says.
    pub marks: Vec<Mark>,
}

/// The number of a row, with the button of its menu.
pub fn number(markup: &mut Markup, place: usize) {
    markup
        .raw("<div role=\"rowheader\" class=\"grid-number\" aria-colindex=\"1\">")
        .number(place + 1)
        .raw("<button type=\"button\" class=\"grid-row-menu\" tabindex=\"-1\" aria-label=\"")
        .text(&menu_label(place))
        .raw("\">⋮</button></div>");
}

/// What the button of a row's menu is called.
#[must_use]
pub fn menu_label(place: usize) -> String {
    format!("Menú de la fila {}", place + 1)
}

/// What stays in view on the left: the number and the first cell, which are markup already.
pub fn frozen(markup: &mut Markup, number: &str, cell: &str) {
    markup
        .raw("<div class=\"grid-frozen\" role=\"presentation\">")
        .raw(number)
        .raw(cell)
        .raw("</div>");
}

/// Columns that are not drawn leave their room.
pub fn gap(markup: &mut Markup) {
    markup.raw("<div class=\"grid-gap\" role=\"presentation\"></div>");
}

/// A cell.
pub fn cell(markup: &mut Markup, layout: &Layout, cell: &Cell<'_>) {
    let Cell { id, column, at, shown, current, selected, writable, marks } = cell;
    markup.raw("<div role=\"gridcell\" id=\"").text(id).raw("\" class=\"grid-cell");
    let figure = matches!(column.kind, Kind::Integer | Kind::Money | Kind::Date);
    let classes =
        [("frozen", *at == 0), ("figure", figure), ("read-only", !writable), ("current", *current)];
    for (name, _) in classes.into_iter().filter(|(_, holds)| *holds) {
        markup.raw(" ").raw(name);
    }
    markup.raw("\" aria-colindex=\"").number(at + 2);
    if !writable {
        markup.raw("\" aria-readonly=\"true");
    }
    if *selected {
        markup.raw("\" aria-selected=\"true");
    }
    if marks.iter().any(Mark::is_error) {
        markup.raw("\" aria-invalid=\"true");
    }
    markup.raw("\" data-field=\"").text(&column.field).raw("\">");
    let width = layout.columns.get(*at).map_or(0.0, |(_, width)| *width);
    for (class, text) in pieces(column.kind, shown, width, layout.lines()) {
        markup.raw("<span class=\"").raw(class).raw("\">").text(&text).raw("</span>");
    }
    for mark in marks {
        mark.write(markup);
    }
    markup.raw("</div>");
}

/// The content of a cell as pieces of text, each with the class that gives it its look.
fn pieces(
    kind: Kind,
    shown: &Shown,
    width: f64,
    lines: Option<usize>,
) -> Vec<(&'static str, String)> {
    match shown {
        Shown::Nothing => Vec::new(),
        Shown::Text(text) => vec![("grid-text", text.clone())],
        Shown::Figure(figure) => vec![("grid-figure", figure.clone())],
        Shown::State(state) => vec![("tag", (*state).to_owned())],
        Shown::Names(names) => named(kind, names, width, lines.unwrap_or(3)),
    }
}

fn named(kind: Kind, names: &[Name], width: f64, lines: usize) -> Vec<(&'static str, String)> {
    let total = names.len();
    let fit = match kind {
        // One line for each row that is named: their texts are long.
        Kind::References(_) if total > lines => lines - 1,
        Kind::References(_) => total,
        Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument => 1,
        // Chips are higher than lines.
        _ => names_that_fit(names, width - 16.0, lines * 3 / 4),
    };
    let class = |dangling| match (kind, dangling) {
        (Kind::References(_), false) if total == 1 => "grid-text link",
        (Kind::References(_), true) if total == 1 => "grid-text link dangling",
        (Kind::References(_), false) => "grid-line link",
        (Kind::References(_), true) => "grid-line link dangling",
        (Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument, false) => "grid-text",
        (Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument, true) => "grid-text dangling",
        (_, false) => "chip",
        (_, true) => "chip dangling",
    };
    let mut pieces: Vec<_> =
        names.iter().take(fit).map(|name| (class(name.dangling), name.text.clone())).collect();
    if fit < total {
        pieces.push(("chip more", format!("+{}", total - fit)));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::components::grid::arrangement::Density;

    fn column(kind: Kind) -> GridColumn {
        GridColumn {
            field: "action".into(),
            title: "Acción".into(),
            kind,
            required: false,
            regional: false,
            help: String::new(),
            width: 200.0,
            sized: false,
        }
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        let column = column(Kind::Text);
        let layout = Layout::new(std::slice::from_ref(&column), Density::ByText, 16.0, 800.0);
        let mut markup = Markup::default();
        let shown = Shown::Text("<img src=x onerror=\"alert(1)\"> & más".into());
        let drawing = Cell {
            id: "cell-a\"b-c".into(),
            column: &column,
            at: 0,
            shown,
            current: true,
            selected: true,
            writable: false,
            marks: Vec::new(),
        };
        cell(&mut markup, &layout, &drawing);
        let html = markup.into_string();
        assert!(
            html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; más"),
            "{html}"
        );
        assert!(html.contains("id=\"cell-a&quot;b-c\""), "{html}");
        assert!(html.contains("class=\"grid-cell frozen read-only current\""), "{html}");
        assert!(html.contains("aria-colindex=\"2\" aria-readonly=\"true\" aria-selected=\"true\""));
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let names: Vec<Name> =
            (0..9).map(|at| Name { text: format!("Pozo {at}"), dangling: at == 1 }).collect();
        let target = shared::template::TableId::Focus.column("objectives").unwrap().kind;
        let pieces = named(target, &names, 200.0, 3);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces[1].0, "grid-line link dangling");
        assert_eq!(pieces[2], ("chip more", "+7".into()));
        assert_eq!(named(target, &names, 200.0, 9).len(), 9);
    }
}
