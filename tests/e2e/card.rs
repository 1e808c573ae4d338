//! One row as a form: on a phone, where it is how tables are filled in, and on request.

use anyhow::{Result, ensure};
use thirtyfour::{Key, TypingData};

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

/// The control of a cell in the card.
fn field(at: &str) -> String {
    let (row, field) = at.split_once('/').expect("a row and a field");
    format!("[id=\"field-{row}-{field}\"]")
}

impl Browser {
    /// Waits until the keyboard is in the field of a cell.
    pub async fn see_field(&self, at: &str) -> Result<()> {
        wait_until(&format!("the keyboard in the field {at}"), async || {
            let script = "return document.activeElement === document.querySelector(arguments[0]);";
            Ok(self.driver().execute(script, vec![field(at).into()]).await?.convert()?)
        })
        .await
    }

    /// Waits until a field holds this.
    async fn see_value(&self, at: &str, text: &str) -> Result<()> {
        wait_until(&format!("«{text}» in the field {at}"), async || {
            let script = "const field = document.querySelector(arguments[0]);
                return field && (field.value || field.innerText);";
            let held: Option<String> =
                self.driver().execute(script, vec![field(at).into()]).await?.convert()?;
            Ok(held.is_some_and(|held| held.contains(text)))
        })
        .await
    }

    /// Taps what a CSS selector finds.
    async fn tap_on(&self, selector: &str) -> Result<()> {
        self.tap(self.middle(selector).await?).await
    }

    /// Taps a field and writes into it anew.
    async fn write(&self, at: &str, text: &str) -> Result<()> {
        self.tap_on(&field(at)).await?;
        self.see_field(at).await?;
        self.press(Key::Control + "a" + Key::Null + text).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_shows_rows_as_a_list_and_fills_each_in_as_a_form() -> Result<()> {
    let server = Server::start("card_phone", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Phone).await?;
    for (browser, login) in [(&ana, "ana"), (&bruno, "bruno")] {
        browser.sign_in(login).await?;
        browser.open(EXERCISE).await?;
        browser.see_status("Todo en el servidor").await?;
    }
    bruno.find("[id=item-emprende]").await?;
    bruno.picture("list").await?;
    bruno.tap_on("[id=item-juntos]").await?;
    bruno.see("Fila 2 de 10").await?;
    bruno.picture("card").await?;

    // Every label is the label of its control.
    let script = "return [...document.querySelectorAll('.card label')]
        .filter((label) => !label.control || !label.innerText.trim()).length;";
    let lost: usize = bruno.driver().execute(script, vec![]).await?.convert()?;
    ensure!(lost == 0, "{lost} labels have no control");

    // A figure, a long text, a choice, a yes or no, and links.
    bruno.write("juntos/budget", "90 MM$").await?;
    bruno.picture("figure").await?;
    bruno.write("juntos/description", "Escrito con el pulgar.").await?;
    bruno.see_value("juntos/budget", "90.000.000").await?;
    bruno.tap_on(&field("juntos/is_focused")).await?;
    bruno.type_into(&field("juntos/is_focused"), "No").await?;
    bruno.tap_on(&field("juntos/places")).await?;
    bruno.find(".picker.tray").await?;
    bruno.picture("picker").await?;
    bruno.type_into(".picker .input", "Camiña").await?;
    bruno.tap_on(".picker [role=option]").await?;
    bruno.tap_on(".picker .primary").await?;
    bruno.see_field("juntos/places").await?;
    bruno.see_value("juntos/places", "Camiña").await?;
    ana.see_in("juntos", "budget", "$90.000.000").await?;
    ana.see_in("juntos", "description", "Escrito con el pulgar.").await?;
    ana.see_in("juntos", "is_focused", "No").await?;
    ana.see_in("juntos", "places", "Camiña").await?;

    // What cannot be kept stays, also after a reload, and keeps the card from going.
    bruno.write("juntos/budget", "mucho").await?;
    bruno.tap_on(".card-foot button:last-child").await?;
    bruno.see_field("juntos/budget").await?;
    bruno.see("Fila 2 de 10").await?;
    bruno.reload().await?;
    bruno.see("Fila 2 de 10").await?;
    bruno.see_value("juntos/budget", "mucho").await?;
    bruno.picture("refused").await?;
    bruno.write("juntos/budget", "91 MM$").await?;
    bruno.tap_on(".card-foot button:last-child").await?;
    bruno.see("Fila 3 de 10").await?;
    ana.see_in("juntos", "budget", "$91.000.000").await?;

    // One step back, shown where it was; then the list.
    bruno.tap_on(".card [aria-label=Deshacer]").await?;
    bruno.see("Fila 2 de 10").await?;
    bruno.see_value("juntos/budget", "90.000.000").await?;
    bruno.tap_on(".card-head .button:first-child").await?;
    bruno.find("[id=item-juntos]").await?;
    bruno.see_status("Todo en el servidor").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_filled_in_as_a_form_by_keyboard_and_the_cursor_comes_back() -> Result<()> {
    let server = Server::start("card_keys", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("redes", "budget").await?;
    ana.chord("Alt+Enter").await?;
    ana.see_field("redes/budget").await?;
    ana.picture("card").await?;
    ana.press(Key::Control + "a" + Key::Null + "45 MM$").await?;
    // The keyboard goes on, and what was typed is kept.
    ana.chord("Tab").await?;
    ana.see_value("redes/budget", "45.000.000").await?;
    ana.driver()
        .execute(
            "document.querySelector(arguments[0]).focus()",
            vec![field("redes/funding").into()],
        )
        .await?;
    ana.press(TypingData::from(Key::Enter)).await?;
    ana.find(".picker").await?;
    ana.picture("picker").await?;
    ana.press(Key::Down + Key::Enter).await?;
    ana.see_field("redes/funding").await?;
    ana.chord("Alt+PageDown").await?;
    ana.see_field("promocion/funding").await?;
    ana.chord("Alt+PageUp").await?;
    ana.see_field("redes/funding").await?;
    ana.chord("Escape").await?;
    ana.see_cursor("redes/funding").await?;
    ana.see_in("redes", "budget", "$45.000.000").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_people_wrote_apart_is_decided_in_the_form() -> Result<()> {
    let server = Server::start("card_decide", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for (browser, login) in [(&ana, "ana"), (&bruno, "bruno")] {
        browser.sign_in(login).await?;
        browser.open_focus().await?;
        browser.see_status("Todo en el servidor").await?;
        browser.network().cut();
    }
    ana.overwrite("emprende", "budget", "300000000").await?;
    bruno.overwrite("emprende", "budget", "320000000").await?;
    ana.network().restore();
    bruno.network().restore();
    for browser in [&ana, &bruno] {
        browser.see("1 por decidir").await?;
    }
    ana.go_to("emprende", "budget").await?;
    ana.chord("Alt+Enter").await?;
    ana.see_field("emprende/budget").await?;
    ana.see("300.000.000").await?;
    ana.see("320.000.000").await?;
    ana.picture("decide").await?;
    ana.choose("Usar la mía").await?;
    ana.see_no_more("1 por decidir").await?;
    bruno.see_in("emprende", "budget", "$300.000.000").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_shows_every_column_and_who_else_is_in_a_field() -> Result<()> {
    let server = Server::start("card_columns", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Phone).await?;
    for browser in [&ana, &bruno] {
        browser.sign_in(browser.person()).await?;
        browser.open(EXERCISE).await?;
        browser.see_status("Todo en el servidor").await?;
    }
    // A column of the region, and one that Ana hides.
    ana.choose("Vista").await?;
    ana.choose("Columnas de la región").await?;
    ana.type_into(".regional-new input", "Aporte municipal").await?;
    ana.click(".regional-new button").await?;
    ana.find(".regional-columns input").await?;
    ana.chord("Escape").await?;
    ana.go_to("juntos", "orientation").await?;
    ana.chord("Shift+F10").await?;
    ana.choose("Columna…").await?;
    ana.choose("Ocultar columna").await?;
    ana.go_to("juntos", "budget").await?;
    ana.chord("Alt+Enter").await?;
    ana.see_field("juntos/budget").await?;
    ana.see("1 columna que ocultaste en tu vista").await?;
    ana.see("Aporte municipal").await?;
    ana.click(".card-hidden summary").await?;
    ana.find(&field("juntos/orientation")).await?;

    // Bruno is in the same field on a phone: Ana reads there what he types.
    bruno.tap_on("[id=item-juntos]").await?;
    bruno.see("Aporte municipal").await?;
    bruno.tap_on(&field("juntos/coverage")).await?;
    bruno.see_field("juntos/coverage").await?;
    ana.see("está en esta celda").await?;
    bruno.press(Key::Control + "a" + Key::Null + "57").await?;
    ana.see("escribe: 57").await?;
    ana.picture("beside").await?;
    bruno.press(Key::Tab + "").await?;
    ana.see_value("juntos/coverage", "57").await?;
    ana.see_no_more("escribe: 57").await?;

    // In a form, too.
    for browser in [&ana, &bruno] {
        browser.open(&format!("{EXERCISE}/instruments")).await?;
        browser.see_status("Todo en el servidor").await?;
    }
    bruno.tap_on("#instruments-crece-preliminary_amount").await?;
    ana.see("está en esta celda").await?;

    // Who may only read sees the same, locked.
    let centre = server.browser("sercotec", Screen::Laptop).await?;
    centre.sign_in("sercotec").await?;
    centre.open_focus().await?;
    centre.go_to("juntos", "budget").await?;
    centre.chord("Alt+Enter").await?;
    centre.see("Solo lectura.").await?;
    let script =
        "return [...document.querySelectorAll('.card-field :is(input, select, textarea, button)')]
        .filter((control) => !control.disabled && !control.readOnly).length;";
    let open: usize = centre.driver().execute(script, vec![]).await?.convert()?;
    ensure!(open == 0, "{open} fields can be written by who may only read");
    centre.picture("locked").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_keeps_list_or_table_from_matrix_to_matrix() -> Result<()> {
    let server = Server::start("card_shape", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Phone).await?;
    bruno.sign_in("bruno").await?;
    bruno.open(EXERCISE).await?;
    bruno.find("[id=item-emprende]").await?;
    bruno.choose("Ver como tabla").await?;
    bruno.choose("Desafíos y objetivos").await?;
    bruno.see("Ver como lista").await?;
    bruno.choose("Ver como lista").await?;
    bruno.choose("Focalización").await?;
    bruno.find("[id=item-emprende]").await.map(drop)
}
