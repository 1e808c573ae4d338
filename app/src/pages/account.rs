//! The person's own account: the second factor.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::api::factor::{Enrolment, Factor};

use crate::{
    api::{self, Trouble},
    components::{code_field::CodeField, page::Page, signed_in::SignedIn},
    text,
};

/// The page, at `/cuenta`.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <Page title="Tu cuenta" narrow=true>
            <SignedIn let:_person>
                <SecondFactor />
            </SignedIn>
        </Page>
    }
}

/// Where setting it up stands.
#[derive(Clone, PartialEq, Eq)]
enum Stage {
    /// Not known yet.
    Opening,
    /// As the server has it.
    Known(Factor),
    /// The telephone is being told.
    Telling(Enrolment),
    /// Done; the codes for who loses the telephone, told once.
    Done(Vec<String>),
}

/// Handle of the page.
#[derive(Clone, Copy)]
struct Setting {
    stage: RwSignal<Stage>,
    message: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
}

impl Setting {
    /// Asks the server, and shows what comes of it.
    fn ask(self, answer: impl Future<Output = Result<Stage, Trouble>> + 'static) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.message.set(None);
        spawn_local(async move {
            let answer = answer.await;
            // The page may be gone by now.
            let _ = self.is_busy.try_set(false);
            match answer {
                Ok(stage) => drop(self.stage.try_set(stage)),
                Err(trouble) => drop(self.message.try_set(Some(text::trouble(&trouble)))),
            }
        });
    }
}

async fn known() -> Result<Stage, Trouble> {
    api::factor::own().await.map(Stage::Known)
}

#[component]
fn SecondFactor() -> impl IntoView {
    let stage = RwSignal::new(Stage::Opening);
    let setting = Setting { stage, message: RwSignal::new(None), is_busy: RwSignal::new(false) };
    setting.ask(known());
    view! {
        <section aria-labelledby="segundo-factor">
            <h2 id="segundo-factor">"Segundo factor"</h2>
            <p>
                "Además de la contraseña, Focaliza puede pedir un código que muestra una aplicación de tu teléfono. Así, quien conozca tu contraseña no entra con ella sola. Si entras con ClaveÚnica no se pide."
            </p>
            {move || match stage.get() {
                Stage::Opening => {
                    view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any()
                }
                Stage::Known(Factor { confirmed: false, .. }) => view! { <Begin setting /> }.into_any(),
                Stage::Known(factor) => view! { <Active setting factor /> }.into_any(),
                Stage::Telling(enrolment) => view! { <Tell setting enrolment /> }.into_any(),
                Stage::Done(codes) => view! { <Codes setting codes /> }.into_any(),
            }}
            <div role="alert">
                {move || {
                    let message = setting.message.get();
                    message.map(|text| view! { <p class="message danger">{text}</p> })
                }}
            </div>
        </section>
    }
}

#[component]
fn Begin(setting: Setting) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let password = password.get_untracked();
        setting.ask(async move { api::factor::begin(password).await.map(Stage::Telling) });
    };
    view! {
        <form on:submit=submit>
            <p>"No está activo."</p>
            <div class="field">
                <label for="clave-actual">"Tu contraseña"</label>
                <input
                    id="clave-actual"
                    class="input"
                    type="password"
                    autocomplete="current-password"
                    required
                    prop:value=password
                    on:input=move |event| password.set(event_target_value(&event))
                />
            </div>
            <button class="button primary" type="submit" disabled=setting.is_busy>"Activar"</button>
        </form>
    }
}

#[component]
fn Tell(setting: Setting, enrolment: Enrolment) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let code = code.get_untracked();
        setting.ask(async move {
            api::factor::confirm(code).await.map(|recovery| Stage::Done(recovery.codes))
        });
    };
    let Enrolment { secret, qr } = enrolment;
    let groups: Vec<&str> =
        secret.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let picture = format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&qr));
    view! {
        <form on:submit=submit>
            <ol>
                <li>"Abre en tu teléfono una aplicación de verificación en dos pasos."</li>
                <li>"Escanea este código, o escribe la clave. Se muestra una sola vez."</li>
                <li>"Escribe aquí el número que aparece."</li>
            </ol>
            <p><img class="factor-qr" src=picture alt="Código QR con la clave que está escrita abajo" /></p>
            <p>"Clave: " <code>{groups.join(" ")}</code></p>
            <CodeField id="codigo" code />
            <button class="button primary" type="submit" disabled=setting.is_busy>"Confirmar"</button>
        </form>
    }
}

#[component]
fn Codes(setting: Setting, codes: Vec<String>) -> impl IntoView {
    view! {
        <p class="message success" role="status">"El segundo factor está activo."</p>
        <p>
            "Guarda estos códigos de recuperación fuera de este equipo, por ejemplo impresos: cada uno sirve una vez si pierdes el teléfono. No se volverán a mostrar."
        </p>
        <ul class="factor-codes">
            {codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
        </ul>
        <button class="button" on:click=move |_| setting.ask(known())>"Los guardé"</button>
    }
}

#[component]
fn Active(setting: Setting, factor: Factor) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let code = code.get_untracked();
        setting.ask(async move {
            api::factor::end(code).await?;
            known().await
        });
    };
    let left = text::count(factor.recovery, "código de recuperación", "códigos de recuperación");
    view! {
        <form on:submit=submit>
            <p>{format!("Está activo. Sin usar: {left}. Para obtener otros, quítalo y vuelve a activarlo.")}</p>
            <CodeField id="codigo" code />
            <button class="button danger" type="submit" disabled=setting.is_busy>
                "Quitar el segundo factor"
            </button>
        </form>
    }
}
