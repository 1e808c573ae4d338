//! Signing in by what a provider of identities says, and coming back to what was being written.

use std::{fs, process::Stdio};

use anyhow::{Context as _, Result, ensure};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{
    harness::{Browser, Screen, Server, root, target},
    people::EXERCISE,
};

/// Of ClaveÚnica's sandbox.
const RUN: &str = "44.444.444-4";
const BUTTON: &str = "Iniciar sesión con ClaveÚnica";
/// As the provider's configuration has it.
const SECRET: &str = "secreto de ensayo, ninguno de verdad";

/// A provider with ClaveÚnica's addresses, as the server's tests have it; ends when it is dropped.
struct Provider {
    issuer: String,
    secret: NamedTempFile,
    _process: Child,
}

impl Provider {
    /// For an application that people open at this address.
    async fn start(application: &str) -> Result<Self> {
        let place = target().join("oidc");
        let script = "provider.mjs";
        fs::copy(root().join("server/tests/oidc").join(script), place.join(script))
            .context("run `cargo xtask e2e`, which installs the provider")?;
        let mut node = Command::new("node");
        node.args([script, application]).current_dir(&place).kill_on_drop(true);
        node.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = node.spawn()?;
        let printed = process.stdout.take().context("its output is a pipe")?;
        let issuer = BufReader::new(printed).lines().next_line().await?;
        let issuer = issuer.context("the provider ended at once")?;
        let secret = NamedTempFile::new()?;
        fs::write(secret.path(), SECRET)?;
        Ok(Self { issuer, secret, _process: process })
    }
}

impl Browser {
    /// Says to the provider who one is.
    async fn is_known_as(&self, number: &str) -> Result<()> {
        self.type_into("input[name=as]", number).await?;
        self.choose("Continuar").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_from_clave_unica_goes_on_with_what_was_not_sent() -> Result<()> {
    let mut server = Server::start("provider", &["--demo"]).await?;
    let browser = server.browser("ana", Screen::Laptop).await?;
    let application = browser.network().address();
    browser.open("/ingresar").await?;
    browser.see("Contraseña").await?;
    ensure!(!browser.text().await?.contains("ClaveÚnica"), "nobody vouches for anybody yet");

    let provider = Provider::start(&application).await?;
    let secret = provider.secret.path().to_str().context("a temporary path is text")?;
    let client = ["--oidc-client", "clave", "--oidc-secret", secret];
    let places = ["--oidc-issuer", &provider.issuer, "--address", &application];
    server.start_again_with(&[client, places].concat()).await?;

    // A computer that people share: Ana links Bruno's account, and leaves.
    browser.sign_in("ana").await?;
    browser.choose("Personas").await?;
    browser.press_in_row("Bruno Rojas", "Cambiar").await?;
    browser.see("La cuenta no está vinculada").await?;
    browser.type_into("#identidad-2", RUN).await?;
    browser.picture("linking").await?;
    browser.choose("Vincular").await?;
    browser.see("La cuenta está vinculada").await?;
    browser.choose("Salir").await?;
    browser.see("Contraseña").await?;

    browser.open(&format!("/ingresar?destino={EXERCISE}")).await?;
    browser.see(BUTTON).await?;
    browser.picture("signing_in").await?;
    browser.choose(BUTTON).await?;
    browser.is_known_as("44444444").await?;
    browser.see("Bruno Rojas").await?;
    browser.see_status("Todo en el servidor").await?;

    // The session ends while he writes. What he wrote is on the device, and goes when he is back.
    server.command(&["user", "disable", "bruno"]).await?;
    server.command(&["user", "enable", "bruno"]).await?;
    browser.see("tu sesión venció").await?;
    browser.overwrite("juntos", "budget", "654321").await?;
    browser.see_status("Sesión vencida · 1 cambio por enviar").await?;
    browser.choose("Ingresar").await?;
    browser.choose(BUTTON).await?;
    // The provider still knows him.
    browser.see_status("Todo en el servidor").await?;
    let shown = browser.shown("juntos", "budget").await?;
    ensure!(shown.contains("654.321"), "{shown}");

    // Who leaves here leaves the provider too; who is not known here is told so.
    browser.choose("Salir").await?;
    browser.see("Contraseña").await?;
    browser.choose(BUTTON).await?;
    browser.is_known_as("55555555").await?;
    browser.see("ninguna cuenta de Focaliza está vinculada").await?;
    browser.picture("unknown").await?;
    browser.choose(BUTTON).await?;
    browser.is_known_as("").await?;
    browser.see("No se completó el ingreso").await
}
