//! Copying and pasting, within Focaliza and from the three programs.

use anyhow::{Result, ensure};

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

const EXCEL: (&str, &str) = (
    include_str!("../../app/src/components/grid/paste/payloads/excel.html"),
    include_str!("../../app/src/components/grid/paste/payloads/excel.tsv"),
);
const SHEETS: (&str, &str) = (
    include_str!("../../app/src/components/grid/paste/payloads/sheets.html"),
    include_str!("../../app/src/components/grid/paste/payloads/sheets.tsv"),
);

impl Browser {
    /// Has the browser paste this into whatever has the focus, as after Ctrl+V.
    async fn paste(&self, html: &str, text: &str) -> Result<()> {
        let script = "const data = new DataTransfer();
            if (arguments[0]) data.setData('text/html', arguments[0]);
            data.setData('text/plain', arguments[1]);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste',
                { clipboardData: data, bubbles: true, cancelable: true }));";
        self.driver().execute(script, vec![html.into(), text.into()]).await?;
        Ok(())
    }

    /// The real clipboard: what is selected is copied with the keys, and pasted with them.
    async fn may_use_clipboard(&self) -> Result<()> {
        let permissions = serde_json::json!({
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]
        });
        self.driver().cdp().send_raw("Browser.grantPermissions", permissions).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_excel_copies_is_looked_at_and_pasted_as_one() -> Result<()> {
    let server = Server::start("grid_paste_excel", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("gremios", "instrument").await?;
    ana.paste(EXCEL.0, EXCEL.1).await?;
    ana.see("Antes de pegar").await?;
    ana.see("2 filas se agregan").await?;
    ana.see("2 celdas no caben, completas o en parte").await?;
    ana.see("US$ 300").await?;
    ana.picture("preview").await?;
    ana.click(".paste-actions .primary").await?;
    ana.see("Lo que no se pegó").await?;
    ana.picture("left").await?;
    ana.click(".paste-actions .primary").await?;
    ana.see_in("gremios", "action", "Crece en la zona costera").await?;
    ana.see_in("gremios", "description", "Segunda línea, con \"comillas\"").await?;
    ana.see_in("gremios", "instrument", "Crece").await?;
    ana.see("Pegaste 11 celdas, con 2 filas nuevas.").await?;
    ana.see("12 filas").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("gremios", "action", "Fortalecimiento de gremios").await?;
    ana.see("10 filas").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_can_be_chosen_before_pasting_from_sheets() -> Result<()> {
    let server = Server::start("grid_paste_sheets", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("juntos", "places").await?;
    ana.paste(SHEETS.0, SHEETS.1).await?;
    ana.see("Antes de pegar").await?;
    let choose = "const [select, title] = [document.querySelectorAll('.paste select')[arguments[0]], arguments[1]];
        select.value = [...select.options].find((it) => it.text === title).value;
        select.dispatchEvent(new Event('change'));";
    for (at, title) in [(1, "Descripción"), (2, "Presupuesto"), (3, "¿Compromiso de gobierno?")] {
        ana.driver().execute(choose, vec![at.into(), title.into()]).await?;
    }
    ana.see("«Narnia» no está entre las opciones de esta columna.").await?;
    ana.picture("preview").await?;
    ana.click(".paste-actions .primary").await?;
    ana.see("Lo que no se pegó").await?;
    ana.click(".paste-actions .primary").await?;
    ana.see_in("juntos", "places", "Alto Hospicio").await?;
    ana.see_in("juntos", "budget", "$2.500.000").await?;
    ana.see_in("redes", "places", "Pozo Almonte").await?;
    ana.see_in("redes", "budget", "$0").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_copied_here_come_back_exactly_without_questions() -> Result<()> {
    let server = Server::start("grid_copy", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.may_use_clipboard().await?;
    ana.go_to("emprende", "objectives").await?;
    let objectives = ana.shown("emprende", "objectives").await?;
    ana.chord("Ctrl+c").await?;
    ana.go_to("gremios", "objectives").await?;
    ana.chord("Delete").await?;
    ana.chord("Ctrl+v").await?;
    ana.see_in("gremios", "objectives", &objectives).await?;
    let clipboard = "const done = arguments[0];
        navigator.clipboard.readText().then(done, (error) => done(String(error)));";
    ana.go_to("emprende", "budget").await?;
    ana.chord("Shift+ArrowDown").await?;
    ana.chord("Ctrl+c").await?;
    let text: String = ana.driver().execute_async(clipboard, vec![]).await?.convert()?;
    ensure!(text == "$311.345.000\r\n$84.389.000" || text == "$311.345.000\n$84.389.000", "{text}");
    // One value fills what is selected.
    ana.go_to("redes", "budget").await?;
    ana.chord("Ctrl+x").await?;
    ana.see_empty("redes", "budget").await?;
    for _ in 0..2 {
        ana.chord("Shift+ArrowDown").await?;
    }
    ana.chord("Ctrl+v").await?;
    for row in ["redes", "promocion", "almacenes"] {
        ana.see_in(row, "budget", "$31.141.000").await?;
    }
    ana.chord("Ctrl+z").await?;
    ana.see_in("almacenes", "budget", "$61.230.000").await?;
    // Into a cell that is open only the text goes.
    ana.go_to("mejora", "action").await?;
    ana.chord("F2").await?;
    ana.chord("Ctrl+v").await?;
    ana.chord("Enter").await?;
    ana.see_in("mejora", "action", "gestión$31.141.000").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_rows_are_pasted_as_one() -> Result<()> {
    let server = Server::start("grid_paste_many", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open(&format!("{EXERCISE}/strategic")).await?;
    ana.find("[role=grid]").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.go_to("gremios", "other_profile").await?;
    let titles = "Acción o proyecto\tDescripción\tOrientación estratégica\tPerfil: otro\t\
        Territorio especial\tPresupuesto\tCobertura\tUnidad\tConvocatorias\tJustificación\n";
    let rows: String = (0..1_000)
        .map(|n| {
            let budget = shared::format::format_integer(1_000 * (n + 1));
            format!(
                "Acción {n}\tDescripción de la acción {n}\tOrientación {n}\tPerfil {n}\tZona {n}\t\
                 $ {budget}\t{n}\tEmpresas\t2\tPorque {n}\n"
            )
        })
        .collect();
    ana.paste("", &format!("{titles}{rows}")).await?;
    ana.see("Antes de pegar").await?;
    ana.see("10.000 celdas se escriben").await?;
    ana.click(".paste-actions .primary").await?;
    ana.see("1.009 filas").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.chord("Ctrl+z").await?;
    ana.see("10 filas").await?;
    ana.see_in("gremios", "action", "Fortalecimiento de gremios").await?;
    wait_until("everything on the server", async || {
        Ok(ana.status().await?.contains("Todo en el servidor"))
    })
    .await
}
