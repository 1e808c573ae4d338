//! The pane of shortcuts: the keyboard map as people read it, with a search field.

use leptos::{ev, html, prelude::*};
use shared::fold::fold;

use super::{
    sheet::Sheet,
    shortcuts::{SHORTCUTS, Shortcut, When},
};

/// Shows the pane while it is open.
#[component]
pub fn HelpPopup() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    move || sheet.helping.get().then(|| view! { <Help sheet /> })
}

#[component]
fn Help(sheet: Sheet) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Refused only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        // Before it goes: while it is open nothing below it takes the keyboard.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        sheet.helping.set(false);
        sheet.focus_textarea();
    };
    let part = move |title: &'static str, whens: &'static [When]| {
        let found = move || matching(&typed.get(), whens);
        view! {
            <Show when=move || !found().is_empty()>
                <h3>{title}</h3>
                <dl>
                    {move || found().into_iter().map(entry).collect_view()}
                </dl>
            </Show>
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="help"
            aria-labelledby="help-title"
            on:cancel=move |event: ev::Event| {
                event.prevent_default();
                close();
            }
        >
            <div class="help-head">
                <h2 id="help-title">"Atajos de teclado"</h2>
                <button type="button" class="button" on:click=move |_| close()>"Cerrar"</button>
            </div>
            <input
                class="input"
                type="search"
                placeholder="Buscar un atajo"
                aria-label="Buscar un atajo"
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
            {part("Al moverse por la tabla", &[When::Browsing])}
            {part("Dentro de una celda", &[When::Editing, When::Typing])}
            {part("En la ficha de una fila", &[When::Card])}
        </dialog>
    }
}

fn entry(shortcut: &'static Shortcut) -> impl IntoView {
    let keys = shortcut.keys.iter().map(|keys| view! { <kbd data-keys=*keys>{spoken(keys)}</kbd> });
    view! {
        <div>
            <dt>{shortcut.what}</dt>
            <dd>{keys.collect_view()}</dd>
        </div>
    }
}

/// The shortcuts that hold every word typed, in what they do or in their keys.
fn matching(typed: &str, whens: &[When]) -> Vec<&'static Shortcut> {
    let typed = fold(typed);
    let holds = |shortcut: &&Shortcut| {
        let keys: Vec<String> = shortcut.keys.iter().map(|keys| spoken(keys)).collect();
        let words = fold(&format!("{} {}", shortcut.what, keys.join(" ")));
        whens.contains(&shortcut.when) && typed.split(' ').all(|word| words.contains(word))
    };
    SHORTCUTS.iter().filter(holds).collect()
}

/// Keys as they are written on keyboards here: «Ctrl + Mayús + ↓».
#[must_use]
pub fn spoken(keys: &str) -> String {
    let name = |key: &str| {
        let name = match key {
            "Shift" => "Mayús",
            "ArrowUp" => "↑",
            "ArrowDown" => "↓",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "Home" => "Inicio",
            "End" => "Fin",
            "PageUp" => "Re Pág",
            "PageDown" => "Av Pág",
            "Delete" => "Supr",
            "Backspace" => "Retroceso",
            "Escape" => "Esc",
            "Space" => "Espacio",
            "ContextMenu" => "Menú",
            key if key.len() == 1 => return key.to_uppercase(),
            key => key,
        };
        name.to_owned()
    };
    keys.split('+').map(name).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn keys_are_called_as_on_keyboards_here() {
        assert_eq!(spoken("Ctrl+Shift+ArrowDown"), "Ctrl + Mayús + ↓");
        assert_eq!(spoken("Ctrl+z"), "Ctrl + Z");
        assert_eq!(spoken("F2"), "F2");
    }

    #[test]
    fn shortcuts_are_found_by_what_they_do_and_by_their_keys() {
        let found = |typed| matching(typed, &[When::Browsing]).len();
        assert!(found("deshacer") >= 1 && found("ctrl z") >= 1);
        assert_eq!(found("no hay tal cosa"), 0);
        assert_eq!(found(""), SHORTCUTS.iter().filter(|it| it.when == When::Browsing).count());
    }

    #[test]
    fn each_shortcut_says_what_it_does() {
        for shortcut in SHORTCUTS {
            assert!(!shortcut.what.is_empty() && !shortcut.keys.is_empty(), "{shortcut:?}");
        }
    }
}
