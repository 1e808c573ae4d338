//! The frame of every page but the exercise: header, title, content.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    session::{Who, use_session},
    text,
};

/// The id of what a page is about.
pub const CONTENT: &str = "contenido";

/// A page with a title.
#[component]
pub fn Page(
    /// Its heading, and the title of the window.
    #[prop(into)]
    title: String,
    /// Whether it is a small form.
    #[prop(optional)]
    narrow: bool,
    children: Children,
) -> impl IntoView {
    set_title(&title);
    arrive();
    view! {
        <Header>""</Header>
        <main id=CONTENT class="page" class:narrow=narrow tabindex="-1" aria-labelledby="titulo">
            <h1 id="titulo">{title}</h1>
            {children()}
        </main>
    }
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    document().set_title(&format!("{title} · Focaliza"));
}

/// Goes past the header: the router would only scroll there.
fn skip(event: ev::MouseEvent) {
    event.prevent_default();
    focus_content();
}

fn focus_content() {
    focus(CONTENT);
}

/// Gives the keyboard to an element that can have it, and brings it into view.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// A page took the place of another: whoever pressed a key that is gone with it goes on at the
/// beginning of its content, and hears where that is. Nothing happens on the first page.
pub fn arrive() {
    static IS_FIRST: AtomicBool = AtomicBool::new(true);
    if IS_FIRST.swap(false, Ordering::Relaxed) {
        return;
    }
    request_animation_frame(|| {
        let focused = document().active_element();
        if focused.is_none_or(|focused| focused.tag_name() == "BODY") {
            focus_content();
        }
    });
}

/// The header of every page, with what the page puts into it.
#[component]
pub fn Header(children: Children) -> impl IntoView {
    let session = use_session();
    let board = move || match session.who() {
        Who::Person(person) if person.grant.region.is_none() => {
            Some(view! { <a class="top-link" href="/tablero">"Tablero"</a> })
        }
        _ => None,
    };
    let people = move || match session.who() {
        Who::Person(person) if person.grant.may_manage_people() => {
            Some(view! { <a class="top-link" href="/personas">"Personas"</a> })
        }
        _ => None,
    };
    view! {
        <a class="skip-link button" href="#contenido" on:click=skip>"Ir al contenido"</a>
        <header class="top">
            <a class="top-brand" href="/" aria-label="Focaliza">
                <img src="/icon.svg" alt="" width="28" height="28" />
                <span>"Focaliza"</span>
            </a>
            <nav aria-label="Aplicación">
                <a class="top-link" href="/">"Ejercicios"</a>
                <a class="top-link" href="/reglas">"Reglas"</a>
                <a class="top-link" href="/equipo">"Este equipo"</a>
                {board}
                {people}
            </nav>
            <div class="top-middle">{children()}</div>
            <Account />
        </header>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let asked = RwSignal::new(None::<usize>);
    let leave = move || {
        asked.set(None);
        spawn_local(async move {
            if session.sign_out().await {
                return;
            }
            navigate.try_with_value(|navigate| navigate("/ingresar", Default::default()));
        });
    };
    let ask = move |_| {
        spawn_local(async move {
            let unsent =
                session.holdings().await.values().map(|held| held.unsent + held.acts).sum();
            match unsent {
                0 => leave(),
                unsent => asked.set(Some(unsent)),
            }
        });
    };
    let warning = move || {
        asked.get().map(|unsent| {
            let waits = text::count(unsent, "cambio", "cambios");
            let remain = if unsent == 1 { "Queda" } else { "Quedan" };
            view! {
                <div class="account-warning message warning" role="alertdialog" aria-label="Salir">
                    <p>
                        {format!(
                            "{remain} {waits} sin enviar. Si sales ahora, lo tuyo queda cifrado en este \
                             equipo y se envía cuando vuelvas a ingresar en él.",
                        )}
                    </p>
                    <div class="buttons">
                    <a class="button" href="/equipo" on:click=move |_| asked.set(None)>"Descargar respaldo"</a>
                    <button class="button danger" on:click=move |_| leave()>"Salir igual"</button>
                    <button class="button" on:click=move |_| asked.set(None)>"Seguir aquí"</button>
                    </div>
                </div>
            }
        })
    };
    move || match session.who() {
        Who::Person(person) => view! {
            <div class="account">
                <span class="account-name">
                    <strong>{person.name.clone()}</strong>
                    <small>{person.grant.role.title()}</small>
                </span>
                <button class="top-link" on:click=ask>"Salir"</button>
                {warning}
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    }
}
