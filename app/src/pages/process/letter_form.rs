//! Registering a letter, and correcting what was registered of one.

use leptos::prelude::*;
use shared::process::{
    Act, ActNumber, Institution,
    act::Correction,
    letter::{Attachment, Channel, Dispatch, Letter, LetterKind, Official, Reception},
};

use super::{
    act_form::ActForm,
    fields::{Choice, Field, chosen_of, day, value},
    file_field::FileField,
    use_acts,
};

/// Who may issue what is of no special kind.
const ISSUERS: [Institution; 7] = [
    Institution::Gore,
    Institution::RegionalOffice,
    Institution::Jointly,
    Institution::Core,
    Institution::GeneralManagement,
    Institution::RegionsManagement,
    Institution::Other,
];
const CHANNELS: [Channel; 4] =
    [Channel::DocDigital, Channel::Email, Channel::Paper, Channel::Other];

/// The form. What was typed stays until the server has it.
#[component]
pub fn LetterForm(
    /// The letter that is corrected; none where another one is registered.
    corrects: Option<ActNumber>,
    /// Follows what was registered, or given up.
    #[prop(into)]
    registered: Callback<()>,
) -> impl IntoView {
    let acts = use_acts();
    let known = move |of: ActNumber| acts.read(|process| process.register.letter(of).cloned());
    let old = StoredValue::new(corrects.and_then(|of| untrack(|| known(of)).flatten()));
    let initial = old.get_value();
    let kind = RwSignal::new(initial.as_ref().map_or(0, |old| place(&LetterKind::ALL, &old.kind)));
    let attached = initial.as_ref().map(|old| old.attachments.clone()).unwrap_or_default();
    let files = RwSignal::new(attached);
    let read = move || {
        let letter = letter(files.get(), old.get_value())?;
        Ok(match corrects {
            None => Act::Letter(letter),
            Some(of) => Act::Correction(Correction {
                of,
                act: Box::new(Act::Letter(letter)),
                reason: value("oficio-razon"),
            }),
        })
    };
    let done = move |()| {
        files.set(Vec::new());
        kind.set(0);
        registered.run(());
    };
    // The text says who issues most kinds; of the others whoever registers them does.
    let is_of_anybody = Memo::new(move |_| LetterKind::ALL[kind.get()].issuer().is_none());
    let chosen_kind = kind.get_untracked();
    let options = LetterKind::ALL.into_iter().enumerate().map(move |(number, one)| {
        view! { <option value=number selected=number == chosen_kind>{one.label()}</option> }
    });
    let text = move |of: fn(&Letter) -> String| {
        old.with_value(|old| old.as_ref().map(of).unwrap_or_default())
    };
    let date = move |of: fn(&Letter) -> Option<chrono::NaiveDate>| {
        let day = old.with_value(|old| old.as_ref().and_then(of));
        day.map(|day| day.to_string()).unwrap_or_default()
    };
    let issuer = initial.as_ref().map_or(0, |old| place(&ISSUERS, &old.issuer));
    let issuer_name = text(|old| old.issuer_name.clone());
    let channel = initial.as_ref().and_then(|old| old.dispatch.as_ref());
    let channel = channel.map_or(0, |dispatch| place(&CHANNELS, &dispatch.channel));
    let (title, button) = match corrects {
        None => ("Registrar un oficio".to_owned(), "Registrar"),
        Some(of) => (format!("Rectificar el oficio del acto {of}"), "Registrar rectificación"),
    };
    view! {
        <ActForm id="registrar" title button read registered=done>
            <div class="field wide">
                <label for="oficio-tipo">"De qué es"</label>
                <select
                    id="oficio-tipo"
                    class="input"
                    on:change=move |event| {
                        kind.set(event_target_value(&event).parse().unwrap_or_default());
                    }
                >
                    {options.collect_view()}
                </select>
            </div>
            <Show when=move || is_of_anybody.get()>
                <Choice
                    id="oficio-emisor"
                    label="Quién lo emite"
                    options=ISSUERS.map(Institution::label).to_vec()
                    initial=issuer
                />
                <Field
                    id="oficio-institucion"
                    label="Nombre de la institución (si es otra)"
                    optional=true
                    initial=issuer_name.clone()
                />
            </Show>
            <Field id="oficio-numero" label="Número o folio" initial=text(|old| old.number.clone()) />
            <Field
                id="oficio-fecha"
                label="Fecha del oficio"
                kind="date"
                initial=date(|old| Some(old.date))
            />
            <Field id="oficio-firma" label="Firma" initial=text(|old| old.signatory.name.clone()) />
            <Field
                id="oficio-cargo"
                label="Cargo de quien firma (si se sabe)"
                optional=true
                initial=text(|old| old.signatory.post.clone())
            />
            <Field id="oficio-para" label="Dirigido a" initial=text(|old| old.addressee.name.clone()) />
            <Field
                id="oficio-para-cargo"
                label="Cargo de quien lo recibe (si se sabe)"
                optional=true
                initial=text(|old| old.addressee.post.clone())
            />
            <Field id="oficio-materia" label="Materia" wide=true initial=text(|old| old.subject.clone()) />
            <Field
                id="oficio-despacho"
                label="Despachado el (si se sabe)"
                kind="date"
                optional=true
                initial=date(|old| old.dispatch.as_ref().map(|dispatch| dispatch.on))
            />
            <Choice
                id="oficio-via"
                label="Por qué medio"
                options=CHANNELS.map(Channel::label).to_vec()
                initial=channel
            />
            <Field
                id="oficio-recepcion"
                label="Recibido el (si se sabe)"
                kind="date"
                optional=true
                initial=date(|old| old.reception.as_ref().map(|reception| reception.on))
            />
            <FileField id="oficio-archivo" label="Archivos" files />
            {corrects.map(|_| view! {
                <Field id="oficio-razon" label="Por qué se rectifica" wide=true />
                <p class="wide">
                    <button type="button" class="button" on:click=move |_| registered.run(())>
                        "No rectificar"
                    </button>
                </p>
            })}
        </ActForm>
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|known| known == one).unwrap_or_default()
}

/// What the form says. What it does not ask for stays as it was registered.
fn letter(attachments: Vec<Attachment>, old: Option<Letter>) -> Result<Letter, String> {
    let kind = chosen_of("oficio-tipo", &LetterKind::ALL);
    let issuer = kind.issuer().unwrap_or_else(|| chosen_of("oficio-emisor", &ISSUERS));
    let channel = chosen_of("oficio-via", &CHANNELS);
    let (signatory, addressee, stamp) = match &old {
        Some(old) => (
            old.signatory.is_acting,
            old.addressee.is_acting,
            old.reception.as_ref().map(|reception| reception.stamp.clone()).unwrap_or_default(),
        ),
        None => (false, false, String::new()),
    };
    let official = |name: &str, post: &str, is_acting| Official {
        name: value(name),
        post: value(post),
        is_acting,
    };
    Ok(Letter {
        kind,
        number: value("oficio-numero"),
        issuer,
        issuer_name: value("oficio-institucion"),
        signatory: official("oficio-firma", "oficio-cargo", signatory),
        addressee: official("oficio-para", "oficio-para-cargo", addressee),
        subject: value("oficio-materia"),
        date: day("oficio-fecha")?.ok_or("Falta la fecha del oficio.")?,
        signed: old.as_ref().and_then(|old| old.signed),
        dispatch: day("oficio-despacho")?.map(|on| Dispatch { on, channel }),
        reception: day("oficio-recepcion")?.map(|on| Reception { on, stamp }),
        delivery: old.as_ref().and_then(|old| old.delivery.clone()),
        attachments,
        instruments: old.map(|old| old.instruments).unwrap_or_default(),
    })
}
