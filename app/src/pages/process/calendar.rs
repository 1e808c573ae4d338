//! All milestones with their days, and the text that sets each.

use leptos::{prelude::*, task::spawn_local};
use shared::{access::Action, format::format_date, process::Deadline};

use super::{agreed_form::AgreedForm, use_acts};
use crate::{
    api,
    components::{contact::ContactForm, copy::CopyField},
    text,
};

/// The calendar.
#[component]
pub fn CalendarView() -> impl IntoView {
    let acts = use_acts();
    let rows = move || {
        let of = |process: &shared::process::Process<'_>| {
            process.deadlines.iter().map(row).collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    view! {
        <Subscribe />
        <Reminders />
        <table class="table stacked calendar">
            <thead>
                <tr>
                    <th scope="col">"Hito"</th>
                    <th scope="col">"Plazo legal"</th>
                    <th scope="col">"Acordado"</th>
                    <th scope="col">"Hecho"</th>
                    <th scope="col">"De dónde sale"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Show when=move || acts.may(Action::AgreeCalendar)>
            <AgreedForm />
        </Show>
    }
}

/// The days in the person's own calendar.
#[component]
fn Subscribe() -> impl IntoView {
    let address = RwSignal::new(None::<Result<String, String>>);
    let ask = move |_| {
        spawn_local(async move {
            let feed = api::process::feed().await;
            let feed = feed.map(|feed| feed.address).map_err(|trouble| text::trouble(&trouble));
            // The page may be gone by now.
            let _ = address.try_set(Some(feed));
        });
    };
    move || {
        match address.get() {
        None => view! {
            <p><button class="button" on:click=ask>"Suscribir los plazos en mi calendario"</button></p>
        }
        .into_any(),
        Some(Err(problem)) => {
            view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
        }
        Some(Ok(address)) => view! {
            <div class="message success" role="status">
                <p>"Agrega esta dirección en tu calendario (Google, Outlook o el del teléfono). Es solo tuya; si pides otra, esta deja de servir."</p>
                <CopyField label="Dirección del calendario" address />
            </div>
        }
        .into_any(),
    }
    }
}

/// Where the person is reminded by mail; asked for when it is opened.
#[component]
fn Reminders() -> impl IntoView {
    let is_open = RwSignal::new(false);
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <p>
                    <button class="button" on:click=move |_| is_open.set(true)>
                        "Recordatorios por correo…"
                    </button>
                </p>
            }
        >
            <ContactForm />
        </Show>
    }
}

fn row(deadline: &Deadline) -> AnyView {
    let milestone = deadline.milestone;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".into(), format_date);
    let due = match (deadline.opens, deadline.legal) {
        (Some(opens), Some(legal)) => format!("{} a {}", format_date(opens), format_date(legal)),
        (_, legal) => day(legal),
    };
    let target = deadline.target.map(|(on, source)| {
        view! { <small>{format!("Meta de la {}: {}", source.norm.name, format_date(on))}</small> }
    });
    let ruling = deadline.ruling.map(|(on, act)| {
        view! { <small>{format!("Se lee como {} (acto {act})", format_date(on))}</small> }
    });
    let source = milestone.source();
    let binding = if source.strength().binding() { "Obliga" } else { "Recomienda" };
    view! {
        <tr>
            <th scope="row">{milestone.label()} <small>{milestone.owed_by().label()}</small></th>
            <td data-label="Plazo legal">
                {due} {target} {ruling}
                {deadline.warning().map(|warning| view! { <small>{warning}</small> })}
            </td>
            <td class="process-day" data-label="Acordado">{day(deadline.agreed)}</td>
            <td class="process-day" data-label="Hecho">{day(deadline.done.map(|done| done.on))}</td>
            <td data-label="De dónde sale">
                {format!("{}, {}", source.norm.name, source.place)}
                <small>{format!("{binding} · {}", milestone.id())}</small>
            </td>
        </tr>
    }
    .into_any()
}
