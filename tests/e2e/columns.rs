//! Columns: each person's own arrangement and view of a table, and the columns of a region.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::cell,
};

impl Browser {
    /// The fields of the headings that are drawn, from left to right.
    async fn headings(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('[data-column]')].sort((one, other) =>
            one.ariaColIndex - other.ariaColIndex).map((heading) => heading.dataset.column);";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Waits until a column of choice has this option.
    async fn see_options(&self, option: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll('.regional-options li input')]
            .some((input) => input.value === arguments[0]);";
        wait_until(&format!("the option «{option}»"), async || {
            Ok(self.driver().execute(script, vec![option.into()]).await?.convert()?)
        })
        .await
    }

    async fn width_of(&self, field: &str) -> Result<f64> {
        let script = format!(
            "return document.querySelector('[data-column=\"{field}\"]').getBoundingClientRect().width;"
        );
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// The ids of the rows that are drawn, from top to bottom.
    async fn rows(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('[role=row][data-row]')].sort((a, b) =>
            a.ariaRowIndex - b.ariaRowIndex).map((row) => row.dataset.row);";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// How many rows the table has, as assistive technology is told.
    async fn count(&self) -> Result<usize> {
        let script = "return document.querySelector('[role=grid]').ariaRowCount - 1;";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    async fn open_column_menu(&self, field: &str) -> Result<()> {
        let heading = format!("[data-column=\"{field}\"]");
        for _ in 0..12 {
            if self.headings().await?.iter().any(|known| known == field) {
                break;
            }
            self.turn_grid().await?;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let script = "document.querySelector(arguments[0]).click();";
        let button = serde_json::json!(format!("{heading} .grid-heading-menu"));
        self.driver().execute(script, vec![button]).await?;
        self.find("[role=dialog]").await?;
        Ok(())
    }

    /// Drags from a point of one element to one of another; parts of their widths.
    async fn drag_between(&self, from: (&str, f64), to: (&str, f64)) -> Result<()> {
        let script = "return [[arguments[0], arguments[1]], [arguments[2], arguments[3]]]
            .map(([selector, part]) => {
                const at = document.querySelector(selector).getBoundingClientRect();
                return [Math.round(at.left + at.width * part), Math.round(at.top + at.height / 2)];
            });";
        let arguments = vec![from.0.into(), from.1.into(), to.0.into(), to.1.into()];
        let points: [(i64, i64); 2] = self.driver().execute(script, arguments).await?.convert()?;
        let [(x, y), (to_x, to_y)] = points;
        let steps = self.driver().action_chain().move_to(x, y).click_and_hold();
        let steps = steps.move_to((x + to_x) / 2, to_y).move_to(to_x, to_y).release();
        Ok(steps.perform().await?)
    }
}

async fn demo(scenario: &str) -> Result<(Server, Browser)> {
    let server = Server::start(scenario, &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    // Back to the first columns.
    ana.press(Key::Control + Key::Home).await.ok();
    ana.driver()
        .execute("document.querySelector('.grid-scroller').scrollLeft = 0;", vec![])
        .await?;
    Ok((server, ana))
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_arranged_by_each_person_and_stay_so() -> Result<()> {
    let (server, ana) = demo("columns_arranged").await?;
    let shared_before = ana.table().await?;
    wait_until("the first columns", async || {
        Ok(ana.headings().await?.starts_with(&["instrument".into(), "action".into()]))
    })
    .await?;

    // By dragging an edge.
    let before = ana.width_of("action").await?;
    ana.drag_between(
        ("[data-column=action] .grid-heading-edge", 0.5),
        ("[data-column=description]", 0.5),
    )
    .await?;
    wait_until("a wider column", async || Ok(ana.width_of("action").await? > before + 60.0))
        .await?;
    // With the keyboard: the row's menu leads to the column's.
    ana.go_to("emprende", "action").await?;
    ana.press(Key::Shift + Key::F10).await?;
    ana.choose("Columna…").await?;
    ana.find("#column-width").await?.click().await?;
    ana.press(Key::Control + "a" + Key::Null + "200" + Key::Enter).await?;
    wait_until("200 pixels", async || Ok(ana.width_of("action").await? == 200.0)).await?;
    // Two clicks on the edge fit it to what it holds.
    let script = "document.querySelector('[data-column=action] .grid-heading-edge')
        .dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));";
    ana.driver().execute(script, vec![]).await?;
    wait_until("a fitting width", async || Ok(ana.width_of("action").await? != 200.0)).await?;

    // A heading is dragged to another place; another column is moved and one hidden by menu.
    ana.driver()
        .execute("document.querySelector('.grid-scroller').scrollLeft = 0;", vec![])
        .await?;
    ana.find("[data-column=description]").await?;
    ana.drag_between(
        ("[data-column=description] .grid-heading-text", 0.3),
        ("[data-column=action]", 0.4),
    )
    .await?;
    wait_until("another order", async || Ok(ana.headings().await?[1] == "description")).await?;
    ana.open_column_menu("description").await?;
    ana.choose("Mover a la derecha").await?;
    wait_until("the order from before", async || Ok(ana.headings().await?[1] == "action")).await?;
    ana.open_column_menu("orientation").await?;
    ana.choose("Ocultar columna").await?;
    wait_until("a hidden column", async || {
        Ok(!ana.headings().await?.contains(&"orientation".to_owned()))
    })
    .await?;
    ana.see("Vista · 1 columna oculta").await?;
    ana.open_column_menu("action").await?;
    ana.choose("Mover a la izquierda").await?;
    wait_until("another first column", async || Ok(ana.headings().await?[0] == "action")).await?;
    let frozen =
        "return getComputedStyle(document.querySelector('[data-column=action]')).position;";
    let position: String = ana.driver().execute(frozen, vec![]).await?.convert()?;
    assert_eq!(position, "sticky");
    let width = ana.width_of("action").await?;
    ana.picture("arranged").await?;

    // It is remembered on the device, and nobody else sees any of it.
    ana.reload().await?;
    ana.see("Vista · 1 columna oculta").await?;
    wait_until("the arrangement", async || Ok(ana.headings().await?[0] == "action")).await?;
    assert_eq!(ana.width_of("action").await?, width);
    ana.see_status("Todo en el servidor").await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    assert_eq!(bruno.table().await?, shared_before);

    ana.choose("Vista").await?;
    ana.choose("Restablecer vista").await?;
    wait_until("the plain order", async || Ok(ana.headings().await?[0] == "instrument")).await?;
    assert_eq!(ana.table().await?, shared_before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sorting_and_filtering_are_ones_own_and_nothing_jumps() -> Result<()> {
    let (server, ana) = demo("columns_sorted").await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    let plain = ana.rows().await?;
    let count = ana.count().await?;
    ensure!(count > 4, "{plain:?}");

    ana.open_column_menu("budget").await?;
    ana.choose("Ordenar de mayor a menor").await?;
    ana.see("Vista ordenada por Presupuesto").await?;
    ana.see(&format!("{count} de {count} filas")).await?;
    let sorted = ana.rows().await?;
    ensure!(sorted != plain);
    ana.picture("sorted").await?;

    // A row does not move while one works in the column, nor with Alt and an arrow.
    let (first, last) = (sorted[0].clone(), sorted[3].clone());
    ana.overwrite(&last, "budget", "999 MM$").await?;
    ana.see_in(&last, "budget", "999.000.000").await?;
    assert_eq!(ana.rows().await?, sorted);
    ana.press(Key::Alt + Key::Up).await?;
    ana.see("no se pueden mover mientras la vista está ordenada").await?;
    ana.choose("Volver a aplicar").await?;
    ana.press(Key::Control + Key::Home).await?;
    wait_until("the row to come first", async || Ok(ana.rows().await?[0] == last)).await?;

    // Filters: a text, then only what is missing; a new row stays until it is applied again.
    ana.overwrite(&first, "action", "Caleta del ñandú").await?;
    ana.open_column_menu("action").await?;
    ana.find("[role=dialog] input[type=search]").await?.click().await?;
    ana.press("nandu").await?;
    ana.choose("Filtrar por este texto").await?;
    ana.see(&format!("1 de {count} filas")).await?;
    assert_eq!(ana.rows().await?, [first.as_str()]);
    ana.go_to(&first, "action").await?;
    ana.press(Key::Control + Key::Enter).await?;
    ana.see("1 fila nueva desde entonces").await?;
    assert_eq!(ana.rows().await?.len(), 2);
    ana.picture("filtered").await?;
    ana.choose("Volver a aplicar").await?;
    ana.see(&format!("1 de {} filas", count + 1)).await?;
    // The list of values.
    ana.choose("Quitar").await?;
    ana.see_no_more("Vista ordenada").await?;
    ana.open_column_menu("action").await?;
    ana.choose_label("(sin dato)").await?;
    ana.choose("Filtrar por 1 valor").await?;
    ana.see("Acción o proyecto sin dato").await?;
    ensure!(!ana.rows().await?.contains(&first));
    ana.choose("Quitar").await?;

    // Nobody else's order changed, and the own one is back with the new row in it.
    ana.see_status("Todo en el servidor").await?;
    wait_until("Bruno's rows", async || Ok(bruno.rows().await?.len() == count + 1)).await?;
    assert_eq!(bruno.rows().await?, ana.rows().await?);
    let old: Vec<_> = bruno.rows().await?.into_iter().filter(|row| plain.contains(row)).collect();
    assert_eq!(old, plain);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_adds_renames_removes_and_restores_a_column() -> Result<()> {
    let (server, ana) = demo("columns_regional").await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;

    // National columns say why they are locked.
    ana.open_column_menu("budget").await?;
    ana.see("Columna nacional: la fija el Reglamento").await?;
    ana.press(Key::Escape + "").await?;
    // From the end of the headings.
    ana.driver()
        .execute("document.querySelector('.grid-scroller').scrollLeft = 9e9;", vec![])
        .await?;
    ana.choose("+ Columna regional").await?;
    ana.type_into(".regional-new input", "Aporte municipal").await?;
    ana.find(".regional-new select").await?.send_keys("Pesos").await?;
    ana.picture("adding").await?;
    ana.click(".regional-new button").await?;
    ana.find(".regional-columns input").await?;
    ana.press(Key::Escape + "").await?;
    let field = bruno_sees(&bruno, "Aporte municipal").await?;
    ana.overwrite("emprende", &field, "1,5 MM$").await?;
    bruno.see_in("emprende", &field, "$1.500.000").await?;

    // Renamed and removed with what is in it, and restored.
    ana.open_column_menu(&field).await?;
    ana.choose("Cambiar o quitar esta columna").await?;
    ana.see("Ya tiene datos").await?;
    let title = ana.find(".regional-columns input").await?;
    title.click().await?;
    ana.press((Key::Control + "a") + Key::Null + "Aporte comunal" + Key::Tab).await?;
    bruno_sees(&bruno, "Aporte comunal").await?;
    ana.choose("Quitar").await?;
    wait_until("Bruno to lose the column", async || {
        bruno.turn_grid().await?;
        Ok(!bruno.headings().await?.contains(&field))
    })
    .await?;
    ana.picture("removed").await?;
    ana.choose("Restaurar").await?;
    ana.press(Key::Escape + "").await?;
    bruno_sees(&bruno, "Aporte comunal").await?;
    bruno.see_in("emprende", &field, "$1.500.000").await?;
    ana.find(&cell("emprende", &field)).await?;
    let mut errors = ana.console_errors().await?;
    errors.retain(|error| !error.contains("/api/session"));
    assert_eq!(errors, Vec::<String>::new());

    // Sercotec's centre reads it and cannot add any.
    let centre = server.browser("sercotec", Screen::Laptop).await?;
    centre.sign_in("sercotec").await?;
    centre.open_focus().await?;
    centre.see_in("emprende", &field, "$1.500.000").await?;
    ensure!(!centre.text().await?.contains("+ Columna regional"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_choice_has_options_of_its_own() -> Result<()> {
    let (server, ana) = demo("columns_options").await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    ana.choose("Vista").await?;
    ana.choose("Columnas de la región").await?;
    ana.type_into(".regional-new input", "Prioridad").await?;
    ana.find(".regional-new select").await?.send_keys("Opción").await?;
    ana.click(".regional-new button").await?;
    ana.find(".regional-options").await?;
    for option in ["Alta", "Baja", "Media"] {
        ana.type_into(".regional-options form input", option).await?;
        ana.press(Key::Enter + "").await?;
        ana.see_options(option).await?;
    }
    // Named anew, and in another order.
    ana.click("[aria-label='Mover la opción «Media» antes']").await?;
    let label = ana.find(".regional-options li:first-child input").await?;
    label.click().await?;
    ana.press((Key::Control + "a") + Key::Null + "Muy alta" + Key::Tab).await?;
    ana.picture("options").await?;
    ana.press(Key::Escape + "").await?;
    let field = bruno_sees(&bruno, "Prioridad").await?;

    // Picked, and pasted by name.
    bruno.go_to("emprende", &field).await?;
    bruno.press(Key::Enter + "").await?;
    bruno.find(".picker").await?;
    let script = "return [...document.querySelectorAll('.picker [role=option] span')]
        .map((option) => option.innerText);";
    let offered: Vec<String> = bruno.driver().execute(script, vec![]).await?.convert()?;
    assert_eq!(offered, ["Muy alta", "Media", "Baja"]);
    bruno.picture("picker").await?;
    bruno.type_into(".picker input", "med" + Key::Enter).await?;
    ana.see_in("emprende", &field, "Media").await?;
    bruno.go_to("juntos", &field).await?;
    let paste = "const data = new DataTransfer();
        data.setData('text/plain', 'muy alta');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste',
            { clipboardData: data, bubbles: true, cancelable: true }));";
    bruno.driver().execute(paste, vec![]).await?;
    ana.see_in("juntos", &field, "Muy alta").await?;

    // Retired: no longer offered, and the cell keeps it.
    ana.open_column_menu(&field).await?;
    ana.choose("Cambiar o quitar esta columna").await?;
    ana.find(".regional-options li:nth-child(2)").await?;
    ana.choose("Retirar la opción «Media»").await?;
    ana.choose("Volver a ofrecer la opción «Media»").await?;
    ana.choose("Retirar la opción «Media»").await?;
    ana.press(Key::Escape + "").await?;
    bruno.go_to("redes", &field).await?;
    bruno.press(Key::Enter + "").await?;
    wait_until("two options", async || {
        let offered: Vec<String> = bruno.driver().execute(script, vec![]).await?.convert()?;
        Ok(offered == ["Muy alta", "Baja"])
    })
    .await?;
    bruno.press(Key::Escape + "").await?;
    bruno.see_in("emprende", &field, "Media").await?;
    bruno.see_status("Todo en el servidor").await
}

/// Waits until a heading says this; returns its field.
async fn bruno_sees(bruno: &Browser, title: &str) -> Result<String> {
    let script = "const found = [...document.querySelectorAll('[data-column]')]
        .find((heading) => heading.innerText.includes(arguments[0]));
        return found ? found.dataset.column : null;";
    let mut field = None;
    wait_until(&format!("the column «{title}»"), async || {
        field = bruno.driver().execute(script, vec![title.into()]).await?.convert()?;
        if field.is_none() {
            bruno.turn_grid().await?;
        }
        Ok(field.is_some())
    })
    .await?;
    Ok(field.unwrap_or_default())
}
