//! A look at what pasting would do, with what the person can decide about it.

use std::sync::Arc;

use js_sys::{Promise, Reflect};
use leptos::{ev, html, prelude::*, task::spawn_local};
use shared::format::format_integer;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{Choices, Pasting, Plan, call, convert::Figures, copy::words, plan::Fate};
use crate::components::{
    grid::{columns::GridColumn, sheet::Sheet},
    save::save,
};

/// Rows that are shown; the rest is as they are.
const ROWS: usize = 40;
/// Of what stays out, as many are listed; the file has all.
const LISTED: usize = 100;

/// Shows the paste that waits to be looked at.
#[component]
pub fn PastePopup() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    move || sheet.pasting.get().map(|pasting| view! { <Preview sheet pasting /> })
}

#[component]
fn Preview(sheet: Sheet, pasting: Pasting) -> impl IntoView {
    let choices = RwSignal::new(Choices::suggested(&pasting.clip, &pasting.target));
    let pasting = StoredValue::new(pasting);
    let planned = Memo::new(move |_| {
        let choices = choices.get();
        let plan = |it: &Pasting| sheet.plan(&it.clip, &it.target, &choices);
        Arc::new(pasting.with_value(plan))
    });
    // What stayed out, once the rest is pasted.
    let pasted = RwSignal::new(None::<Arc<Plan>>);
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
        sheet.pasting.set(None);
        sheet.focus_textarea();
    };
    let paste = move |_| {
        let choices = choices.get_untracked();
        let Pasting { clip, target } = pasting.get_value();
        let plan = sheet.plan(&clip, &target, &choices);
        let left = (!plan.left.is_empty()).then(|| Arc::new(plan.clone()));
        if sheet.carry_out(&target, &choices, plan, "Pegaste") {
            match left {
                Some(left) => pasted.set(Some(left)),
                None => close(),
            }
        } else {
            close();
        }
    };
    let nothing = move || planned.with(|plan| plan.edits.is_empty());
    view! {
        <dialog
            node_ref=dialog
            class="paste"
            aria-labelledby="paste-title"
            on:cancel=move |event: ev::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 id="paste-title">
                {move || if pasted.with(Option::is_some) { "Lo que no se pegó" } else { "Antes de pegar" }}
            </h2>
            {move || match pasted.get() {
                Some(plan) => view! { <LeftOver plan /> }.into_any(),
                None => view! {
                    <p class="paste-summary" role="status">{move || planned.with(|plan| summary(plan))}</p>
                    <Decisions choices planned pasting />
                    <Sample sheet choices planned pasting />
                    {move || planned.with(|plan| {
                        (!plan.left.is_empty()).then(|| view! { <LeftOver plan=Arc::clone(plan) /> })
                    })}
                }
                .into_any(),
            }}
            <div class="paste-actions">
                <Show
                    when=move || pasted.with(Option::is_none)
                    fallback=move || view! {
                        <button type="button" class="button primary" on:click=move |_| close()>
                            "Cerrar"
                        </button>
                    }
                >
                    <button type="button" class="button" on:click=move |_| close()>"Cancelar"</button>
                    <button type="button" class="button primary" disabled=nothing on:click=paste>
                        "Pegar"
                    </button>
                </Show>
            </div>
        </dialog>
    }
}

/// «Se escriben 12 celdas, 1 queda vacía, 3 no cambian. 2 no caben.»
fn summary(plan: &Plan) -> String {
    let many = |count: usize, one: &str, more: &str| {
        format!("{} {}", format_integer(count as i64), if count == 1 { one } else { more })
    };
    let mut parts = vec![many(plan.written, "celda se escribe", "celdas se escriben")];
    for (count, one, more) in [
        (plan.emptied, "celda queda vacía", "celdas quedan vacías"),
        (plan.same, "no cambia", "no cambian"),
        (plan.added, "fila se agrega", "filas se agregan"),
        (
            plan.left.len(),
            "celda no cabe, completa o en parte",
            "celdas no caben, completas o en parte",
        ),
    ] {
        if count > 0 {
            parts.push(many(count, one, more));
        }
    }
    format!("{}.", parts.join("; "))
}

/// What the person decides.
#[component]
fn Decisions(
    choices: RwSignal<Choices>,
    planned: Memo<Arc<Plan>>,
    pasting: StoredValue<Pasting>,
) -> impl IntoView {
    let (rows, merged, is_table, fresh) = pasting.with_value(|it| {
        let (clip, target) = (&it.clip, &it.target);
        (clip.rows.len(), clip.has_merged(), clip.is_table, target.fresh.len())
    });
    // Titles give each column its place; without them it has the one where it lies.
    let map = move |choices: &mut Choices| {
        pasting.with_value(|it| {
            choices.mapping = if choices.header {
                super::plan::by_titles(&it.clip, &it.target.columns)
            } else {
                choices.by_position(&it.clip, &it.target)
            };
        });
    };
    let has_english = move || {
        planned.with(|plan| plan.left.iter().any(|left| left.why.contains("se separan con")))
            || choices.with(|choices| choices.figures == Figures::English)
    };
    let check = move |label: String, is: fn(&Choices) -> bool, set: fn(&mut Choices, bool)| {
        let changed = move |event| {
            let checked = event_target_checked(&event);
            choices.update(|choices| {
                let before = (choices.header, choices.in_one);
                set(choices, checked);
                if before != (choices.header, choices.in_one) {
                    map(choices);
                }
            });
        };
        view! {
            <label class="paste-choice">
                <input type="checkbox" prop:checked=move || choices.with(is) on:change=changed />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="paste-choices">
            <legend class="visually-hidden">"Cómo pegar"</legend>
            {(rows > 1).then(|| check(
                "La primera fila son títulos".into(),
                |choices| choices.header,
                |choices, is| choices.header = is,
            ))}
            {(fresh > 0).then(|| check(
                "Agregar las filas que faltan".into(),
                |choices| choices.add_rows,
                |choices, is| choices.add_rows = is,
            ))}
            {merged.then(|| check(
                "Repetir el valor de las celdas combinadas".into(),
                |choices| choices.repeat_merged,
                |choices, is| choices.repeat_merged = is,
            ))}
            {(rows > 1 && !is_table).then(|| check(
                "Todo en una celda".into(),
                |choices| choices.in_one,
                |choices, is| choices.in_one = is,
            ))}
            {move || has_english().then(|| check(
                "Los números están en formato inglés (1,234.5)".into(),
                |choices| choices.figures == Figures::English,
                |choices, is| choices.figures = if is { Figures::English } else { Figures::Chilean },
            ))}
            {check(
                "No vaciar celdas con lo que viene vacío".into(),
                |choices| choices.skip_empty,
                |choices, is| choices.skip_empty = is,
            )}
        </fieldset>
    }
}

/// The first rows as they would be, below the columns that they go into.
#[component]
fn Sample(
    sheet: Sheet,
    choices: RwSignal<Choices>,
    planned: Memo<Arc<Plan>>,
    pasting: StoredValue<Pasting>,
) -> impl IntoView {
    let columns = pasting.with_value(|it| Arc::clone(&it.target.columns));
    let all = Arc::clone(&columns);
    let heads = move || {
        let mapping = choices.with(|choices| choices.mapping.clone());
        let heads = mapping.into_iter().enumerate().map(|(at, chosen)| {
            let option = |(column, it): (usize, &GridColumn)| {
                view! {
                    <option value=column.to_string() selected=chosen == Some(column)>
                        {it.title.clone()}
                    </option>
                }
            };
            let options = all.iter().enumerate().map(option).collect_view();
            let changed = move |event: ev::Event| {
                let column = event_target_value(&event).parse().ok();
                choices.update(|choices| choices.map(at, column));
            };
            view! {
                <th scope="col">
                    <select aria-label=format!("Columna {}: va en", at + 1) on:change=changed>
                        <option value="" selected=chosen.is_none()>"No pegar"</option>
                        {options}
                    </select>
                </th>
            }
        });
        heads.collect_view()
    };
    let rows = move || {
        let plan = planned.get();
        let (clip, titles) =
            pasting.with_value(|it| choices.with(|choices| choices.prepared(&it.clip, &it.target)));
        sheet.store.with(|exercise| {
            let shown = plan.fates.iter().zip(&clip.rows).take(ROWS).enumerate();
            shown
                .map(|(at, (fates, pieces))| {
                    let cells =
                        fates.iter().zip(pieces).enumerate().map(|(column, (fate, piece))| {
                            let kind = choices
                                .with(|choices| choices.mapping.get(column).copied().flatten());
                            let kind =
                                kind.and_then(|column| columns.get(column)).map(|it| it.kind);
                            let (class, text, why) = match (fate, kind) {
                                (Fate::Written(Some(cell)), Some(kind)) => {
                                    ("new", words(exercise, kind, cell), String::new())
                                }
                                (Fate::Written(_), _) => {
                                    ("emptied", "(queda vacía)".into(), String::new())
                                }
                                (Fate::Same, _) => ("same", piece.text.clone(), "No cambia".into()),
                                (Fate::Left(why), _) => ("left", piece.text.clone(), why.clone()),
                            };
                            let mark = (class == "left").then_some("⚠ ");
                            view! { <td class=class title=why>{mark}{text}</td> }
                        });
                    view! {
                        <tr>
                            <th scope="row">{at + titles + 1}</th>
                            {cells.collect_view()}
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    let rest = move || planned.with(|plan| plan.fates.len().saturating_sub(ROWS));
    view! {
        <div class="paste-sample" tabindex="0" role="region" aria-label="Así quedaría">
            <table>
                <thead>
                    <tr><td></td>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {move || (rest() > 0).then(|| view! {
                <p>{format!("Y {} filas más.", format_integer(rest() as i64))}</p>
            })}
        </div>
    }
}

/// What stays out: to be read, copied and kept as a file.
#[component]
fn LeftOver(plan: Arc<Plan>) -> impl IntoView {
    let rows = plan.left.iter().take(LISTED).map(|left| {
        view! {
            <tr>
                <td>{left.row}</td>
                <td>{left.column.clone()}</td>
                <td>{left.text.clone()}</td>
                <td>{left.why.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let rest = plan.left.len().saturating_sub(LISTED);
    let text = StoredValue::new(plan.left_as_text());
    let said = RwSignal::new("");
    let copy = move |_| {
        let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok();
        let written = clipboard
            .and_then(|clipboard| call(&clipboard, "writeText", &[&text.get_value()]))
            .and_then(|written| written.dyn_into::<Promise>().ok());
        spawn_local(async move {
            let copied = match written {
                Some(written) => JsFuture::from(written).await.is_ok(),
                None => false,
            };
            said.set(if copied { "Copiado." } else { "El navegador no dejó copiar." });
        });
    };
    let download = move |_| save("no-pegado.tsv", "text/tab-separated-values", &text.get_value());
    view! {
        <section class="paste-left">
            <h3>"Lo que no cabe"</h3>
            <div class="paste-left-list" tabindex="0" role="region" aria-label="Lo que no cabe">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Fila"</th>
                            <th scope="col">"Columna"</th>
                            <th scope="col">"Texto"</th>
                            <th scope="col">"Motivo"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {(rest > 0).then(|| view! {
                    <p>{format!("Y {} más, en el archivo.", format_integer(rest as i64))}</p>
                })}
            </div>
            <div>
                <button type="button" class="link-button" on:click=copy>"Copiar la lista"</button>
                <button type="button" class="link-button" on:click=download>"Descargar la lista"</button>
                <span role="status">{move || said.get()}</span>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_summary_counts_what_there_is() {
        let plan = Plan { written: 12, emptied: 1, same: 3, ..Plan::default() };
        assert_eq!(summary(&plan), "12 celdas se escriben; 1 celda queda vacía; 3 no cambian.");
        assert_eq!(summary(&Plan::default()), "0 celdas se escriben.");
    }
}
