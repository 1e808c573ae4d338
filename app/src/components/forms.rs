//! Tables with fixed rows: one card for each instrument, one form for the exercise as a whole.

use leptos::{html, prelude::*};
use shared::{ids::RowId, instruments, key::Key, template::TableId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    components::{
        field::{Control, FieldFrame},
        grid::{
            Jump,
            columns::{GridColumn, columns},
        },
    },
    lazy::lazy_view,
    store::use_store,
};

lazy_view!(pub instruments_form in over_grid, InstrumentsForm);
lazy_view!(pub general_form in over_grid, GeneralForm);

/// Each transferred instrument: whether it is used this year, and the amounts received.
#[component]
pub fn InstrumentsForm() -> impl IntoView {
    let year = i32::from(use_store().exercise_id().budget_year);
    let cards = instruments::transferred_in(year).filter_map(|instrument| {
        let row = RowId::new(instrument.id).ok()?;
        Some(view! {
            <section class="form-card">
                <h3>{instrument.name}</h3>
                <Fields table=TableId::Instruments row />
            </section>
        })
    });
    view! { <div class="forms">{cards.collect_view()}</div> }
}

/// What concerns the exercise as a whole.
#[component]
pub fn GeneralForm() -> impl IntoView {
    let row = RowId::new("main").ok();
    row.map(|row| {
        view! {
            <div class="forms">
                <section class="form-card wide">
                    <Fields table=TableId::General row />
                </section>
            </div>
        }
    })
}

#[component]
fn Fields(table: TableId, row: RowId) -> impl IntoView {
    let columns = use_store().with(|exercise| columns(exercise, table)).into_iter();
    columns.map(|column| view! { <Field table row=row.clone() column /> }).collect_view()
}

#[component]
fn Field(table: TableId, row: RowId, column: GridColumn) -> impl IntoView {
    let jump = expect_context::<Jump>();
    let key = Key::cell(table, &row, &column.field);
    let id = format!("{}-{row}-{}", table.as_str(), column.field);
    let message = RwSignal::new(None::<String>);
    let container = NodeRef::<html::Div>::new();
    let asked = key.clone();
    // What a finding or a decision leads to.
    Effect::new(move |_| {
        let Some(container) = container.get() else { return };
        if jump.take(&asked) {
            container.scroll_into_view();
            if let Ok(Some(control)) = container.query_selector("input, select, textarea") {
                let _ = control.unchecked_ref::<HtmlElement>().focus();
            }
        }
    });
    let kind = column.kind;
    view! {
        <div node_ref=container>
            <FieldFrame key=key.clone() id=id.clone() column message>
                <Control key id kind message />
            </FieldFrame>
        </div>
    }
}
