//! What happened, the latest first.

use leptos::prelude::*;
use shared::{
    format::format_date,
    process::{Event, Process},
};

use super::{
    Acts,
    amend::{Annul, may_annul},
    other_form::OtherForm,
    use_acts,
};
use crate::text;

/// The timeline.
#[component]
pub fn TimelineView() -> impl IntoView {
    let acts = use_acts();
    let events = move || {
        let of = |process: &Process<'_>| {
            process.timeline.iter().rev().map(|event| row(acts, process, event)).collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    view! {
        {move || {
            let events = events();
            if events.is_empty() {
                return view! { <p>"Todavía no hay nada registrado."</p> }.into_any();
            }
            view! { <ol class="timeline">{events}</ol> }.into_any()
        }}
        <OtherForm />
    }
}

fn row(acts: Acts, process: &Process<'_>, event: &Event<'_>) -> AnyView {
    let late = event.days_after_due().filter(|days| *days > 0);
    let late = late.map(|days| {
        let unit = if days == 1 { "día" } else { "días" };
        view! { <span class="duty-time overdue">{format!("{days} {unit} después del plazo")}</span> }
    });
    let who = event.author.map(|author| {
        let acting = if author.is_acting { " (s)" } else { "" };
        format!("{}, {}{acting}", author.name, author.role.title())
    });
    let number = event.act.map(|act| format!("Acto {act}"));
    let registered = event.registered.map(|at| format!("registrado {}", text::at(at)));
    let details: Vec<String> = [number, who, registered].into_iter().flatten().collect();
    let state = event.state.map(|state| view! { <span class="chip">{state.label()}</span> });
    let annul = event.act.filter(|act| may_annul(acts, process, *act));
    let annul = annul.map(|of| view! { <Annul of /> });
    let annulled = event.is_annulled.then(|| view! { <span class="chip">"Anulado"</span> });
    view! {
        <li class:annulled=event.is_annulled>
            <span class="timeline-day">{format_date(event.on)}</span>
            <div>
                <strong>{event.title}</strong>
                " "
                {state}
                {annulled}
                {late}
                <small>{details.join(" · ")}</small>
                {annul}
            </div>
        </li>
    }
    .into_any()
}
