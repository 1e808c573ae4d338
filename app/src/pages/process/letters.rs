//! The register of official letters.

use leptos::prelude::*;
use shared::{
    access::Action,
    format::format_date,
    process::{Act, ActNumber, Process, act::Correction, letter::Letter},
};

use super::{
    Acts,
    letter_form::LetterForm,
    receive::{Receive, may_receive},
    use_acts,
};

/// The letters, the latest first, and registering one.
#[component]
pub fn LettersView() -> impl IntoView {
    let acts = use_acts();
    let correcting = RwSignal::new(None::<ActNumber>);
    let done = move |()| {
        // The form stays, with what it says, where it was for another letter all the time.
        if correcting.with_untracked(Option::is_some) {
            correcting.set(None);
        }
    };
    let rows = move || {
        let of = |process: &Process<'_>| {
            let letters = process.register.letters().map(|(number, letter)| {
                let received = process.register.reception(number).map(|reception| reception.on);
                let late = process
                    .deadlines
                    .iter()
                    .find(|deadline| deadline.done.is_some_and(|done| done.act == number))
                    .and_then(|deadline| deadline.days_late());
                let may_receive = may_receive(acts, process, number);
                let correcting = may_correct(acts, process, number).then_some(correcting);
                (number, row(acts, number, letter, late, received, may_receive, correcting))
            });
            let mut letters: Vec<(ActNumber, AnyView)> = letters.collect();
            letters.reverse();
            letters.into_iter().map(|(_, row)| row).collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    let may =
        move || acts.may(Action::RegisterRegionalLetter) || acts.may(Action::RegisterCentralLetter);
    view! {
        <table class="table stacked letters">
            <thead>
                <tr>
                    <th scope="col">"Oficio"</th>
                    <th scope="col">"Materia"</th>
                    <th scope="col">"Despacho"</th>
                    <th scope="col">"Recepción"</th>
                    <th scope="col">"Archivos"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Show when=may>
            {move || view! { <LetterForm corrects=correcting.get() registered=done /> }}
        </Show>
    }
}

fn row(
    acts: Acts,
    number: ActNumber,
    letter: &Letter,
    late: Option<u32>,
    received: Option<chrono::NaiveDate>,
    may_receive: bool,
    correcting: Option<RwSignal<Option<ActNumber>>>,
) -> AnyView {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".into(), format_date);
    let files = letter.attachments.iter().map(|file| {
        let href = format!("/api/exercises/{}/files/{}", acts.exercise, file.sha256);
        view! { <a href=href download=file.name.clone() rel="external">{file.name.clone()}</a> " " }
    });
    let late = late.map(|days| {
        let unit = if days == 1 { "día" } else { "días" };
        view! { <small class="duty-time overdue">{format!("{days} {unit} de atraso")}</small> }
    });
    let correct = correcting.map(|correcting| {
        let begin = move |_| {
            correcting.set(Some(number));
            bring_into_view("registrar");
        };
        view! {
            <button type="button" class="link-button" on:click=begin>
                "Rectificar…" <span class="visually-hidden">{format!(" el oficio del acto {number}")}</span>
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row">
                {format!("{} N° {}", letter.kind.label(), letter.number)}
                <small>
                    {format!("{} · {} · acto {number}", letter.issuer.label(), format_date(letter.date))}
                </small>
                {correct}
            </th>
            <td data-label="Materia">{letter.subject.clone()}</td>
            <td data-label="Despacho">
                {day(letter.dispatch.as_ref().map(|dispatch| dispatch.on))} {late}
            </td>
            <td data-label="Recepción">
                {if may_receive {
                    view! { <Receive of=number /> }.into_any()
                } else {
                    day(received).into_any()
                }}
            </td>
            <td data-label="Archivos">{files.collect_view()}</td>
        </tr>
    }
    .into_any()
}

/// Whether the person may say that it is to be read otherwise.
fn may_correct(acts: Acts, process: &Process<'_>, of: ActNumber) -> bool {
    let Some(letter) = process.register.letter(of) else { return false };
    // The reason is asked for in the form.
    let (act, reason) = (Box::new(Act::Letter(letter.clone())), "-".into());
    acts.would_take(process, &Act::Correction(Correction { of, act, reason }))
}

/// Scrolls to what the next frame draws.
fn bring_into_view(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(id) {
            element.scroll_into_view();
        }
    });
}
