//! What must be said across the page: where nothing is kept, who must sign in, what was repaired.

use leptos::prelude::*;

use crate::{
    components::{newer_build::NewerBuild, panel::rescue_button, review::ApartNotices},
    installed::use_installed,
    lazy::{Lazy, lazy_view},
    session::use_session,
    store::{Notice, use_store},
    sync::Link,
    text,
};

lazy_view!(apart in beside, ApartNotices);

/// All of it, the gravest first.
#[component]
pub fn Notices() -> impl IntoView {
    let (session, store) = (use_session(), use_store());
    let connection = StoredValue::new_local(session.connection());
    let installed = use_installed();
    Effect::new(move || {
        if connection.with_value(|connection| connection.link()) == Link::Outdated {
            installed.fetch_newer();
        }
    });
    let not_kept = move || {
        (!store.is_lasting() || store.status().is_store_failing).then(|| view! {
            <div class="notice message danger" role="alert">
                <p>
                    "Este equipo no permite guardar (modo privado o sin espacio). Lo que escribes se envía mientras haya conexión; sin ella queda solo en esta pestaña."
                </p>
                <Lazy part=rescue_button />
            </div>
        })
    };
    let expired = move || {
        let link = connection.with_value(|connection| connection.link());
        match link {
            Link::Expired => {
                let href = format!("/ingresar?sesion=vencida&destino=/ejercicio/{}", store.exercise_id());
                Some(view! {
                    <div class="notice message warning" role="status">
                        <p>"No se pudo enviar: tu sesión venció. Tus cambios siguen en este equipo."</p>
                        <a class="button" href=href>"Ingresar"</a>
                    </div>
                }.into_any())
            }
            Link::Outdated => Some(view! {
                <div class="notice message warning" role="status">
                    <p>
                        "El servidor usa una versión más nueva de Focaliza. Tus cambios siguen en este equipo; vuelve a cargar la página para enviarlos."
                    </p>
                    <a class="button" rel="external" href="">"Volver a cargar"</a>
                </div>
            }.into_any()),
            _ => None,
        }
    };
    let lapsed = move || {
        let days = session.person().map_or(0, |person| person.offline_days);
        session.is_lapsed().then(|| view! {
            <div class="notice message warning" role="status">
                <p>
                    {format!(
                        "Este equipo lleva más de {days} días sin encontrarse con el servidor. Puedes \
                         leer y descargar; para volver a escribir, conéctalo. Lo que no se ha enviado \
                         sigue aquí."
                    )}
                </p>
                <Lazy part=rescue_button />
            </div>
        })
    };
    let others = move || {
        store.notices().into_iter().map(|notice| view! {
            <div class="notice message warning" role="status">
                <p>{text::notice(notice)}</p>
                {(notice != Notice::Closed).then(|| view! {
                    <button class="link-button" on:click=move |_| store.dismiss(notice)>"Entendido"</button>
                })}
            </div>
        }).collect_view()
    };
    let review = store.review();
    let is_apart = Memo::new(move |_| {
        review.with(|review| review.texts().next().is_some() || review.news().next().is_some())
    });
    view! {
        {not_kept}
        {expired}
        {lapsed}
        {others}
        <Show when=move || is_apart.get()>
            <Lazy part=apart />
        </Show>
        <NewerBuild is_stored=move || store.status().unsaved == 0 />
    }
}
