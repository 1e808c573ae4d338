//! What is owed, by whom, until when; the most urgent first.

use leptos::prelude::*;
use shared::{
    format::format_date,
    process::duty::{Duty, Status, duties},
};

use super::use_acts;

/// The list.
#[component]
pub fn DutiesView() -> impl IntoView {
    let acts = use_acts();
    let all = RwSignal::new(false);
    let list = move || {
        let of = |process: &shared::process::Process<'_>| {
            let mut list = duties(process);
            if !all.get() {
                list.retain(|duty| duty.is_mandatory && !matches!(duty.status, Status::Moot));
            }
            list
        };
        acts.read(of).unwrap_or_default()
    };
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=all
                on:change=move |event| all.set(event_target_checked(&event))
            />
            " Ver también lo recomendado por la Guía"
        </label>
        <table class="table stacked duties">
            <thead>
                <tr>
                    <th scope="col">"Qué"</th>
                    <th scope="col">"Quién lo debe"</th>
                    <th scope="col">"Último día"</th>
                    <th scope="col">"Cómo está"</th>
                </tr>
            </thead>
            <tbody>{move || list().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(duty: Duty) -> impl IntoView {
    let due = duty.deadline.due().map_or_else(|| "—".into(), format_date);
    let class = match duty.status {
        Status::Overdue { .. } => "duty-time overdue",
        Status::Done { .. } => "duty-time done",
        _ => "duty-time",
    };
    let source = duty.deadline.milestone.source();
    let place = format!("{}, {}", source.norm.name, source.place);
    view! {
        <tr>
            <th scope="row">
                {duty.title}
                {(!duty.is_mandatory).then(|| view! { " " <span class="chip">"Recomendado"</span> })}
                <small>{place}</small>
            </th>
            <td data-label="Quién lo debe">{duty.owed_by.label()}</td>
            <td data-label="Último día">
                <span class="number">{due}</span>
                {duty.deadline.warning().map(|warning| view! { <small>{warning}</small> })}
            </td>
            <td data-label="Cómo está">
                <span class=class>{duty.time()}</span>
                {duty.missing.iter().map(|missing| view! { <small>{*missing}</small> }).collect_view()}
            </td>
        </tr>
    }
}
