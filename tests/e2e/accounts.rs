//! Inviting somebody, who then works; changing and closing accounts.

use anyhow::{Result, ensure};
use thirtyfour::By;

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

impl Browser {
    /// Chooses an option of a list by what it says.
    async fn pick(&self, list: &str, words: &str) -> Result<()> {
        let option = format!("//select[@id='{list}']/option[normalize-space(.)='{words}']");
        self.driver().find(By::XPath(option.as_str())).await?.click().await?;
        Ok(())
    }

    /// The address of an invitation, below the server's.
    async fn way(&self) -> Result<String> {
        let script = "return document.querySelector('.people-way input')?.value ?? '';";
        let mut way = String::new();
        wait_until("the address of the invitation", async || {
            way = self.driver().execute(script, vec![]).await?.convert()?;
            Ok(!way.is_empty())
        })
        .await?;
        let place = way.find("/invitacion/").unwrap_or_default();
        Ok(way.split_off(place))
    }

    /// Presses the button with these words in somebody's row.
    pub(crate) async fn press_in_row(&self, who: &str, words: &str) -> Result<()> {
        let button = format!(
            "//tr[th[contains(normalize-space(.), '{who}')]]//button[normalize-space(.)='{words}']"
        );
        wait_until(&format!("«{words}» of {who}"), async || {
            Ok(match self.driver().find(By::XPath(button.as_str())).await {
                Ok(button) => button.click().await.is_ok(),
                Err(_) => false,
            })
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_works_is_changed_and_closed() -> Result<()> {
    let server = Server::start("accounts", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.choose("Personas").await?;
    ana.see("Bruno Rojas").await?;
    ensure!(!ana.text().await?.contains("Carla Fuentes"), "each institution its own people");
    ana.type_into("#invitar-nombre", "Elisa Muñoz").await?;
    ana.type_into("#invitar-usuario", "Elisa@Tarapaca").await?;
    ana.pick("invitar-rol", "Profesional GORE").await?;
    ana.choose("Crear invitación").await?;
    ana.see("Envía esta dirección a Elisa Muñoz").await?;
    ana.see("Invitaciones por aceptar").await?;
    ana.picture("invited").await?;
    let way = ana.way().await?;

    let elisa = server.browser("elisa", Screen::Laptop).await?;
    elisa.open(&way).await?;
    elisa.see("te invitaron a Focaliza como Profesional GORE, Tarapacá").await?;
    elisa.picture("invitation").await?;
    elisa.type_into("#nueva", "desierto florido").await?;
    elisa.type_into("#otra-vez", "desierto florid").await?;
    elisa.choose("Guardar y entrar").await?;
    elisa.see("no son iguales").await?;
    elisa.type_into("#otra-vez", "o").await?;
    elisa.choose("Guardar y entrar").await?;
    elisa.see("Salir").await?;
    elisa.open_focus().await?;
    elisa.see_status("Todo en el servidor").await?;
    elisa.overwrite("juntos", "budget", "4321").await?;
    elisa.see_status("Todo en el servidor").await?;

    // From now on she only reads: at once, where she is.
    ana.open("/personas").await?;
    ana.press_in_row("Elisa Muñoz", "Cambiar").await?;
    ana.pick("cambiar-4-rol", "Consejo Regional").await?;
    ana.picture("changing").await?;
    ana.choose("Guardar").await?;
    ana.see("Consejo Regional, Tarapacá").await?;
    elisa.see("Consejo Regional").await?;
    elisa.see("Solo lectura: tu rol no permite escribir").await?;
    // And is shut out.
    ana.press_in_row("Elisa Muñoz", "Cambiar").await?;
    ana.click("#cambiar-4-cerrada").await?;
    ana.choose("Guardar").await?;
    ana.see("Cuenta cerrada").await?;
    elisa.see("tu sesión venció").await?;
    elisa.open(&way).await?;
    elisa.see("Esta invitación ya se usó").await?;

    ana.choose("Registro de accesos y cambios").await?;
    ana.see("Cuenta cerrada").await?;
    ana.see("«Profesional GORE, región 01» pasó a «Consejo Regional, región 01»").await?;
    ana.see("Abrió el ejercicio").await?;
    ana.picture("audit").await?;
    ana.open(EXERCISE).await
}
