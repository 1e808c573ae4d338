//! The frame of every page but the exercise: header, title, content.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use crate::{
    session::{Who, use_session},
    text,
};

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
    view! {
        <Header>""</Header>
        <main id="contenido" class="page" class:narrow=narrow>
            <h1>{title}</h1>
            {children()}
        </main>
    }
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    document().set_title(&format!("{title} · Focaliza"));
}

/// The header of every page, with what the page puts into it.
#[component]
pub fn Header(children: Children) -> impl IntoView {
    view! {
        <a class="skip-link button" href="#contenido">"Ir al contenido"</a>
        <header class="top">
            <a class="top-brand" href="/">
                <img src="/icon.svg" alt="" width="28" height="28" />
                <span>"Focaliza"</span>
            </a>
            <nav aria-label="Aplicación">
                <a class="top-link" href="/">"Ejercicios"</a>
                <a class="top-link" href="/reglas">"Reglas"</a>
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
            session.sign_out().await;
            navigate.try_with_value(|navigate| navigate("/ingresar", Default::default()));
        });
    };
    let ask = move |_| {
        spawn_local(async move {
            let unsent = session.holdings().await.values().map(|held| held.unsent).sum();
            match unsent {
                0 => leave(),
                unsent => asked.set(Some(unsent)),
            }
        });
    };
    let warning = move || {
        asked.get().map(|unsent| {
            let unsent = text::count(unsent, "cambio", "cambios");
            view! {
                <div class="account-warning message warning" role="alertdialog" aria-label="Salir">
                    <p>
                        {format!(
                            "Quedan {unsent} sin enviar en este equipo. Si sales ahora, seguirán \
                             guardados aquí y se enviarán cuando vuelvas a ingresar en este equipo.",
                        )}
                    </p>
                    <button class="button danger" on:click=move |_| leave()>"Salir igual"</button>
                    <button class="button" on:click=move |_| asked.set(None)>"Seguir aquí"</button>
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
