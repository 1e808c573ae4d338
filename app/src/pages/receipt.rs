//! That a receipt is one: for anybody who has its address, and nothing more than that.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use shared::{
    api::process::Receipt,
    format::{format_date, format_long_date},
};

use crate::{api, components::page::Page, text};

/// What was sent, by its fingerprint, and when.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    let params = use_params_map().read_untracked().clone();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let (receipt, code) = (part("receipt"), part("code"));
    let found = RwSignal::new(None::<Result<Receipt, String>>);
    spawn_local(async move {
        let receipt = api::process::receipt(&receipt, &code).await;
        // The page may be gone by now.
        let _ = found.try_set(Some(receipt.map_err(|trouble| {
            match trouble {
                api::Trouble::Refused(_) => {
                    "No hay ningún acuse con este número y esta huella. Revisa \
                                         la dirección o escanea el código de nuevo."
                        .into()
                }
                trouble => text::trouble(&trouble),
            }
        })));
    });
    view! {
        <Page title="Verificación de un acuse">
            {move || match found.get() {
                None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
                Some(Err(problem)) => {
                    view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
                }
                Some(Ok(receipt)) => shown(&receipt),
            }}
        </Page>
    }
}

fn shown(receipt: &Receipt) -> AnyView {
    let received = receipt.received_on.map_or_else(|| "Sin registrar".into(), format_date);
    view! {
        <p class="message success">
            {format!("El acuse {} es auténtico.", receipt.receipt)}
        </p>
        <dl class="facts">
            <dt>"Qué se envió"</dt>
            <dd>{format!("{}, {}", receipt.kind.label(), text::exercise(receipt.exercise))}</dd>
            <dt>"Cuándo"</dt>
            <dd>{format!("{}, hora legal de la región", format_long_date(receipt.sent_on))}</dd>
            <dt>"Recibido por Sercotec"</dt>
            <dd>{received}</dd>
            <dt>"Huella del contenido (SHA-256)"</dt>
            <dd><code class="receipt-print">{receipt.fingerprint.to_string()}</code></dd>
        </dl>
        <p>"Un archivo es el que se envió si tiene esta misma huella."</p>
    }
    .into_any()
}
