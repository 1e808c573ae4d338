//! What the rules say of the exercise, the gravest first; each finding leads to its cell.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{
    key::{Key, ORDER},
    rules::{At, Finding, Severity},
    template::TableId,
};

use crate::{
    components::{chain::short_name, grid::Jump},
    store::{Store, use_store},
    text,
};

const SEVERITIES: [Severity; 3] = [Severity::Block, Severity::Warn, Severity::Tip];
/// As many of one group are shown at once; nobody reads more, and each one costs time to draw.
const AT_ONCE: usize = 100;

/// The panel.
#[component]
pub fn Findings() -> impl IntoView {
    let store = use_store();
    let only = RwSignal::new(String::new());
    let filter = move |finding: &Finding| match only.get().as_str() {
        "" => true,
        wanted => finding.at.table().is_some_and(|table| table.as_str() == wanted),
    };
    let tables = TableId::ALL
        .into_iter()
        .filter(|table| !matches!(table, TableId::Decisions | TableId::Options))
        .map(|table| view! { <option value=table.as_str()>{short_name(table)}</option> })
        .collect_view();
    let groups = move || {
        let derived = store.derived();
        let found: Vec<Finding> =
            derived.findings.iter().filter(|finding| filter(finding)).cloned().collect();
        if found.is_empty() {
            let words = match derived.is_evaluated {
                true => "No hay avisos.",
                false => "Revisando las reglas…",
            };
            return view! { <p>{words}</p> }.into_any();
        }
        SEVERITIES
            .into_iter()
            .map(|severity| {
                let of_group = found.iter().filter(|finding| finding.severity == severity);
                let findings: Vec<Finding> = of_group.cloned().collect();
                view! { <Group severity findings /> }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="field">
            <label for="findings-table">"Mostrar"</label>
            <select id="findings-table" class="input" bind:value=only>
                <option value="">"Todo el ejercicio"</option>
                {tables}
            </select>
        </div>
        {groups}
    }
}

#[component]
fn Group(severity: Severity, findings: Vec<Finding>) -> impl IntoView {
    if findings.is_empty() {
        return ().into_any();
    }
    let rest = findings.len().saturating_sub(AT_ONCE);
    let count = findings.len();
    let items = findings.into_iter().take(AT_ONCE).map(|finding| view! { <Item finding /> });
    view! {
        <section class="findings-group">
            <h3>
                <span class=format!("severity {}", severity.as_str())>{severity.label()}</span>
                " "
                {text::count(count, "aviso", "avisos")}
            </h3>
            <ul class="findings">{items.collect_view()}</ul>
            {(rest > 0).then(|| view! {
                <p>{format!("Y {} más, que aparecen al resolver estos.", text::count(rest, "aviso", "avisos"))}</p>
            })}
        </section>
    }
    .into_any()
}

#[component]
fn Item(finding: Finding) -> impl IntoView {
    let store = use_store();
    let jump = expect_context::<Jump>();
    let navigate = use_navigate();
    let at = finding.at.clone();
    let go = move |_| go_to(store, jump, &at, &|path| navigate(path, Default::default()));
    let rule = format!("/reglas/{}", finding.rule);
    let fix = finding.fix.clone().map(|fix| {
        let repair = move |_| {
            if let Err(rejection) = store.apply(vec![fix.clone()]) {
                leptos::logging::warn!("{rejection}");
            }
        };
        view! { <button class="link-button" on:click=repair>"Corregir"</button> }
    });
    view! {
        <li class="finding">
            <button class="finding-go" on:click=go>{finding.message.clone()}</button>
            <span class="finding-foot">
                <span>{finding.at.table().map(short_name)}</span>
                <a href=rule>{finding.rule}</a>
                {fix}
            </span>
        </li>
    }
}

/// Shows a place of the exercise.
pub fn go_to(store: Store, jump: Jump, at: &At, navigate: &dyn Fn(&str)) {
    let Some(table) = at.table() else { return };
    navigate(&format!("/ejercicio/{}/{}", store.exercise_id(), table.as_str()));
    match at {
        At::Field(table, row, field) => jump.focus_cell(Key::cell(*table, row, field)),
        At::Row(table, row) => jump.focus_cell(Key::cell(*table, row, ORDER)),
        At::Table(_) | At::Exercise => {}
    }
}
