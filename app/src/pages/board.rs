//! Where the regions stand in a budget year, the most urgent first.

use chrono::Datelike as _;
use leptos::{prelude::*, task::spawn_local};
use shared::{api::process::BoardLine, format::format_date};

use crate::{
    api, clock,
    components::{page::Page, signed_in::SignedIn},
    text,
};

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    view! {
        <Page title="Tablero">
            <SignedIn let:_>
                <Board />
            </SignedIn>
        </Page>
    }
}

#[component]
fn Board() -> impl IntoView {
    // Until March the year that is being prepared is the one that has begun.
    let today = clock::today();
    let next = today.year() + i32::from(today.month() > 2);
    let year = RwSignal::new(u16::try_from(next).unwrap_or_default());
    let lines = RwSignal::new(None::<Vec<BoardLine>>);
    let message = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let asked = year.get();
        lines.set(None);
        spawn_local(async move {
            let found = api::process::board(asked).await;
            // The page may be gone, or ask for another year by now.
            if year.try_get_untracked() != Some(asked) {
                return;
            }
            match found {
                Ok(found) => {
                    message.set(None);
                    lines.set(Some(found));
                }
                Err(trouble) => message.set(Some(text::trouble(&trouble))),
            }
        });
    });
    let step = move |by: i16| year.update(|year| *year = year.saturating_add_signed(by));
    view! {
        <p class="board-year">
            <button class="button" aria-label="Año anterior" on:click=move |_| step(-1)>"‹"</button>
            <strong>{move || format!("Presupuesto {}", year.get())}</strong>
            <button class="button" aria-label="Año siguiente" on:click=move |_| step(1)>"›"</button>
        </p>
        <div role="alert">
            {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
        </div>
        {move || match lines.get() {
            None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
            Some(lines) if lines.is_empty() => {
                view! { <p>"Ningún ejercicio de ese año está en Focaliza todavía."</p> }.into_any()
            }
            Some(lines) => view! { <Lines lines /> }.into_any(),
        }}
    }
}

#[component]
fn Lines(lines: Vec<BoardLine>) -> impl IntoView {
    view! {
        <table class="table stacked board">
            <thead>
                <tr>
                    <th scope="col">"Región"</th>
                    <th scope="col">"Estado"</th>
                    <th scope="col">"Lo más urgente"</th>
                    <th scope="col">"Preliminar recibida"</th>
                    <th scope="col">"Falta"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(line: BoardLine) -> impl IntoView {
    let turn = line.turn.map(|turn| view! { <small>{turn.label()}</small> });
    let next = line.next.map(|duty| {
        let (class, time) = match duty.days_left {
            Some(days) if days < 0 => {
                ("duty-time overdue", format!("Venció hace {}", days_of(-days)))
            }
            Some(0) => ("duty-time", "Vence hoy".into()),
            Some(days) => ("duty-time", format!("En {}", days_of(days))),
            None => ("duty-time", "Sin plazo".into()),
        };
        let due = duty.due.map(|due| format!(", {}", format_date(due))).unwrap_or_default();
        view! {
            {duty.title}
            <small>{format!("{}{due}", duty.owed_by.label())}</small>
            <span class=class>{time}</span>
        }
    });
    let overdue = (line.overdue > 1)
        .then(|| view! { <small>{format!("{} plazos vencidos", line.overdue)}</small> });
    let missing = line.missing.into_iter().map(|what| view! { <small>{what}</small> });
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/proceso/{}", line.exercise)>{text::region(line.exercise.region()).to_owned()}</a>
            </th>
            <td data-label="Estado">{line.state.label()} {turn}</td>
            <td data-label="Lo más urgente">{next} {overdue}</td>
            <td data-label="Preliminar recibida">{line.received.map_or_else(|| "—".into(), format_date)}</td>
            <td data-label="Falta">{missing.collect_view()}</td>
        </tr>
    }
}

/// «1 día», «12 días».
fn days_of(days: i64) -> String {
    text::count(usize::try_from(days).unwrap_or_default(), "día", "días")
}
