//! Marks on a cell: shape and words beside the colour.

use leptos::prelude::*;
use shared::{key::Key, model::Exercise, template::Kind};

use super::{display::in_words, paint::Markup};
use crate::store::Store;

/// One mark in the corner of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    sign: Sign,
    /// Read aloud, and shown while the pointer rests on it.
    pub text: String,
}

/// What a mark says. Each has a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Several people wrote different values without knowing of each other.
    Undecided,
    /// What several people wrote without knowing of each other was merged.
    Merged,
}

impl Sign {
    /// Class, shape, and what stands beside it in the cell.
    fn look(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Undecided => ("mark undecided", "⇄", ""),
            Self::Merged => ("mark merged", "¶", " Combinado · revisar"),
        }
    }
}

impl Mark {
    /// Whether the cell holds something that the norm does not allow.
    #[must_use]
    pub fn is_error(&self) -> bool {
        false
    }

    /// What the person can do about it.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self.sign {
            Sign::Undecided => "Decidir",
            Sign::Merged => "Revisar",
        }
    }

    /// Draws it in a cell.
    pub fn write(&self, markup: &mut Markup) {
        let (class, shape, label) = self.sign.look();
        markup.raw("<span class=\"").raw(class).raw("\" title=\"").text(&self.text);
        markup.raw("\"><span aria-hidden=\"true\">").raw(shape).raw(label);
        markup.raw("</span><span class=\"visually-hidden\">").text(&self.text);
        markup.raw("</span></span>");
    }

    /// Draws it elsewhere.
    pub fn view(self) -> impl IntoView {
        let (class, shape, _) = self.sign.look();
        let title = self.text.clone();
        view! {
            <span class=class title=title>
                <span aria-hidden="true">{shape}</span>
                <span class="visually-hidden">{self.text}</span>
            </span>
        }
    }
}

/// The marks of a cell.
#[must_use]
pub fn marks(store: Store, exercise: &Exercise, key: &Key, kind: Kind) -> Vec<Mark> {
    let mut marks = Vec::new();
    if exercise.undecided().contains_key(key) {
        let values: Vec<String> = store
            .undecided(key)
            .iter()
            .map(|contender| {
                let words = in_words(exercise, kind, contender.value.as_ref());
                if contender.mine {
                    format!("tú: {words}")
                } else {
                    format!("{}: {words}", contender.author)
                }
            })
            .collect();
        let text = format!("Por decidir. {}", values.join("; "));
        marks.push(Mark { sign: Sign::Undecided, text });
    }
    if kind == Kind::Narrative
        && let Some(text) = store.merged(key)
    {
        marks.push(Mark { sign: Sign::Merged, text: format!("Combinado, por revisar. {text}") });
    }
    marks
}
