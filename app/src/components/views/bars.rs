//! Bars: how large the parts are beside each other, and beside what was announced. Every bar says
//! its figure in words, and the table below has them all.

use leptos::prelude::*;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length.
    pub value: i64,
    /// Its figure in words, with what it lacks.
    pub words: String,
    /// An amount to compare it with.
    pub mark: Option<i64>,
    /// How it compares, in words.
    pub comparison: Option<String>,
    /// Whether it exceeds the amount.
    pub is_over: bool,
}

/// As many bars are drawn, the largest.
const DRAWN: usize = 20;

/// A chart with its heading.
#[component]
pub fn Bars(
    title: &'static str,
    /// What the mark on a bar stands for, where there are marks.
    mark: &'static str,
    #[prop(into)] bars: Signal<Vec<Bar>>,
) -> impl IntoView {
    let drawn = move || {
        bars.with(|bars| {
            let mut places: Vec<usize> = (0..bars.len()).collect();
            places.sort_by_key(|place| std::cmp::Reverse(bars[*place].value));
            places.truncate(DRAWN);
            // The order of the table, so that it is found again there.
            places.sort_unstable();
            places.into_iter().map(|place| bars[place].clone()).collect::<Vec<_>>()
        })
    };
    let longest = move || {
        bars.with(|bars| bars.iter().map(|bar| bar.value.max(bar.mark.unwrap_or(0))).max())
            .unwrap_or(0)
    };
    let lines = move || {
        let longest = longest();
        drawn().into_iter().map(|bar| view! { <BarLine bar longest /> }).collect_view()
    };
    let has_marks = move || bars.with(|bars| bars.iter().any(|bar| bar.mark.is_some()));
    let rest = move || bars.with(Vec::len).saturating_sub(DRAWN);
    view! {
        <figure class="bars">
            <figcaption>
                {title}
                <Show when=has_marks>
                    <span class="bars-legend"><span class="bar-mark" aria-hidden="true"></span> {mark}</span>
                </Show>
            </figcaption>
            <ul>{lines}</ul>
            <Show when=move || { rest() > 0 }>
                <p class="view-note">
                    {move || format!("Las {DRAWN} mayores; las otras {} están en la tabla.", rest())}
                </p>
            </Show>
        </figure>
    }
}

#[component]
fn BarLine(bar: Bar, longest: i64) -> impl IntoView {
    let width = format!("{}%", percent(bar.value, longest));
    let mark = bar.mark.map(|mark| {
        let left = format!("{}%", percent(mark, longest));
        view! { <span class="bar-mark" style:inset-inline-start=left></span> }
    });
    view! {
        <li class="bar" class:over=bar.is_over>
            <span class="bar-label">{bar.label}</span>
            <span class="bar-track" aria-hidden="true">
                <span class="bar-fill" style:width=width></span>
                {mark}
            </span>
            <span class="bar-words">
                {bar.words}
                {bar.comparison.map(|words| view! { " " <small>{words}</small> })}
            </span>
        </li>
    }
}

/// Tenths of a percent are as fine as a screen shows.
fn percent(part: i64, whole: i64) -> f64 {
    if whole <= 0 { 0.0 } else { (part as f64 / whole as f64 * 1000.0).round() / 10.0 }
}
