//! What the page of an exercise may show, and where.

use shared::{template::TableId, views::Grouping};

/// What the page of an exercise shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A table, to be worked in.
    Table(TableId),
    /// A view, to be read.
    View(View),
}

/// A read view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The *Matriz Focalización* in groups.
    Groups(Grouping),
    /// The *Matriz Focalización* on a map of the region.
    Map,
    /// The *Matriz Estratégica Integrada* by source and aspect.
    Pivot(Lines),
    /// The way from the sources to the budget.
    Trace,
}

/// What stands on the lines of the *Matriz Estratégica Integrada*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// The eight aspects.
    Aspects,
    /// The sources.
    Sources,
}

impl View {
    /// All views, in the order of the tabs.
    pub const ALL: [Self; 7] = [
        Self::Pivot(Lines::Aspects),
        Self::Pivot(Lines::Sources),
        Self::Groups(Grouping::Instrument),
        Self::Groups(Grouping::Objective),
        Self::Groups(Grouping::Territory),
        Self::Map,
        Self::Trace,
    ];

    /// The table whose rows it shows; `None` where it goes through all.
    #[must_use]
    pub fn table(self) -> Option<TableId> {
        match self {
            Self::Groups(_) | Self::Map => Some(TableId::Focus),
            Self::Pivot(_) => Some(TableId::Strategic),
            Self::Trace => None,
        }
    }

    /// Its name among the views of its table.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Groups(Grouping::Instrument) => "Por instrumento",
            Self::Groups(Grouping::Objective) => "Por objetivo",
            Self::Groups(Grouping::Territory) => "Por territorio",
            Self::Map => "Mapa",
            Self::Pivot(Lines::Aspects) => "Por ámbito",
            Self::Pivot(Lines::Sources) => "Por fuente",
            Self::Trace => "Trazabilidad",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Groups(Grouping::Instrument) => "por-instrumento",
            Self::Groups(Grouping::Objective) => "por-objetivo",
            Self::Groups(Grouping::Territory) => "por-territorio",
            Self::Map => "mapa",
            Self::Pivot(Lines::Aspects) => "por-ambito",
            Self::Pivot(Lines::Sources) => "por-fuente",
            Self::Trace => "trazabilidad",
        }
    }
}

/// What only other tables show has no page.
fn has_page(table: TableId) -> bool {
    !matches!(table, TableId::Decisions | TableId::Options)
}

impl Screen {
    /// What the parts of the address after the exercise stand for: `focus`, `mapa`. `None` where
    /// there is no such thing.
    #[must_use]
    pub fn parse(first: Option<&str>, second: Option<&str>) -> Option<Self> {
        let Some(first) = first else { return Some(Self::Table(TableId::Focus)) };
        let table = TableId::parse(first).filter(|table| has_page(*table));
        let Some(name) = second.or(table.is_none().then_some(first)) else {
            return table.map(Self::Table);
        };
        let view = View::ALL.into_iter().find(|view| view.name() == name)?;
        let is_here = view.table() == table && (second.is_none() || table.is_some());
        is_here.then_some(Self::View(view))
    }

    /// The part of the address after the exercise.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Table(table) => table.as_str().into(),
            Self::View(view) => match view.table() {
                Some(table) => format!("{}/{}", table.as_str(), view.name()),
                None => view.name().into(),
            },
        }
    }

    /// The table that it shows.
    #[must_use]
    pub fn table(self) -> Option<TableId> {
        match self {
            Self::Table(table) => Some(table),
            Self::View(view) => view.table(),
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn every_screen_has_an_address_of_its_own() {
        let views = View::ALL.into_iter().map(Screen::View);
        let tables = TableId::ALL.into_iter().filter(|table| has_page(*table));
        for screen in views.chain(tables.map(Screen::Table)) {
            let path = screen.path();
            let mut parts = path.split('/');
            assert_eq!(Screen::parse(parts.next(), parts.next()), Some(screen), "{path}");
        }
        assert_eq!(Screen::parse(None, None), Some(Screen::Table(TableId::Focus)));
        for (first, second) in [
            ("nada", None),
            ("decisions", None),
            ("mapa", None),
            ("focus", Some("por-ambito")),
            ("focus", Some("trazabilidad")),
            ("trazabilidad", Some("trazabilidad")),
            ("nada", Some("trazabilidad")),
            ("general", Some("mapa")),
        ] {
            assert_eq!(Screen::parse(Some(first), second), None, "{first} {second:?}");
        }
    }
}
