//! Every line of the keyboard map: read from the pane of shortcuts, pressed, and looked at. A
//! shortcut that is listed and not looked at here fails.

use anyhow::{Context as _, Result, bail, ensure};
use thirtyfour::Key;

use crate::harness::{Browser, Screen, Server, wait_until};

/// What a shortcut does, starting on the third row's *Acción*.
enum Does {
    /// The cursor is here then.
    Goes(&'static str),
    /// So many cells are selected.
    Selects(usize),
    /// The table has so many rows; undoing brings the ten back.
    Rows(usize),
    /// This is on the screen; Escape takes it away.
    Shows(&'static str),
    /// Another scenario looks at it.
    Elsewhere,
    /// It is looked at below.
    Special,
}

fn browsing(what: &str) -> Option<Does> {
    use Does::{Elsewhere, Goes, Rows, Selects, Shows, Special};
    Some(match what {
        "Celda de arriba" => Goes("juntos/action"),
        "Celda de abajo" => Goes("promocion/action"),
        "Celda de la izquierda" | "Celda anterior" | "Inicio de la fila" => {
            Goes("redes/instrument")
        }
        "Celda de la derecha" | "Celda siguiente" => Goes("redes/description"),
        "Borde de los datos hacia arriba" | "Una página hacia arriba" => Goes("emprende/action"),
        "Borde de los datos hacia abajo" => Goes("gremios/action"),
        "Borde de los datos hacia la izquierda" => Goes("redes/instrument"),
        "Borde de los datos hacia la derecha" => Goes("redes/orientation"),
        "Fin de la fila" => Goes("redes/not_arbitrary"),
        "Primera celda de la tabla" => Goes("emprende/instrument"),
        "Última celda de la tabla" => Goes("gremios/not_arbitrary"),
        "Extender la selección hacia arriba"
        | "Extender la selección hacia abajo"
        | "Extender la selección a la izquierda"
        | "Extender la selección a la derecha"
        | "Extender hasta el borde de los datos, a la izquierda"
        | "Extender hasta el inicio de la fila" => Selects(2),
        "Extender hasta el borde de los datos, hacia arriba"
        | "Extender una página hacia arriba" => Selects(3),
        "Extender hasta el borde de los datos, hacia abajo" => Selects(8),
        "Extender hasta el borde de los datos, a la derecha" => Selects(3),
        "Extender hasta el fin de la fila" => Selects(24),
        "Extender hasta la primera celda" => Selects(6),
        "Extender hasta la última celda" => Selects(8 * 24),
        "Seleccionar toda la tabla" => Selects(250),
        "Seleccionar la columna" => Selects(10),
        "Seleccionar la fila" => Selects(25),
        "Editar la celda" => Shows(".grid-editor.open"),
        "Insertar fila debajo" | "Insertar fila arriba" => Rows(11),
        "Borrar fila" => Rows(9),
        "Menú de la fila" => Shows(".menu"),
        "Ver la fila como ficha" => Special,
        "Buscar y reemplazar" | "Ir a una fila" => Shows(".grid-find"),
        "Ver los atajos de teclado" => Shows("dialog.help"),
        "Escribir la fecha de hoy" | "Escribir la fecha y la hora" => Shows(".grid-editor.open"),
        "Copiar"
        | "Cortar"
        | "Pegar, después de ver qué cambiaría"
        | "Pegar solo los textos"
        | "Decidir o revisar la celda" => Elsewhere,
        "Una página hacia abajo"
        | "Extender una página hacia abajo"
        | "Vaciar lo seleccionado"
        | "Marcar sí o no"
        | "Subir la fila"
        | "Bajar la fila"
        | "Soltar la selección; luego Tab sale de la tabla"
        | "Rellenar hacia abajo"
        | "Rellenar hacia la derecha"
        | "Buscar el siguiente"
        | "Buscar el anterior"
        | "Deshacer lo último que hiciste"
        | "Rehacer" => Special,
        _ => return None,
    })
}

/// Where the cursor goes from the third row's *Acción* when it is open.
fn editing(what: &str) -> Option<&'static str> {
    Some(match what {
        "Guardar y bajar" | "Guardar y bajar, si se escribió encima" => "promocion/action",
        "Guardar y subir" | "Guardar y subir, si se escribió encima" => "juntos/action",
        "Guardar y pasar a la celda siguiente"
        | "Guardar e ir a la derecha, si se escribió encima" => "redes/description",
        "Guardar y volver a la celda anterior"
        | "Guardar e ir a la izquierda, si se escribió encima" => "redes/instrument",
        "Dejar la celda como estaba" => "redes/action",
        "Salto de línea en un texto largo"
        | "Insertar la fecha de hoy"
        | "Insertar la fecha y la hora" => "",
        _ => return None,
    })
}

/// A line of the pane.
type Line = (String, Vec<String>);

async fn listed(ana: &Browser) -> Result<(Vec<Line>, Vec<Line>, Vec<Line>)> {
    ana.chord("F1").await?;
    ana.find("dialog.help").await?;
    ana.picture("shortcuts").await?;
    let script = "return [...document.querySelectorAll('dialog.help dl')].map((list) =>
        [...list.children].map((line) => [line.querySelector('dt').innerText,
            [...line.querySelectorAll('kbd')].map((key) => key.dataset.keys)]));";
    let (browsing, editing, card): (Vec<Line>, Vec<Line>, Vec<Line>) =
        ana.driver().execute(script, vec![]).await?.convert()?;
    ana.chord("Escape").await?;
    ensure!(browsing.len() > 40 && editing.len() > 10, "{} {}", browsing.len(), editing.len());
    Ok((browsing, editing, card))
}

async fn is_there(ana: &Browser, selector: &str) -> Result<bool> {
    let script = "return document.querySelector(arguments[0]) !== null;";
    Ok(ana.driver().execute(script, vec![selector.into()]).await?.convert()?)
}

async fn see_there(ana: &Browser, selector: &str, there: bool) -> Result<()> {
    wait_until(selector, async || Ok(is_there(ana, selector).await? == there)).await
}

async fn typed(ana: &Browser) -> Result<String> {
    Ok(ana.driver().execute("return document.activeElement.value;", vec![]).await?.convert()?)
}

/// Tells the page of a key that the driver cannot press.
async fn told(ana: &Browser, key: &str) -> Result<()> {
    let script = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
        { key: arguments[0], bubbles: true, cancelable: true }));";
    ana.driver().execute(script, vec![key.into()]).await?;
    Ok(())
}

async fn order(ana: &Browser) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('[role=row][data-row]')]
        .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
        .map((row) => row.dataset.row);";
    Ok(ana.driver().execute(script, vec![]).await?.convert()?)
}

async fn look_at(ana: &Browser, what: &str, keys: &str) -> Result<()> {
    let does = browsing(what).with_context(|| format!("no scenario for «{what}»"))?;
    ana.go_to("redes", "action").await?;
    ana.see_cursor("redes/action").await?;
    match does {
        Does::Elsewhere => return Ok(()),
        Does::Special => return special(ana, what, keys).await,
        _ if keys == "ContextMenu" => told(ana, keys).await?,
        _ => ana.chord(keys).await?,
    }
    match does {
        Does::Goes(to) => ana.see_cursor(to).await,
        Does::Selects(count) => ana.see_selected(count).await,
        Does::Rows(count) => {
            ana.see(&format!("{count} filas")).await?;
            ana.chord("Ctrl+z").await?;
            ana.see("10 filas").await
        }
        Does::Shows(selector) => {
            see_there(ana, selector, true).await?;
            ana.chord("Escape").await?;
            see_there(ana, selector, false).await
        }
        Does::Elsewhere | Does::Special => Ok(()),
    }
}

async fn special(ana: &Browser, what: &str, keys: &str) -> Result<()> {
    match what {
        "Una página hacia abajo" => {
            ana.chord(keys).await?;
            wait_until("the cursor further down", async || {
                let at = ana.cursor().await?;
                Ok(at.ends_with("/action") && at != "redes/action")
            })
            .await
        }
        "Extender una página hacia abajo" => {
            ana.chord(keys).await?;
            wait_until("more rows", async || Ok(ana.selected().await?.len() > 2)).await
        }
        "Vaciar lo seleccionado" => {
            ana.chord(keys).await?;
            ana.see_empty("redes", "action").await?;
            ana.chord("Ctrl+z").await?;
            ana.see_in("redes", "action", "Encuentros de negocios").await
        }
        "Marcar sí o no" => {
            ana.go_to("redes", "is_focused").await?;
            let before = ana.shown("redes", "is_focused").await?;
            ana.chord(keys).await?;
            wait_until("another value", async || {
                Ok(ana.shown("redes", "is_focused").await? != before)
            })
            .await?;
            ana.chord("Ctrl+z").await?;
            ana.see_in("redes", "is_focused", &before).await
        }
        "Subir la fila" | "Bajar la fila" => {
            let place = if what == "Subir la fila" { 1 } else { 3 };
            ana.chord(keys).await?;
            wait_until("the row elsewhere", async || Ok(order(ana).await?[place] == "redes"))
                .await?;
            ana.chord("Ctrl+z").await?;
            wait_until("the row back", async || Ok(order(ana).await?[2] == "redes")).await
        }
        "Soltar la selección; luego Tab sale de la tabla" => {
            ana.chord("Shift+ArrowDown").await?;
            ana.chord(keys).await?;
            ana.see_selected(1).await?;
            ana.chord("Tab").await?;
            wait_until("the keyboard elsewhere", async || Ok(ana.cursor().await?.is_empty())).await
        }
        "Rellenar hacia abajo" => {
            ana.go_to("redes", "budget").await?;
            ana.chord(keys).await?;
            ana.see_in("redes", "budget", "$84.389.000").await?;
            ana.chord("Ctrl+z").await?;
            ana.see_in("redes", "budget", "$31.141.000").await
        }
        "Rellenar hacia la derecha" => {
            ana.overwrite("redes", "special_territory", "Costa").await?;
            ana.go_to("redes", "special_approval").await?;
            ana.chord(keys).await?;
            ana.see_in("redes", "special_approval", "Costa").await?;
            ana.chord("Ctrl+z").await?;
            ana.see_empty("redes", "special_approval").await?;
            ana.chord("Ctrl+z").await
        }
        "Buscar el siguiente" | "Buscar el anterior" => {
            ana.chord("Ctrl+f").await?;
            ana.find(".grid-find").await?;
            // What was looked for before is still there.
            ana.press(Key::Control + "a" + Key::Null + "negocios").await?;
            ana.see("6 de 7").await?;
            ana.chord("Escape").await?;
            ana.go_to("redes", "action").await?;
            ana.chord(keys).await?;
            wait_until("the cursor on another place", async || {
                Ok(ana.cursor().await? != "redes/action")
            })
            .await
        }
        "Deshacer lo último que hiciste" | "Rehacer" => {
            ana.overwrite("redes", "action", "Otra").await?;
            ana.see_in("redes", "action", "Otra").await?;
            ana.chord("Ctrl+z").await?;
            ana.see_in("redes", "action", "Encuentros de negocios").await?;
            if what == "Rehacer" {
                ana.chord(keys).await?;
                ana.see_in("redes", "action", "Otra").await?;
                ana.chord("Ctrl+z").await?;
                ana.see_in("redes", "action", "Encuentros de negocios").await?;
            }
            Ok(())
        }
        "Ver la fila como ficha" => {
            ana.chord(keys).await?;
            ana.see_field("redes/action").await?;
            ana.chord("Escape").await?;
            ana.see_cursor("redes/action").await
        }
        other => bail!("no scenario for «{other}»"),
    }
}

async fn look_at_card(ana: &Browser, what: &str, keys: &str) -> Result<()> {
    ana.go_to("redes", "action").await?;
    ana.see_cursor("redes/action").await?;
    ana.chord("Alt+Enter").await?;
    ana.see_field("redes/action").await?;
    match what {
        "Ficha de la fila siguiente" | "Ficha de la fila anterior" => {
            ana.chord(keys).await?;
            let is_next = what.ends_with("siguiente");
            let row = if is_next { "promocion" } else { "juntos" };
            ana.see_field(&format!("{row}/action")).await?;
            ana.chord("Escape").await?;
            ana.see_cursor(&format!("{row}/action")).await
        }
        "Volver a la tabla" => {
            ana.chord(keys).await?;
            ana.see_cursor("redes/action").await
        }
        "Deshacer lo último que hiciste" | "Rehacer" => {
            ana.press(Key::Control + "a" + Key::Null + "Otra" + Key::Enter).await?;
            ana.chord("Ctrl+z").await?;
            wait_until(
                "what was there",
                async || Ok(typed(ana).await? == "Encuentros de negocios"),
            )
            .await?;
            if what == "Rehacer" {
                ana.chord(keys).await?;
                wait_until("it again", async || Ok(typed(ana).await? == "Otra")).await?;
                ana.chord("Ctrl+z").await?;
            }
            ana.chord("Escape").await?;
            ana.see_in("redes", "action", "Encuentros de negocios").await
        }
        other => bail!("no scenario for «{other}»"),
    }
}

async fn look_at_editing(ana: &Browser, what: &str, keys: &str) -> Result<()> {
    let to = editing(what).with_context(|| format!("no scenario for «{what}»"))?;
    let is_typing = what.ends_with("si se escribió encima");
    match what {
        "Salto de línea en un texto largo" => {
            ana.go_to("redes", "description").await?;
            ana.chord("F2").await?;
            ana.chord(keys).await?;
            ensure!(typed(ana).await?.ends_with('\n'));
            return ana.chord("Escape").await;
        }
        "Insertar la fecha de hoy" | "Insertar la fecha y la hora" => {
            ana.go_to("redes", "action").await?;
            ana.chord("F2").await?;
            ana.chord(keys).await?;
            let text = typed(ana).await?;
            ensure!(text.starts_with("Encuentros de negocios") && text.contains("-20"), "{text}");
            ensure!(what.ends_with("hoy") || text.contains(':'), "{text}");
            return ana.chord("Escape").await;
        }
        _ => {}
    }
    ana.go_to("redes", "action").await?;
    if !is_typing {
        ana.chord("F2").await?;
    }
    ana.press("x").await?;
    see_there(ana, ".grid-editor.open", true).await?;
    ana.chord(keys).await?;
    ana.see_cursor(to).await?;
    see_there(ana, ".grid-editor.open", false).await?;
    if what == "Dejar la celda como estaba" {
        return ana.see_in("redes", "action", "Encuentros de negocios").await;
    }
    let text = if is_typing { "x" } else { "Encuentros de negociosx" };
    wait_until("what was typed", async || Ok(ana.shown("redes", "action").await? == text)).await?;
    ana.chord("Ctrl+z").await?;
    wait_until("what was there", async || {
        Ok(ana.shown("redes", "action").await? == "Encuentros de negocios")
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_the_keyboard_map_does_what_it_says() -> Result<()> {
    let server = Server::start("grid_keys", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("redes", "action").await?;
    let (browsing, editing, card) = listed(&ana).await?;
    let mut wrong = Vec::new();
    for (what, all) in &browsing {
        for keys in all {
            if let Err(error) = look_at(&ana, what, keys).await {
                wrong.push(format!("{keys}: {what}: {error:#}"));
                ana.picture("wrong").await?;
                ana.chord("Escape").await?;
                ana.open_focus().await?;
            }
        }
    }
    for (what, all) in &editing {
        for keys in all {
            if let Err(error) = look_at_editing(&ana, what, keys).await {
                wrong.push(format!("{keys}: {what}: {error:#}"));
                ana.chord("Escape").await?;
                ana.open_focus().await?;
            }
        }
    }
    for (what, all) in &card {
        for keys in all {
            if let Err(error) = look_at_card(&ana, what, keys).await {
                wrong.push(format!("{keys}: {what}: {error:#}"));
                ana.open_focus().await?;
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_found_out_of_view_and_replaced_as_one() -> Result<()> {
    let server = Server::start("grid_find", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("emprende", "instrument").await?;
    ana.chord("Ctrl+f").await?;
    ana.find(".grid-find").await?;
    ana.press("GREMIOS").await?;
    ana.see("en total").await?;
    ana.chord("Enter").await?;
    ana.picture("find").await?;
    ana.click("[aria-label='Reemplazar por']").await?;
    ana.press("asociaciones").await?;
    ana.choose("Reemplazar todo").await?;
    ana.see("Se reemplazó en").await?;
    ana.see_in("gremios", "action", "Fortalecimiento de asociaciones").await?;
    ana.chord("Escape").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("gremios", "action", "Fortalecimiento de gremios").await?;
    ana.chord("Alt+g").await?;
    ana.find(".grid-find").await?;
    ana.press("8").await?;
    ana.chord("Enter").await?;
    wait_until("the eighth row", async || Ok(ana.cursor().await?.starts_with("formacion/"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corner_fills_what_it_is_dragged_over() -> Result<()> {
    let server = Server::start("grid_fill", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("emprende", "budget").await?;
    let handle = ana.find(".grid-handle").await?;
    let to = ana.find("[data-row=redes] [data-field=budget]").await?;
    let driver = ana.driver();
    let chain = driver.action_chain().move_to_element_center(&handle).click_and_hold();
    chain.move_to_element_center(&to).release().perform().await?;
    for row in ["juntos", "redes"] {
        ana.see_in(row, "budget", "$311.345.000").await?;
    }
    ana.see_selected(3).await?;
    ana.picture("filled").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("redes", "budget", "$31.141.000").await
}
