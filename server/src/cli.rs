//! The command line. It speaks Spanish to people; the log speaks English to machines.

use std::{ffi::OsString, io::IsTerminal as _, net::IpAddr, path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{
    Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ErrorKind},
};
use shared::api::{OFFLINE_DAYS, entry::Kind};
use tracing_subscriber::EnvFilter;

use crate::commands;

/// Done.
pub const DONE: u8 = 0;
/// Not done: disk, database, network, or data that cannot be used.
pub const FAILED: u8 = 1;
/// The command line was not understood.
pub const MISUSED: u8 = 2;
/// The exercise was checked, and something keeps it from being sent.
pub const BLOCKED: u8 = 3;

const CODES: &str = "\
Códigos de salida:
  0  hecho
  1  no se pudo: disco, base de datos, red o datos que no sirven
  2  la línea de órdenes no se entendió
  3  check: el ejercicio se revisó y algo impide enviarlo";

const TEMPLATE: &str = "{about}\n\nUso: {usage}\n\n{all-args}{after-help}";

/// Focaliza: la Focalización Regional, con o sin conexión.
#[derive(Debug, Parser)]
#[command(name = "focaliza", version, about)]
struct Line {
    #[command(subcommand)]
    command: Command,
    /// Cómo se escribe el registro de sucesos; por omisión, texto en una terminal y JSON si no
    #[arg(long, global = true, value_name = "FORMA")]
    log: Option<Format>,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines of text.
    #[value(help = "para personas")]
    Text,
    /// JSON.
    #[value(help = "para programas")]
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Atiende a los navegadores
    Serve(Serve),
    /// Atiende una reunión sin internet, con un archivo descargado de Focaliza
    Meeting(MeetingOptions),
    /// Crea la base de datos o la pone al día
    Migrate(Data),
    /// Cuentas de personas
    #[command(subcommand)]
    User(User),
    /// Revisa un archivo de ejercicio: totales y avisos
    Check {
        /// Archivo JSON de un ejercicio
        #[arg(value_name = "ARCHIVO")]
        file: PathBuf,
        /// Forma de la respuesta
        #[arg(long, value_name = "FORMA", default_value = "text")]
        format: Format,
        /// Día de la revisión, AAAA-MM-DD; por omisión, hoy
        #[arg(long, value_name = "FECHA")]
        date: Option<NaiveDate>,
    },
    /// Restaura un archivo JSON, con sus actos, versiones y recibos; no cambia lo que ya está
    Import {
        /// Archivo JSON de un ejercicio
        #[arg(value_name = "ARCHIVO")]
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Escribe un ejercicio como JSON, con sus actos, versiones y recibos
    Export {
        /// Región y año presupuestario, como 01-2027
        #[arg(value_name = "EJERCICIO")]
        exercise: String,
        /// Archivo; por omisión, la salida
        #[arg(long, value_name = "ARCHIVO")]
        out: Option<PathBuf>,
        /// También el contenido de los archivos adjuntos, y no solo su nombre y huella
        #[arg(long)]
        with_files: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Copia la base de datos, también mientras se usa, y revisa la copia
    Backup {
        /// Archivo de la copia; no debe existir
        #[arg(value_name = "ARCHIVO")]
        to: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}

/// Where the database is.
#[derive(Debug, Args)]
pub struct Data {
    /// Carpeta de la base de datos; se crea si falta
    #[arg(long = "data", value_name = "CARPETA", default_value = "data")]
    pub directory: PathBuf,
}

/// What is served, on which port, and to whom for how long.
#[derive(Debug, Args)]
pub struct Site {
    /// Where the database is.
    #[command(flatten)]
    pub data: Data,
    /// Carpeta de la aplicación construida
    #[arg(long, value_name = "CARPETA", default_value = "dist")]
    pub dist: PathBuf,
    /// Puerto TCP
    #[arg(long, value_name = "PUERTO", default_value_t = 8080)]
    pub port: u16,
    /// Días que una persona puede escribir en un equipo que no se encuentra con el servidor
    #[arg(long, value_name = "DÍAS", default_value_t = OFFLINE_DAYS)]
    pub offline_days: u16,
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// What, and on which port.
    #[command(flatten)]
    pub site: Site,
    /// Dirección en que se escucha; 0.0.0.0 para todas
    #[arg(long, value_name = "DIRECCIÓN", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Carga el ejercicio y las cuentas de demostración, si la base de datos está vacía
    #[arg(long)]
    pub demo: bool,
    /// Ensayo: se guía por la hora que dice un archivo, en milisegundos desde 1970 (UTC)
    #[arg(long, hide = true, value_name = "ARCHIVO")]
    pub clock: Option<PathBuf>,
    /// Marca la cookie de sesión como segura: cuando un proxy atiende por HTTPS
    #[arg(long)]
    pub secure_cookies: bool,
    /// Cree al proxy la dirección de quien pregunta (último valor de X-Forwarded-For)
    #[arg(long)]
    pub trust_proxy: bool,
    /// Reminding by mail.
    #[command(flatten)]
    pub mail: MailOptions,
    /// Signing in with an identity that somebody else vouches for.
    #[command(flatten)]
    pub oidc: OidcOptions,
}

/// Signing in with ClaveÚnica or another provider of OpenID Connect; nobody does where the application
/// has no name there.
#[derive(Debug, Args)]
pub struct OidcOptions {
    /// Identificador de Focaliza ante ClaveÚnica u otro proveedor de identidad (OpenID Connect)
    #[arg(long, env = "FOCALIZA_OIDC_CLIENT", value_name = "ID", requires_all = ["oidc_secret", "address"])]
    pub oidc_client: Option<String>,
    /// Archivo con el secreto de ese identificador
    #[arg(long, env = "FOCALIZA_OIDC_SECRET", value_name = "ARCHIVO", requires = "oidc_client")]
    pub oidc_secret: Option<PathBuf>,
    /// Clase de proveedor
    #[arg(long, env = "FOCALIZA_OIDC_KIND", value_name = "CLASE", default_value = "claveunica")]
    pub oidc_kind: OidcKind,
    /// Dirección del proveedor, si no es la de ClaveÚnica
    #[arg(long, env = "FOCALIZA_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// Cómo llaman las personas al proveedor, si no es ClaveÚnica
    #[arg(long, env = "FOCALIZA_OIDC_NAME", value_name = "NOMBRE")]
    pub oidc_name: Option<String>,
}

/// Kinds of providers, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OidcKind {
    /// ClaveÚnica.
    #[value(help = "ClaveÚnica: la persona se reconoce por su RUN")]
    Claveunica,
    /// OpenID Connect Core and Discovery.
    #[value(help = "OpenID Connect con descubrimiento: se reconoce por «sub»")]
    Standard,
}

impl From<OidcKind> for Kind {
    fn from(kind: OidcKind) -> Self {
        match kind {
            OidcKind::Claveunica => Self::ClaveUnica,
            OidcKind::Standard => Self::Standard,
        }
    }
}

/// Reminding people by mail of what is due; nobody is where no server is named.
#[derive(Debug, Args)]
pub struct MailOptions {
    /// Servidor de correo para los avisos de plazos: smtps://correo.example.org,
    /// smtp://correo.example.org:587?tls=required
    #[arg(long, value_name = "URL", requires_all = ["mail_from", "address"])]
    pub smtp: Option<String>,
    /// Remitente de los avisos: «Focaliza <avisos@example.org>»
    #[arg(long, value_name = "REMITENTE")]
    pub mail_from: Option<String>,
    /// Dirección con que las personas abren Focaliza: para los enlaces de los avisos y para volver de
    /// un proveedor de identidad
    #[arg(long, env = "FOCALIZA_ADDRESS", value_name = "URL")]
    pub address: Option<String>,
    /// Usuario en el servidor de correo
    #[arg(long, value_name = "USUARIO", requires = "smtp_secret")]
    pub smtp_user: Option<String>,
    /// Archivo con la contraseña de ese usuario
    #[arg(long, value_name = "ARCHIVO", requires = "smtp_user")]
    pub smtp_secret: Option<PathBuf>,
    /// Segundos entre una revisión y la siguiente
    #[arg(long, hide = true, value_name = "SEGUNDOS", default_value_t = 900)]
    pub mail_every: u64,
}

/// How to serve a meeting.
#[derive(Debug, Args)]
pub struct MeetingOptions {
    /// Archivo de la reunión («Archivos», «Llevar a una reunión sin internet»)
    #[arg(value_name = "ARCHIVO")]
    pub file: PathBuf,
    /// What, and on which port.
    #[command(flatten)]
    pub site: Site,
    /// Dirección en que se escucha; por omisión, todas las de este equipo
    #[arg(long, value_name = "DIRECCIÓN", default_value = "0.0.0.0")]
    pub host: IpAddr,
    /// Cómo encuentran los demás este equipo, si no es por la dirección que él mismo reconoce
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Crea una cuenta
    Add(NewUser),
    /// Muestra las cuentas
    List(Data),
    /// Cierra una cuenta y sus sesiones
    Disable(ExistingUser),
    /// Vuelve a abrir una cuenta
    Enable(ExistingUser),
    /// Cambia la contraseña y cierra las sesiones
    Password {
        /// Which account.
        #[command(flatten)]
        user: ExistingUser,
        /// Contraseña; si falta, se pide o se lee una línea de la entrada
        #[arg(long, value_name = "CONTRASEÑA")]
        password: Option<String>,
    },
}

/// An account to make.
#[derive(Debug, Args)]
pub struct NewUser {
    /// Nombre de la persona
    #[arg(long, value_name = "NOMBRE")]
    pub name: String,
    /// Nombre con que entra
    #[arg(long, value_name = "USUARIO")]
    pub login: String,
    /// Rol en el proceso
    #[arg(long, value_name = "ROL", value_parser = clap::builder::PossibleValuesParser::new(
        shared::access::Role::ALL.map(shared::access::Role::as_str)
    ))]
    pub role: String,
    /// Código de la región, de dos cifras, para los roles de una región
    #[arg(long, value_name = "CÓDIGO")]
    pub region: Option<String>,
    /// Contraseña; si falta, se pide o se lee una línea de la entrada
    #[arg(long, value_name = "CONTRASEÑA")]
    pub password: Option<String>,
    /// Where the database is.
    #[command(flatten)]
    pub data: Data,
}

/// An account that is there.
#[derive(Debug, Args)]
pub struct ExistingUser {
    /// Nombre con que entra
    #[arg(value_name = "USUARIO")]
    pub login: String,
    /// Where the database is.
    #[command(flatten)]
    pub data: Data,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let line = match parse(std::env::args_os()) {
        Ok(line) => line,
        Err(code) => return code,
    };
    start_log(line.log);
    match perform(line.command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn perform(command: Command) -> anyhow::Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve(options) => commands::serve::run(&options).await?,
            Command::Meeting(options) => commands::meeting::run(&options).await?,
            Command::Migrate(data) => commands::migrate(&data)?,
            Command::User(user) => commands::user::run(user).await?,
            Command::Check { file, format, date } => {
                let may_be_sent = commands::exercise::check(&file, format, date)?;
                return Ok(if may_be_sent { DONE } else { BLOCKED });
            }
            Command::Import { file, data } => commands::exercise::import(&file, &data).await?,
            Command::Export { exercise, out, with_files, data } => {
                commands::exercise::export(&exercise, out, with_files, &data).await?;
            }
            Command::Backup { to, data } => commands::back_up(to, &data).await?,
        }
        Ok(DONE)
    })
}

fn start_log(format: Option<Format>) {
    let text = match format {
        Some(format) => format == Format::Text,
        None => std::io::stderr().is_terminal(),
    };
    let filter = EnvFilter::try_from_env("FOCALIZA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
    if text { log.init() } else { log.json().flatten_event(true).init() }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Line, ExitCode> {
    let command = in_spanish(Line::command()).after_help(CODES);
    let parsed = command.try_get_matches_from(arguments);
    let parsed = parsed.and_then(|matches| Line::from_arg_matches(&matches));
    parsed.map_err(|error| {
        if error.use_stderr() {
            eprintln!("{}\nPara ver lo que hay: focaliza --help", explain(&error));
            ExitCode::from(MISUSED)
        } else {
            print!("{}", error.render());
            ExitCode::from(DONE)
        }
    })
}

fn in_spanish(command: clap::Command) -> clap::Command {
    let help = clap::Arg::new("help")
        .long("help")
        .short('h')
        .action(clap::ArgAction::Help)
        .help("Muestra esta ayuda");
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Órdenes")
        .subcommand_value_name("ORDEN")
        .next_help_heading("Opciones")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "Datos" } else { "Opciones" };
            arg.help_heading(heading).hide_possible_values(false)
        })
        .mut_subcommands(in_spanish)
}

/// What the person did wrong, in a sentence.
fn explain(error: &clap::Error) -> String {
    let said = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("No existe la opción «{}».", said(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidSubcommand => {
            format!("No existe la orden «{}».", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue => format!(
            "«{}» no sirve para {}. Valores posibles: {}.",
            said(ContextKind::InvalidValue),
            said(ContextKind::InvalidArg),
            said(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => format!(
            "«{}» no sirve para {}.",
            said(ContextKind::InvalidValue),
            said(ContextKind::InvalidArg)
        ),
        ErrorKind::MissingRequiredArgument => {
            format!("Falta {}.", said(ContextKind::InvalidArg))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "Falta la orden.".into()
        }
        _ => "La línea de órdenes no se entendió.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        let command = in_spanish(Line::command());
        explain(&command.try_get_matches_from(line.split_whitespace()).unwrap_err())
    }

    #[test]
    fn the_definition_holds_together() {
        in_spanish(Line::command()).debug_assert();
    }

    #[test]
    fn mistakes_are_explained_in_spanish() {
        assert_eq!(error("focaliza"), "Falta la orden.");
        assert_eq!(error("focaliza sirve"), "No existe la orden «sirve».");
        assert_eq!(error("focaliza serve --prot 1"), "No existe la opción «--prot».");
        assert_eq!(error("focaliza serve --port x"), "«x» no sirve para --port <PUERTO>.");
        assert!(error("focaliza user disable").starts_with("Falta <USUARIO>"));
    }

    #[test]
    fn help_has_no_english_headings() {
        let mut command = in_spanish(Line::command()).after_help(CODES);
        let help = command.render_long_help().to_string();
        for english in ["Usage", "Options", "Commands", "Arguments", "Print"] {
            assert!(!help.contains(english), "{english} in:\n{help}");
        }
    }
}
