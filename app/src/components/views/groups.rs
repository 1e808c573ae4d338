//! The *Matriz Focalización* in groups with subtotals.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    format::{format_money, format_percentage},
    ids::RowId,
    instruments,
    model::Exercise,
    template::TableId,
    views::{Against, Figures, Group, Grouping, Groups, Member, announced},
};

use super::{
    AT_ONCE, More, RowLink,
    bars::{Bar, Bars},
    follow, follow_groups,
    informed::informed,
    words::{action_name, coverage_in_words, group_name, money_in_words, standing_in_words},
};
use crate::{store::use_store, text};

/// Up to as many lines everything is unfolded at first.
const UNFOLDED: usize = 60;

/// Which groups are unfolded: all or none, but for these.
#[derive(Debug, Clone, Default)]
struct Folding {
    unfolded: bool,
    but: Vec<String>,
}

impl Folding {
    fn is_unfolded(&self, code: &str) -> bool {
        self.unfolded != self.but.iter().any(|other| other == code)
    }

    fn turn(&mut self, code: &str) {
        match self.but.iter().position(|other| other == code) {
            Some(place) => drop(self.but.remove(place)),
            None => self.but.push(code.into()),
        }
    }
}

/// The page of a grouping.
#[component]
pub fn GroupsView(by: Grouping) -> impl IntoView {
    let store = use_store();
    let groups = follow_groups(store, by);
    // Only instruments have amounts of their own.
    let informed = match by {
        Grouping::Instrument => informed(store),
        _ => RwSignal::default(),
    };
    let against =
        follow(store, move |exercise| informed.with(|informed| announced(exercise, informed)));
    let lines: usize =
        groups.with_untracked(|groups| groups.groups.iter().map(|group| group.members.len()).sum());
    let folding = RwSignal::new(Folding { unfolded: lines <= UNFOLDED, but: Vec::new() });
    let bars = Memo::new(move |_| {
        store.track_pauses();
        let against = against.get();
        store.with(|exercise| groups.with(|groups| bars(exercise, by, groups, &against)))
    });
    let codes = move || {
        groups
            .with(|groups| groups.groups.iter().map(|group| group.code.clone()).collect::<Vec<_>>())
    };
    let fold_all =
        move |unfolded: bool| move |_| folding.set(Folding { unfolded, but: Vec::new() });
    view! {
        <Bars
            title=match by {
                Grouping::Instrument => "Presupuesto por instrumento",
                Grouping::Objective => "Presupuesto por objetivo",
                Grouping::Territory => "Presupuesto por territorio",
            }
            mark="monto informado por Sercotec"
            bars
        />
        <p class="view-tools">
            <button type="button" class="link-button" on:click=fold_all(true)>"Desplegar todo"</button>
            <button type="button" class="link-button" on:click=fold_all(false)>"Plegar todo"</button>
        </p>
        <table class="table groups">
            <thead>
                <tr>
                    <th scope="col">{by_title(by)}</th>
                    <th scope="col" class="number">"Filas"</th>
                    <th scope="col" class="number">"Presupuesto"</th>
                    <th scope="col">"Cobertura"</th>
                    {(by == Grouping::Instrument).then(|| view! { <th scope="col">"Monto informado"</th> })}
                </tr>
            </thead>
            <For each=codes key=Clone::clone let:code>
                <GroupLines code by groups against folding />
            </For>
            <Foot by groups />
        </table>
        {move || repeated_note(by, groups.with(|groups| groups.repeated))}
    }
}

fn by_title(by: Grouping) -> &'static str {
    match by {
        Grouping::Instrument => "Instrumento y acción",
        Grouping::Objective => "Objetivo estratégico y acción",
        Grouping::Territory => "Territorio y acción",
    }
}

fn bars(
    exercise: &Exercise,
    by: Grouping,
    groups: &Groups,
    against: &BTreeMap<&'static str, Against>,
) -> Vec<Bar> {
    let against = |code: &str| (by == Grouping::Instrument).then(|| against.get(code)).flatten();
    let shown = groups
        .groups
        .iter()
        .filter(|group| !group.members.is_empty() || against(&group.code).is_some());
    shown
        .map(|group| {
            let against = against(&group.code);
            Bar {
                label: group_name(exercise, by, &group.code),
                value: group.figures.budget.total,
                words: money_in_words(group.figures.budget),
                mark: against.map(|against| against.announced),
                comparison: against.map(compared_in_words),
                is_over: against.is_some_and(|against| against.excess() > 0),
            }
        })
        .collect()
}

/// «de $90 informados, supera en $5 (5,6 %)».
fn compared_in_words(against: &Against) -> String {
    let announced = format_money(against.announced);
    let excess = against.excess();
    let difference = format_money(excess.saturating_abs());
    let percent = against.excess_percent().map(|percent| format_percentage(percent.abs(), 1));
    let difference = match percent {
        Some(percent) => format!("{difference} ({percent})"),
        None => difference,
    };
    match excess {
        1.. => format!("de {announced} informados, supera en {difference}"),
        0 => format!("igual a lo informado, {announced}"),
        _ if against.is_complete => format!("de {announced} informados, quedan {difference}"),
        _ => format!("de {announced} informados; hay presupuestos por definir"),
    }
}

fn repeated_note(by: Grouping, repeated: usize) -> Option<impl IntoView> {
    let what = match by {
        Grouping::Instrument => return None,
        Grouping::Objective => "objetivo",
        Grouping::Territory => "territorio",
    };
    let rows = text::count(repeated, "fila se cuenta", "filas se cuentan");
    let note = format!(
        "{rows} en más de un {what}: los subtotales suman más que el total, que cuenta cada fila una sola vez."
    );
    (repeated > 0).then(|| view! { <p class="view-note">{note}</p> })
}

#[component]
fn GroupLines(
    code: String,
    by: Grouping,
    groups: Memo<Groups>,
    against: Memo<BTreeMap<&'static str, Against>>,
    folding: RwSignal<Folding>,
) -> impl IntoView {
    let store = use_store();
    let code = StoredValue::new(code);
    let group = Memo::new(move |_| {
        let find = |groups: &Groups| {
            code.with_value(|code| groups.groups.iter().find(|group| group.code == *code).cloned())
        };
        groups.with(find).unwrap_or_default()
    });
    let is_unfolded = Memo::new(move |_| {
        folding.with(|folding| code.with_value(|code| folding.is_unfolded(code)))
    });
    let limit = RwSignal::new(AT_ONCE);
    let name = move || {
        if let (Grouping::Objective, Ok(row)) = (by, RowId::new(&code.get_value())) {
            store.track_row(TableId::Challenges, &row);
        }
        store.with(|exercise| code.with_value(|code| group_name(exercise, by, code)))
    };
    let members = move || {
        let members = |group: &Group| group.members.iter().take(limit.get()).cloned().collect();
        if is_unfolded.get() { group.with(members) } else { Vec::<Member>::new() }
    };
    let count = move || group.with(|group| group.members.len());
    let rest =
        Signal::derive(
            move || {
                if is_unfolded.get() { count().saturating_sub(limit.get()) } else { 0 }
            },
        );
    // A region or province is shown with all that lies in it.
    let figures = move || group.with(|group| group.within.clone().unwrap_or(group.figures.clone()));
    let own = move || {
        group.with(|group| match &group.within {
            Some(within) if *within != group.figures && group.figures.rows > 0 => Some(format!(
                "{} a todo el territorio: {}",
                text::count(group.figures.rows, "fila se refiere", "filas se refieren"),
                money_in_words(group.figures.budget),
            )),
            _ => None,
        })
    };
    let unit_cost = move || {
        (by == Grouping::Instrument).then(|| {
            let year = i32::from(store.exercise_id().budget_year);
            code.with_value(|code| {
                group.with(|group| unit_cost_in_words(code, &group.figures, year))
            })
        })?
    };
    let unused = move || {
        let instrument = (by == Grouping::Instrument && count() == 0).then(|| code.get_value())?;
        store.track_pauses();
        store.with(|exercise| unused_in_words(exercise, &instrument))
    };
    let compared = move || {
        against.with(|against| {
            code.with_value(|code| against.get(code.as_str()).map(compared_in_words))
        })
    };
    let notes = move || {
        [own(), unit_cost(), unused()]
            .into_iter()
            .flatten()
            .map(|note| view! { <small>{note}</small> })
            .collect_view()
    };
    let depth = code.with_value(|code| match (by, code.len()) {
        (Grouping::Territory, 3) => 1,
        (Grouping::Territory, 5) => 2,
        _ => 0,
    });
    view! {
        <tbody class="group" data-group=code.get_value() data-depth=depth>
            <tr class="group-line">
                <th scope="rowgroup">
                    <Show when=move || { count() > 0 } fallback=move || view! { <span class="group-name">{name}</span> }>
                        <button
                            type="button"
                            class="group-toggle"
                            aria-expanded=move || is_unfolded.get().to_string()
                            on:click=move |_| folding.update(|folding| code.with_value(|code| folding.turn(code)))
                        >
                            <span class="group-name">{name}</span>
                        </button>
                    </Show>
                    {notes}
                </th>
                <td class="number" data-label="Filas">{move || text::count(figures().rows, "fila", "filas")}</td>
                <td class="number" data-label="Presupuesto"><Budget figures=Signal::derive(figures) /></td>
                <td data-label="Cobertura">{move || coverage_in_words(&figures())}</td>
                {(by == Grouping::Instrument).then(|| view! { <td data-label="Monto informado">{compared}</td> })}
            </tr>
            <For each=members key=|member| (member.row.clone(), member.groups) let:member>
                <MemberLine member by />
            </For>
            <Show when=move || { rest.get() > 0 }>
                <tr><td colspan="5"><More rest on_more=move || limit.update(|limit| *limit += AT_ONCE) /></td></tr>
            </Show>
        </tbody>
    }
}

/// A budget, and how much of it is in the legal total where that is not all.
#[component]
fn Budget(figures: Signal<Figures>) -> impl IntoView {
    let legal = move || {
        figures.with(|figures| {
            let Figures { budget, legal, .. } = figures;
            (legal != budget && figures.rows > 0)
                .then(|| format!("en el total legal: {}", money_in_words(*legal)))
        })
    };
    view! {
        <strong>{move || figures.with(|figures| money_in_words(figures.budget))}</strong>
        {move || legal().map(|words| view! { <small>{words}</small> })}
    }
}

#[component]
fn MemberLine(member: Member, by: Grouping) -> impl IntoView {
    let store = use_store();
    let row = StoredValue::new(member.row.clone());
    let read = move |read: fn(&shared::model::Row) -> String| {
        let row = row.get_value();
        store.track_row(TableId::Focus, &row);
        store.with(|exercise| exercise.row(TableId::Focus, &row).map_or_else(String::new, read))
    };
    let figures = Signal::derive(move || {
        let row = row.get_value();
        store.track_row(TableId::Focus, &row);
        let mut figures = Figures::default();
        store.with(|exercise| {
            if let Some(row) = exercise.row(TableId::Focus, &row) {
                figures.add(row);
            }
        });
        figures
    });
    let instrument = move || {
        read(|row| {
            instruments::instrument(row.code("instrument"))
                .map_or("Sin instrumento", |found| found.name)
                .into()
        })
    };
    let standing = move || read(|row| standing_in_words(row).unwrap_or_default().into());
    let repeated = (member.groups > 1).then(|| {
        let what = if by == Grouping::Objective { "objetivos" } else { "territorios" };
        format!("se cuenta en {} {what}", member.groups)
    });
    let notes = move || {
        let instrument = if by == Grouping::Instrument { String::new() } else { instrument() };
        let notes = [instrument, repeated.clone().unwrap_or_default(), standing()];
        notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <tr class="member-line">
            <td>
                <RowLink table=TableId::Focus row=member.row field="budget">{move || read(action_name)}</RowLink>
                <small>{notes}</small>
            </td>
            <td class="number"></td>
            <td class="number" data-label="Presupuesto">{move || money_in_words(figures.get().budget)}</td>
            <td data-label="Cobertura">{move || coverage_in_words(&figures.get())}</td>
            {(by == Grouping::Instrument).then(|| view! { <td></td> })}
        </tr>
    }
}

/// The totals, each row counted once.
#[component]
fn Foot(by: Grouping, groups: Memo<Groups>) -> impl IntoView {
    let total = move || groups.with(|groups| groups.total.clone());
    let spare = (by == Grouping::Instrument).then(|| view! { <td></td> });
    let part = move |name: &'static str, sum: fn(&Figures) -> shared::model::totals::Sum| {
        let spare = (by == Grouping::Instrument).then(|| view! { <td></td> });
        let sum = move || groups.with(|groups| sum(&groups.total));
        let rows = move || {
            let sum = sum();
            (sum.known + sum.missing + sum.to_be_defined + sum.not_applicable + sum.masked) as usize
        };
        view! {
            <Show when=move || { rows() > 0 }>
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number" data-label="Filas">{move || text::count(rows(), "fila", "filas")}</td>
                    <td class="number" data-label="Presupuesto">{move || money_in_words(sum())}</td>
                    <td></td>
                    {spare.clone()}
                </tr>
            </Show>
        }
    };
    view! {
        <tfoot>
            <tr class="total-line">
                <th scope="row">"Total, cada fila una vez"</th>
                <td class="number" data-label="Filas">{move || text::count(total().rows, "fila", "filas")}</td>
                <td class="number" data-label="Presupuesto"><strong>{move || money_in_words(total().budget)}</strong></td>
                <td data-label="Cobertura">{move || coverage_in_words(&total())}</td>
                {spare}
            </tr>
            {part("En el total legal: instrumentos traspasados", |total| total.legal)}
            {part("Con otro financiamiento", |total| total.external)}
            {part("Instrumentos no traspasados o sin instrumento", |total| total.outside)}
        </tfoot>
    }
}

/// «$4.043.442 por beneficiario; tope de referencia $3.500.000».
fn unit_cost_in_words(instrument: &str, figures: &Figures, year: i32) -> Option<String> {
    let cost = figures.unit_cost()?;
    let cap = instruments::instrument(instrument)?.unit_cap(year)?;
    Some(format!(
        "{} por unidad de cobertura; tope de referencia {}",
        format_money(cost),
        format_money(cap.amount)
    ))
}

/// Why an instrument has no rows.
fn unused_in_words(exercise: &Exercise, instrument: &str) -> Option<String> {
    let row = exercise.row(TableId::Instruments, &RowId::new(instrument).ok()?);
    let is_left_out = row.is_some_and(|row| row.flag("not_considered") == Some(true));
    Some(match row.map_or("", |row| row.text("not_considered_reason")) {
        "" if is_left_out => "No se considera este año".into(),
        reason if is_left_out => format!("No se considera este año: {reason}"),
        _ if instruments::instrument(instrument).is_some() => "Sin acciones".into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use shared::model::totals::Sum;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_comparison_says_what_is_left_only_when_it_is_known() {
        let words = |announced, total, is_complete| {
            let budget = Sum { total, known: 1, ..Sum::default() };
            compared_in_words(&Against {
                field: "preliminary_amount",
                announced,
                budget,
                is_complete,
            })
        };
        assert_eq!(words(90, 95, false), "de $90 informados, supera en $5 (5,6 %)");
        assert_eq!(words(90, 90, true), "igual a lo informado, $90");
        assert_eq!(words(90, 60, true), "de $90 informados, quedan $30 (33,3 %)");
        assert_eq!(words(90, 60, false), "de $90 informados; hay presupuestos por definir");
    }

    #[test]
    fn folding_all_forgets_what_was_unfolded() {
        let mut folding = Folding::default();
        folding.turn("a");
        assert!(folding.is_unfolded("a") && !folding.is_unfolded("b"));
        folding.turn("a");
        assert!(!folding.is_unfolded("a"));
    }

    #[test]
    fn the_cost_per_unit_stands_beside_its_cap() {
        let figures = Figures {
            rows: 1,
            budget: Sum { total: 523_429_000, known: 1, ..Sum::default() },
            coverage: [("beneficiaries".to_owned(), Sum { total: 74, known: 1, ..Sum::default() })]
                .into(),
            ..Figures::default()
        };
        assert_eq!(
            unit_cost_in_words("crece", &figures, 2019).as_deref(),
            Some("$7.073.364 por unidad de cobertura; tope de referencia $7.000.000")
        );
        assert_eq!(unit_cost_in_words("gremios", &figures, 2019), None);
    }
}
