//! The region as tiles: one for each commune, shaded by what reaches it.

use leptos::prelude::*;
use shared::{
    format::{format_integer, format_money},
    ids::RowId,
    model::totals::Sum,
    template::TableId,
    views::{Figures, Reach, RegionMap, Tile, region_map},
};

use super::{
    AT_ONCE, More, RowLink, follow,
    words::{action_name, count_in_words, coverage_in_words, money_in_words, standing_in_words},
};
use crate::{components::totals::unit_name, store::use_store, text};

/// Shades between nothing and the most.
const SHADES: i64 = 4;

/// By what tiles are shaded.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Measure {
    Budget,
    /// In one unit: unlike units are not added.
    Coverage(String),
}

impl Measure {
    fn of(&self, figures: &Figures) -> Sum {
        match self {
            Self::Budget => figures.budget,
            Self::Coverage(unit) => figures.coverage.get(unit).copied().unwrap_or_default(),
        }
    }

    fn format(&self, figure: i64) -> String {
        match self {
            Self::Budget => format_money(figure),
            Self::Coverage(_) => format_integer(figure),
        }
    }

    fn in_words(&self, sum: Sum) -> String {
        match self {
            Self::Budget => money_in_words(sum),
            Self::Coverage(unit) => count_in_words(sum, unit),
        }
    }
}

/// How a tile is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shade {
    /// No row reaches it.
    Nothing,
    /// Rows reach it, and none of them has a figure.
    Unknown,
    /// A figure: 0 is zero, then one to [`SHADES`].
    Step(i64),
}

impl Shade {
    fn of(sum: Sum, rows: usize, most: i64) -> Self {
        match sum {
            _ if rows == 0 => Self::Nothing,
            Sum { known: 0, .. } => Self::Unknown,
            Sum { total, .. } if total <= 0 || most <= 0 => Self::Step(0),
            Sum { total, .. } => {
                let step = (i128::from(total) * i128::from(SHADES) + i128::from(most) - 1)
                    / i128::from(most);
                Self::Step(i64::try_from(step).unwrap_or(SHADES).clamp(1, SHADES))
            }
        }
    }

    fn class(self) -> String {
        match self {
            Self::Nothing => "tile nothing".into(),
            Self::Unknown => "tile unknown".into(),
            Self::Step(step) => format!("tile shade-{step}"),
        }
    }
}

/// Which rows of a tile count.
fn reach(tile: &Tile, with_containers: bool) -> &Reach {
    if with_containers { &tile.reached } else { &tile.named }
}

/// The page.
#[component]
pub fn MapView() -> impl IntoView {
    let store = use_store();
    let map = follow(store, region_map);
    let units = follow(store, |exercise| {
        let rows =
            exercise.table(TableId::Focus).rows().filter(|row| row.integer("coverage").is_some());
        let mut units: Vec<String> = rows.map(|row| row.code("coverage_unit").to_owned()).collect();
        units.sort();
        units.dedup();
        units
    });
    let chosen = RwSignal::new(String::from("budget"));
    let measure = Memo::new(move |_| match chosen.get().strip_prefix("coverage-") {
        Some(unit) => Measure::Coverage(unit.into()),
        None => Measure::Budget,
    });
    let with_containers = RwSignal::new(true);
    let most = Memo::new(move |_| {
        let measure = measure.get();
        map.with(|map| {
            let tiles = map.provinces.iter().flat_map(|province| &province.tiles);
            let totals =
                tiles.map(|tile| measure.of(&reach(tile, with_containers.get()).figures).total);
            totals.max().unwrap_or(0)
        })
    });
    let selected = RwSignal::new(None::<&'static str>);
    let options = move || {
        units
            .get()
            .into_iter()
            .map(|unit| {
                let name = format!("Cobertura: {}", unit_name(&unit).to_lowercase());
                view! { <option value=format!("coverage-{unit}")>{name}</option> }
            })
            .collect_view()
    };
    let provinces = map.with_untracked(|map| {
        map.provinces
            .iter()
            .map(|tiles| {
                (
                    tiles.province.code,
                    tiles.province.name,
                    tiles.tiles.iter().map(|tile| tile.comuna.code).collect::<Vec<_>>(),
                )
            })
            .collect::<Vec<_>>()
    });
    let provinces = provinces.into_iter().map(|(code, name, comunas)| {
        let named = move || {
            map.with(|map| {
                let named = map.provinces.iter().find(|tiles| tiles.province.code == code)?;
                apart(&named.named, "se refiere", "se refieren", "a toda la provincia")
            })
        };
        let tiles = comunas
            .into_iter()
            .map(|comuna| view! { <TileView comuna map measure most with_containers selected /> });
        view! {
            <section class="province" aria-labelledby=format!("province-{code}")>
                <h3 id=format!("province-{code}")>{format!("Provincia de {name}")}</h3>
                {move || named().map(|note| view! { <p class="view-note">{note}</p> })}
                <ul class="tiles">{tiles.collect_view()}</ul>
            </section>
        }
    });
    let notes = move || {
        map.with(|map| {
            [
                apart(&map.region, "se refiere", "se refieren", "a toda la región"),
                apart(&map.nowhere, "no indica", "no indican", "territorio"),
                apart(
                    &map.elsewhere,
                    "indica",
                    "indican",
                    "territorios de otra región o que no existen",
                ),
            ]
        })
        .into_iter()
        .flatten()
        .map(|note| view! { <li>{note}</li> })
        .collect_view()
    };
    view! {
        <div class="view-tools">
            <label class="map-measure">
                "Mostrar "
                <select class="input" id="map-measure" bind:value=chosen>
                    <option value="budget">"Presupuesto"</option>
                    {options}
                </select>
            </label>
            <label class="check">
                <input type="checkbox" bind:checked=with_containers />
                " Contar también las filas de su provincia y de toda la región"
            </label>
        </div>
        <ul class="view-note">{notes}</ul>
        <Legend measure most />
        <div class="map">{provinces.collect_view()}</div>
        {move || selected.get().map(|comuna| view! { <TileRows comuna map with_containers /> })}
        <details class="map-table">
            <summary>"Ver como tabla"</summary>
            <MapTable map with_containers />
        </details>
    }
}

/// «3 filas se refieren a toda la región: $…»; nothing where there are none.
fn apart(reach: &Reach, one: &str, many: &str, rest: &str) -> Option<String> {
    let count = reach.rows.len();
    let rows = text::count(count, "fila", "filas");
    let verb = if count == 1 { one } else { many };
    (count > 0).then(|| format!("{rows} {verb} {rest}: {}", money_in_words(reach.figures.budget)))
}

fn tile_of<'a>(map: &'a RegionMap, comuna: &str) -> Option<&'a Tile> {
    map.provinces.iter().flat_map(|tiles| &tiles.tiles).find(|tile| tile.comuna.code == comuna)
}

#[component]
fn TileView(
    comuna: &'static str,
    map: Memo<RegionMap>,
    measure: Memo<Measure>,
    most: Memo<i64>,
    with_containers: RwSignal<bool>,
    selected: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let drawn = Memo::new(move |_| {
        let measure = measure.get();
        map.with(|map| {
            let tile = tile_of(map, comuna)?;
            let reach = reach(tile, with_containers.get());
            let sum = measure.of(&reach.figures);
            let rows = reach.rows.len();
            let words = if rows == 0 { "sin acciones".into() } else { measure.in_words(sum) };
            Some((tile.comuna.name, Shade::of(sum, rows, most.get()), rows, words))
        })
    });
    let part = move |part: fn(&(&'static str, Shade, usize, String)) -> String| {
        drawn.with(|drawn| drawn.as_ref().map(part).unwrap_or_default())
    };
    let is_selected = move || selected.get() == Some(comuna);
    view! {
        <li>
            <button
                type="button"
                class=move || part(|(_, shade, ..)| shade.class())
                data-comuna=comuna
                aria-pressed=move || is_selected().to_string()
                on:click=move |_| selected.set((!is_selected()).then_some(comuna))
            >
                <span class="tile-name">{move || part(|(name, ..)| (*name).into())}</span>
                <span class="tile-figure">{move || part(|(.., words)| words.clone())}</span>
                <span class="tile-rows">{move || part(|(_, _, rows, _)| text::count(*rows, "fila", "filas"))}</span>
            </button>
        </li>
    }
}

#[component]
fn Legend(measure: Memo<Measure>, most: Memo<i64>) -> impl IntoView {
    let steps = move || {
        let (measure, most) = (measure.get(), most.get());
        let upper = |step: i64| {
            i64::try_from(i128::from(most) * i128::from(step) / i128::from(SHADES)).unwrap_or(most)
        };
        let steps = (1..=SHADES).filter(|_| most > 0).map(|step| {
            let words = format!("hasta {}", measure.format(upper(step)));
            view! { <li><span class=format!("swatch shade-{step}") aria-hidden="true"></span> {words}</li> }
        });
        steps.collect_view()
    };
    view! {
        <ul class="legend" aria-label="Leyenda">
            <li><span class="swatch nothing" aria-hidden="true"></span> " sin acciones"</li>
            <li><span class="swatch unknown" aria-hidden="true"></span> " sin dato: por definir o faltante"</li>
            <li><span class="swatch shade-0" aria-hidden="true"></span> " cero"</li>
            {steps}
        </ul>
    }
}

/// The rows behind a tile.
#[component]
fn TileRows(
    comuna: &'static str,
    map: Memo<RegionMap>,
    with_containers: RwSignal<bool>,
) -> impl IntoView {
    let store = use_store();
    let limit = RwSignal::new(AT_ONCE);
    let rows = Memo::new(move |_| {
        let rows = |tile: &Tile| reach(tile, with_containers.get()).rows.clone();
        map.with(|map| tile_of(map, comuna).map(rows).unwrap_or_default())
    });
    let name = map.with_untracked(|map| tile_of(map, comuna).map(|tile| tile.comuna.name));
    let line = move |row: RowId| {
        let words = {
            let row = row.clone();
            move || {
                store.track_row(TableId::Focus, &row);
                store.with(|exercise| {
                    let row = exercise.row(TableId::Focus, &row)?;
                    let mut figures = Figures::default();
                    figures.add(row);
                    let parts = [money_in_words(figures.budget), coverage_in_words(&figures)];
                    let standing = standing_in_words(row).map(str::to_owned);
                    let parts = parts.into_iter().chain(standing).filter(|part| !part.is_empty());
                    Some(parts.collect::<Vec<_>>().join(" · "))
                })
            }
        };
        let named = {
            let row = row.clone();
            move || {
                store.track_row(TableId::Focus, &row);
                store.with(|exercise| exercise.row(TableId::Focus, &row).map(action_name))
            }
        };
        view! {
            <li>
                <RowLink table=TableId::Focus row field="places">{named}</RowLink>
                " " <small>{words}</small>
            </li>
        }
    };
    let shown =
        move || rows.with(|rows| rows.iter().take(limit.get()).cloned().collect::<Vec<_>>());
    let rest = Signal::derive(move || rows.with(Vec::len).saturating_sub(limit.get()));
    view! {
        <section class="tile-detail" aria-live="polite">
            <h3>{name} ": " {move || text::count(rows.with(Vec::len), "fila", "filas")}</h3>
            <ul><For each=shown key=Clone::clone let:row>{line(row)}</For></ul>
            <More rest on_more=move || limit.update(|limit| *limit += AT_ONCE) />
        </section>
    }
}

#[component]
fn MapTable(map: Memo<RegionMap>, with_containers: RwSignal<bool>) -> impl IntoView {
    let line = move |province: &'static str, tile: &Tile| {
        let Reach { rows, figures } = reach(tile, with_containers.get());
        view! {
            <tr>
                <th scope="row">{tile.comuna.name}</th>
                <td>{province}</td>
                <td class="number">{rows.len()}</td>
                <td class="number">{money_in_words(figures.budget)}</td>
                <td>{coverage_in_words(figures)}</td>
            </tr>
        }
    };
    let lines = move || {
        map.with(|map| {
            let tiles = map
                .provinces
                .iter()
                .flat_map(|tiles| tiles.tiles.iter().map(move |tile| (tiles.province.name, tile)));
            tiles.map(|(province, tile)| line(province, tile)).collect_view()
        })
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"Comuna"</th>
                    <th scope="col">"Provincia"</th>
                    <th scope="col" class="number">"Filas"</th>
                    <th scope="col" class="number">"Presupuesto"</th>
                    <th scope="col">"Cobertura"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn nothing_unknown_and_zero_are_three_things() {
        let sum =
            |total, known, to_be_defined| Sum { total, known, to_be_defined, ..Sum::default() };
        assert_eq!(Shade::of(Sum::default(), 0, 100), Shade::Nothing);
        assert_eq!(Shade::of(sum(0, 0, 1), 1, 100), Shade::Unknown);
        assert_eq!(Shade::of(sum(0, 1, 0), 1, 100), Shade::Step(0));
        for (total, step) in [(1, 1), (25, 1), (26, 2), (75, 3), (76, 4), (100, 4)] {
            assert_eq!(Shade::of(sum(total, 1, 0), 1, 100), Shade::Step(step), "{total}");
        }
    }
}
