//! The rules: what is checked, why, and on what grounds.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    fold::fold,
    rules::{self, ExampleTable, Rule},
};

use crate::components::page::Page;

/// All rules, with a search.
#[component]
pub fn RulesPage() -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = move || {
        let wanted = fold(&search.get());
        let text = |rule: &Rule| {
            let documentation = rule.documentation();
            fold(&format!("{} {} {}", rule.id, rule.title, documentation.summary))
        };
        rules::all().iter().copied().filter(|rule| text(rule).contains(&wanted)).collect::<Vec<_>>()
    };
    view! {
        <Page title="Reglas">
            <p>
                "Las mismas reglas se aplican en este equipo y en el servidor. Ninguna impide escribir ni guardar: producen avisos, que solo deciden qué está listo para enviarse."
            </p>
            <div class="field rules-search">
                <label for="search">"Buscar"</label>
                <input id="search" class="input" type="search" bind:value=search />
            </div>
            <p role="status">
                {move || crate::text::count(found().len(), "regla", "reglas")}
            </p>
            <For each=found key=|rule| rule.id let:rule>
                <RuleText rule />
            </For>
        </Page>
    }
}

/// One rule.
#[component]
pub fn RulePage() -> impl IntoView {
    let params = use_params_map();
    move || {
        let id = params.read().get("rule").unwrap_or_default();
        match rules::find(&id) {
            Some(rule) => view! {
                <Page title=format!("Regla {}", rule.id)>
                    <RuleText rule />
                    <p><a href="/reglas">"Todas las reglas"</a></p>
                </Page>
            }
            .into_any(),
            None => view! {
                <Page title="Esta regla no existe">
                    <p>
                        {format!("No hay una regla «{id}» en esta versión. ")}
                        <a href="/reglas">"Ver todas las reglas"</a>
                    </p>
                </Page>
            }
            .into_any(),
        }
    }
}

#[component]
fn RuleText(rule: &'static Rule) -> impl IntoView {
    let text = rule.documentation();
    let sources = rule.sources.iter().map(|source| {
        let place = source.to_string();
        let place = match source.norm.url {
            Some(url) => view! { <a href=url rel="noreferrer">{place}</a> }.into_any(),
            None => place.into_any(),
        };
        view! { <li>{place} " · " {source.strength().label()}</li> }
    });
    view! {
        <article class="rule" id=rule.id>
            <h2>
                <a href=rule.path()>{rule.id}</a>
                " · "
                {rule.title}
                " "
                <span class=format!("severity {}", rule.severity.as_str())>{rule.severity.label()}</span>
            </h2>
            <p class="rule-summary">{text.summary}</p>
            <h3>"Qué revisa"</h3>
            {paragraphs(&text.checks)}
            <h3>"Por qué"</h3>
            {paragraphs(&text.reason)}
            <h3>"Cómo corregir"</h3>
            {paragraphs(&text.remedy)}
            <h3>"Ejemplo"</h3>
            {text.example.tables.iter().map(example).collect_view()}
            <h3>"Fuentes"</h3>
            <ul>{sources.collect_view()}</ul>
        </article>
    }
}

fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n").map(|text| view! { <p>{text.replace('\n', " ")}</p> }).collect_view()
}

fn example(table: &ExampleTable<'_>) -> impl IntoView + use<> {
    let marked = |text: String, findings: usize| match findings {
        0 => text.into_any(),
        _ => view! { <mark>{text} " " <span class="rule-finding">"aviso"</span></mark> }.into_any(),
    };
    let rows = table.rows.iter().map(|row| {
        let cells = row
            .iter()
            .enumerate()
            .map(|(place, cell)| {
                view! { <td>{marked(table.shown(place, cell), cell.findings)}</td> }
            })
            .collect_view();
        view! { <tr>{cells}</tr> }
    });
    view! {
        <div class="rule-example">
            <table class="table">
                <caption>{marked(table.table.title().to_owned(), table.findings)}</caption>
                <thead>
                    <tr>{table.headings().map(|text| view! { <th scope="col">{text}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
