//! What people wrote apart: texts that were merged by character, with what the others wrote standing
//! out, and rows that one deleted and another wrote into.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{edit::Edit, key::Key, review::Crossed, rules::At};

use crate::{
    components::{
        chain::short_name,
        change::{change_view, merged_parts},
        decide::title,
        deleted::row_label,
        findings::go_to,
        grid::Jump,
        panel::{PanelCell, hold_keyboard},
    },
    store::{Store, use_store},
    text,
};

/// The panel.
#[component]
pub fn ReviewPanel() -> impl IntoView {
    let store = use_store();
    let review = store.review();
    let PanelCell(asked) = expect_context();
    let keys = Memo::new(move |_| {
        let mut keys: Vec<Key> =
            review.with(|review| review.texts().map(|(key, _)| key.clone()).collect());
        // The one that was asked for comes first.
        asked.with(|asked| keys.sort_by_key(|key| asked.as_ref() != Some(key)));
        keys
    });
    view! {
        <p>
            "Tú y otras personas escribieron en el mismo texto sin ver lo de los demás. Focaliza lo combinó y nada se perdió: lee cómo quedó. La marca se va sola después de un día."
        </p>
        <Show when=move || keys.with(Vec::is_empty)>
            <p>"No hay textos por revisar."</p>
        </Show>
        <For each=move || keys.get() key=Clone::clone let:key>
            <MergedText key />
        </For>
    }
}

#[component]
fn MergedText(key: Key) -> impl IntoView {
    let store = use_store();
    let review = store.review();
    let jump = expect_context::<Jump>();
    let navigate = use_navigate();
    let at = At::Field(key.table, key.row.clone(), key.field.clone());
    let go = move |_| go_to(store, jump, &at, &|path| navigate(path, Default::default()));
    let heading = title(&key);
    let row = row_named(store, &key);
    let shown = key.clone();
    let change = move || {
        let merged = review.with(|review| review.text(&shown).cloned())?;
        Some(view! {
            <p class="choice-author">{text::merged(&merged.by)}</p>
            {change_view(merged_parts(&merged.mine, &merged.merged))}
        })
    };
    let done = move |_| {
        hold_keyboard();
        store.looked_at(&key);
    };
    view! {
        <section class="decision">
            <button class="finding-go" on:click=go>
                <strong>{heading}</strong>
                <br />
                {row}
            </button>
            {change}
            <button class="button" on:click=done>"Revisado"</button>
        </section>
    }
}

/// What has to be said across the page: who deleted what this person wrote into, and the other way
/// round; aloud also that texts were merged.
#[component]
pub fn ApartNotices() -> impl IntoView {
    let store = use_store();
    let review = store.review();
    let merged = {
        let review = review.clone();
        Memo::new(move |_| review.with(|review| review.texts().count()))
    };
    // Read aloud where there are more of them: what is there when a region comes is not.
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<usize>| {
        let count = merged.get();
        if count > before.unwrap_or_default() {
            let texts = text::count(count, "texto combinado", "textos combinados");
            said.set(format!("{texts} con lo que escribieron otras personas, por revisar."));
        }
        count
    });
    let rows = Memo::new(move |_| {
        store.track_any();
        let is_deleted = |key: &Key| {
            store.with(|exercise| exercise.row(key.table, &key.row).is_some_and(|row| row.deleted))
        };
        let news = |(mark, crossed): (&Key, &Crossed)| (mark.clone(), crossed.clone());
        let all: Vec<_> = review.with(|review| review.news().map(news).collect());
        all.into_iter().filter(|(mark, _)| is_deleted(mark)).collect::<Vec<_>>()
    });
    view! {
        <span class="visually-hidden" role="status">{said}</span>
        {move || rows
            .get()
            .into_iter()
            .map(|(mark, crossed)| view! { <CrossedRow mark crossed /> })
            .collect_view()}
    }
}

#[component]
fn CrossedRow(mark: Key, crossed: Crossed) -> impl IntoView {
    let store = use_store();
    let jump = expect_context::<Jump>();
    let navigate = use_navigate();
    let message = RwSignal::new(None::<String>);
    let may_write = store.may_write(&mark);
    let words = in_words(&row_named(store, &mark), short_name(mark.table), &crossed);
    let restored = mark.clone();
    let restore = move |_| {
        let Key { table, row, .. } = restored.clone();
        let at = At::Row(table, row.clone());
        match store.apply(vec![Edit::DeleteRow { table, row, deleted: false }]) {
            Ok(()) => go_to(store, jump, &at, &|path| navigate(path, Default::default())),
            Err(rejection) => message.set(Some(rejection.to_string())),
        }
    };
    view! {
        <div class="notice message warning" role="status">
            <p>{words} {move || message.get().map(|text| format!(" {text}"))}</p>
            <button class="button" disabled=!may_write on:click=restore>"Restaurar fila"</button>
            <button class="link-button" on:click=move |_| store.read_about(&mark)>"Entendido"</button>
        </div>
    }
}

/// «Ana Rojas eliminó la fila «Ferias» de Focalización, que editaste sin conexión.»
fn in_words(row: &str, table: &str, crossed: &Crossed) -> String {
    match &crossed.deleted_by {
        Some(name) => format!(
            "{name} eliminó la fila «{row}» ({table}), que editaste sin conexión. Lo que escribiste sigue en ella."
        ),
        None => {
            let wrote = if crossed.written_by.len() > 1 { "escribieron" } else { "escribió" };
            let names = text::people(&crossed.written_by);
            format!("{names} {wrote} en la fila «{row}» ({table}) sin saber que la eliminaste.")
        }
    }
}

/// The text by which people know the row of a cell.
fn row_named(store: Store, key: &Key) -> String {
    store
        .with(|exercise| exercise.row(key.table, &key.row).map(|row| row_label(key.table, row)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use shared::{ids::RowId, review::Review, sync::replica::Apart, template::TableId};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn both_are_told_of_the_other() {
        let (table, row) = (TableId::Focus, RowId::new("r1").unwrap());
        let told = |apart: Apart, is_mine| {
            let mut review = Review::default();
            review.wrote(&Key::cell(table, &row, "budget"));
            review.note(apart, "Ana Rojas".into(), is_mine, 0);
            in_words("Ferias", "Focalización", review.news().next().unwrap().1)
        };
        let deleted = Apart::Deleted { table, row: row.clone(), by: None };
        assert_eq!(
            told(deleted, false),
            "Ana Rojas eliminó la fila «Ferias» (Focalización), que editaste sin conexión. Lo que \
             escribiste sigue en ella."
        );
        assert_eq!(
            told(Apart::Wrote { table, row: row.clone(), by: None }, true),
            "Ana Rojas escribió en la fila «Ferias» (Focalización) sin saber que la eliminaste."
        );
    }
}
