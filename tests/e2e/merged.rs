//! What people wrote apart: texts that were merged, rows that one deleted and another wrote into,
//! and deciding from the cell.

use anyhow::{Result, ensure};

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::{EXERCISE, cell},
};

const MARK: &str = "Combinado · revisar";

impl Browser {
    /// The texts of all elements in the page that match.
    async fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map((element) => element.textContent.trim());";
        Ok(self.driver().execute(script, vec![selector.into()]).await?.convert()?)
    }

    /// Whether the page says that there are merged texts.
    async fn has_marks(&self) -> Result<bool> {
        let text = self.text().await?;
        Ok(text.contains(MARK) || text.contains("por revisar"))
    }

    async fn see_keyboard_in(&self, selector: &str) -> Result<()> {
        let script = "return document.activeElement.closest(arguments[0]) !== null;";
        wait_until(&format!("the keyboard in {selector}"), async || {
            Ok(self.driver().execute(script, vec![selector.into()]).await?.convert()?)
        })
        .await
    }

    async fn comes_back(&self) -> Result<()> {
        self.network().restore();
        self.see_status("Todo en el servidor").await
    }

    /// Waits until the page says this in a live region.
    async fn hear(&self, words: &str) -> Result<()> {
        wait_until(&format!("«{words}» to be said"), async || {
            Ok(self.texts("[role=status]").await?.iter().any(|text| text.contains(words)))
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_merged_while_offline_is_marked_until_it_was_looked_at() -> Result<()> {
    let server = Server::start("merged", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    // Typing in one cell with a connection marks nothing.
    ana.append("emprende", "description", " Uno.").await?;
    bruno.append("emprende", "description", " Dos.").await?;
    for browser in [&ana, &bruno] {
        browser.see_in("emprende", "description", " Uno.").await?;
        browser.see_in("emprende", "description", " Dos.").await?;
        browser.see_status("Todo en el servidor").await?;
        ensure!(!browser.has_marks().await?, "{} saw it arrive", browser.person());
    }

    for browser in [&ana, &bruno] {
        browser.network().cut();
    }
    ana.append("emprende", "description", " Ana agrega ferias costeras.").await?;
    ana.append("juntos", "description", " Solo Ana.").await?;
    bruno.append("emprende", "description", " Bruno agrega mentorías.").await?;
    ana.comes_back().await?;
    bruno.comes_back().await?;
    bruno.see("1 por revisar").await?;
    bruno.see_in("emprende", "description", MARK).await?;
    bruno.hear("1 texto combinado con lo que escribieron otras personas").await?;
    ensure!(!bruno.shown("juntos", "description").await?.contains(MARK), "Bruno left it alone");
    bruno.picture("marked").await?;
    ana.see_in("emprende", "description", "Bruno agrega mentorías.").await?;
    ensure!(!ana.has_marks().await?, "Ana saw it arrive");

    // It is still there after the page was loaded again; the keyboard leads to it and back.
    bruno.reload().await?;
    bruno.see("1 por revisar").await?;
    bruno.go_to("emprende", "description").await?;
    bruno.see_in("emprende", "description", MARK).await?;
    bruno.chord("Alt+r").await?;
    bruno.see_keyboard_in("aside.panel").await?;
    bruno.see("también escribió en este texto, sin ver lo tuyo.").await?;
    let new = bruno.texts(".panel .change-new").await?.join(" | ");
    ensure!(new.contains("Ana agrega ferias costeras.") && !new.contains("Bruno"), "{new}");
    bruno.picture("highlighted").await?;
    bruno.chord("Escape").await?;
    bruno.see_keyboard_in(".grid-editor").await?;
    bruno.choose("Revisar").await?;
    bruno.choose("Revisado").await?;
    bruno.see_no_more("1 por revisar").await?;
    bruno.see_no_more(MARK).await?;
    bruno.see_keyboard_in("aside.panel").await?;
    bruno.see("No hay textos por revisar.").await?;
    bruno.picture("looked at").await?;
    bruno.reload().await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.see_in("emprende", "description", "Ana agrega ferias costeras.").await?;
    ensure!(!bruno.has_marks().await?, "it does not come back");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_edited_a_deleted_row_and_who_deleted_it_are_told() -> Result<()> {
    let server = Server::start("deleted_and_edited", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    for (row, is_deleter_first, amount) in [("juntos", true, "555"), ("mejora", false, "777")] {
        for browser in [&ana, &bruno] {
            browser.network().cut();
        }
        ana.go_to(row, "action").await?;
        ana.chord("Ctrl+Delete").await?;
        bruno.overwrite(row, "budget", amount).await?;
        let [first, second] = if is_deleter_first { [&ana, &bruno] } else { [&bruno, &ana] };
        first.comes_back().await?;
        second.comes_back().await?;
        bruno.see("que editaste sin conexión. Lo que escribiste sigue en ella.").await?;
        ana.see("Bruno Rojas escribió en la fila").await?;
        for browser in [&ana, &bruno] {
            browser.picture(&format!("told of {row}")).await?;
        }
        bruno.reload().await?;
        bruno.see("que editaste sin conexión").await?;
        ana.choose("Eliminadas").await?;
        ana.see("Eliminada por ti. Bruno Rojas escribió en ella sin saberlo.").await?;
        ana.picture(&format!("deleted {row}")).await?;
        ana.choose("Eliminadas").await?;

        bruno.choose("Restaurar fila").await?;
        bruno.see_no_more("que editaste sin conexión").await?;
        bruno.see_in(row, "budget", amount).await?;
        ana.see_in(row, "budget", amount).await?;
        ana.see_no_more("Bruno Rojas escribió en la fila").await?;
        for browser in [&ana, &bruno] {
            browser.see_status("Todo en el servidor").await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_decided_from_their_cell_by_keyboard_and_by_finger() -> Result<()> {
    let server = Server::start("decided_in_the_cell", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
        browser.network().cut();
    }
    for (browser, amount) in [(&ana, "300"), (&bruno, "400")] {
        browser.overwrite("emprende", "budget", amount).await?;
        browser.overwrite("juntos", "budget", amount).await?;
    }
    ana.comes_back().await?;
    bruno.comes_back().await?;
    ana.see("2 por decidir").await?;

    // The cell says what is to be decided; its key leads to the choice, which comes first.
    ana.go_to("juntos", "budget").await?;
    let mark = format!("{} .mark.undecided", cell("juntos", "budget"));
    let told = ana.texts(&mark).await?.join("");
    ensure!(told.contains("Por decidir.") && told.contains("Bruno Rojas"), "{told}");
    ana.chord("Alt+r").await?;
    ana.see_keyboard_in("aside.panel").await?;
    ana.see("Usar la mía").await?;
    for _ in 0..3 {
        ana.chord("Tab").await?;
    }
    ana.picture("asked").await?;
    ana.chord("Enter").await?;
    ana.see("1 por decidir").await?;
    ana.see_keyboard_in("aside.panel").await?;
    wait_until("juntos to be decided", async || Ok(ana.texts(&mark).await?.is_empty())).await?;
    // Where there is nothing, that is said.
    ana.chord("Escape").await?;
    ana.go_to("juntos", "budget").await?;
    ana.chord("Alt+r").await?;
    wait_until("it to be said", async || {
        Ok(ana.texts("[aria-live]").await?.join(" ").contains("nada por decidir ni por revisar"))
    })
    .await?;

    // On a phone the row is a form.
    let phone = server.browser("ana", Screen::Phone).await?;
    phone.sign_in("ana").await?;
    phone.open(EXERCISE).await?;
    phone.see_status("Todo en el servidor").await?;
    phone.see("⇄ Por decidir").await?;
    phone.tap(phone.middle("[id=item-emprende]").await?).await?;
    phone.bring_to_view(".field-undecided .button").await?;
    phone.picture("phone").await?;
    phone.tap(phone.middle(".field-undecided .button").await?).await?;
    for browser in [&phone, &ana, &bruno] {
        browser.see_no_more("1 por decidir").await?;
    }
    ensure!(phone.texts(".field-undecided").await?.is_empty(), "it was decided");
    Ok(())
}
