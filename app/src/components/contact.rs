//! Where somebody is reminded of what is due: their own, or that of a person whom they manage.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::api::people::Contact;

use crate::{api, text};

/// The form, once the server said what there is.
#[component]
pub fn ContactForm(
    /// Whose; their own where it is nobody else's.
    #[prop(optional)]
    of: Option<i64>,
) -> impl IntoView {
    let known = RwSignal::new(None::<Result<Contact, String>>);
    spawn_local(async move {
        let contact = api::people::contact(of).await;
        // The page may be gone by now.
        let _ = known.try_set(Some(contact.map_err(|trouble| text::trouble(&trouble))));
    });
    move || match known.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <p class="message warning">{problem}</p> }.into_any(),
        Some(Ok(contact)) => view! { <Fields of contact /> }.into_any(),
    }
}

#[component]
fn Fields(of: Option<i64>, contact: Contact) -> impl IntoView {
    let email = NodeRef::<html::Input>::new();
    let reminded = NodeRef::<html::Input>::new();
    let outcome = RwSignal::new(None::<Result<(), String>>);
    let id = of.map_or_else(|| "correo".to_owned(), |user| format!("correo-{user}"));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(email), Some(reminded)) = (email.get_untracked(), reminded.get_untracked())
        else {
            return;
        };
        let address = Some(email.value().trim().to_owned()).filter(|address| !address.is_empty());
        let contact = Contact { email: address, reminded: reminded.checked() };
        outcome.set(None);
        spawn_local(async move {
            let done = api::people::change_contact(of, &contact).await;
            // The page may be gone by now.
            let _ = outcome.try_set(Some(done.map_err(|trouble| text::trouble(&trouble))));
        });
    };
    view! {
        <form class="contact" on:submit=submit>
            <div class="field">
                <label for=id.clone()>"Correo electrónico"</label>
                <input
                    id=id
                    class="input"
                    type="email"
                    node_ref=email
                    value=contact.email.unwrap_or_default()
                    autocomplete=if of.is_none() { "email" } else { "off" }
                />
            </div>
            <label class="check">
                <input type="checkbox" node_ref=reminded checked=contact.reminded />
                " Recordar por correo los plazos que vencen, a lo más una vez al día"
            </label>
            <div role="status">
                {move || outcome.get().map(|outcome| match outcome {
                    Ok(()) => view! { <p class="message success">"Guardado."</p> }.into_any(),
                    Err(problem) => view! { <p class="message danger">{problem}</p> }.into_any(),
                })}
            </div>
            <button class="button" type="submit">"Guardar correo y recordatorios"</button>
        </form>
    }
}
