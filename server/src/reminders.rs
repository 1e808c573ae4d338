//! Reminding people by mail of what is due. What is told, and when, is said in
//! [`shared::process::reminder`]; here it is sent, kept, and tried again where it did not go.

use std::{
    collections::HashMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use chrono::Timelike as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use shared::{
    calendar::legal_time::legal_time,
    process::{
        Process,
        reminder::{mail, reminders},
    },
};

use crate::{
    app::App,
    cli::MailOptions,
    clock, process,
    store::{self, Account},
};

/// Hours of the legal day in which mails go: nobody wants one at midnight.
const HOURS: std::ops::Range<u32> = 8..20;
/// How long a server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(30);
/// Times that the pause after a failure doubles: with a quarter of an hour, up to eight hours.
const DOUBLED: u32 = 5;
/// Where the days of Sercotec's centre are counted.
const CENTRE: &str = "13";

/// Where mails are handed over, and what they say of themselves.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    address: String,
    every: Duration,
}

/// Mails that did not go, by the number of the account.
type Failures = HashMap<i64, (u32, Instant)>;

impl Post {
    /// `None` where no server is configured.
    pub fn new(options: &MailOptions) -> Result<Option<Self>> {
        let (Some(smtp), Some(from), Some(address)) =
            (&options.smtp, &options.mail_from, &options.address)
        else {
            return Ok(None);
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp)
            .context("No se entiende la dirección del servidor de correo (--smtp)")?
            .timeout(Some(PATIENCE));
        if let (Some(user), Some(secret)) = (&options.smtp_user, &options.smtp_secret) {
            transport = transport.credentials(Credentials::new(user.clone(), read(secret)?));
        }
        Ok(Some(Self {
            transport: transport.build(),
            from: from.parse().context("No se entiende el remitente (--mail-from)")?,
            address: address.trim_end_matches('/').to_owned(),
            every: Duration::from_secs(options.mail_every),
        }))
    }
}

fn read(secret: &Path) -> Result<String> {
    let shown = secret.display();
    let text =
        std::fs::read_to_string(secret).with_context(|| format!("No se pudo leer «{shown}»"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Reminds for as long as the server runs.
pub async fn run(app: Arc<App>, post: Post) {
    let mut failures = Failures::new();
    loop {
        if let Err(error) = round(&app, &post, &mut failures).await {
            tracing::error!(cause = %error, "people were not reminded");
        }
        tokio::time::sleep(post.every).await;
    }
}

/// Writes to everybody who is to be reminded of something now.
async fn round(app: &App, post: &Post, failures: &mut Failures) -> store::Result<()> {
    let people = app.store.reminded().await?;
    if people.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let mut all = Vec::new();
    for exercise in app.store.exercises().await? {
        let acts = app.store.acts(exercise.id).await?;
        let previous = process::find_previous(&app.store, exercise.id).await?;
        all.push((exercise.id, acts, previous));
    }
    let processes: Vec<Process<'_>> =
        all.iter().map(|(id, acts, previous)| Process::new(*id, acts, now, *previous)).collect();
    for (account, email) in people {
        let here = legal_time(now, account.grant.region.as_deref().unwrap_or(CENTRE));
        let waits = failures.get(&account.id).is_some_and(|(_, next)| clock::steady() < *next);
        if waits || !HOURS.contains(&here.hour()) {
            continue;
        }
        let (sent, last) = app.store.sent(account.id).await?;
        if last.is_some_and(|last| last >= here.date()) {
            continue;
        }
        let told = reminders(&account.grant, &processes, &sent);
        let Some(mail) = mail(&account.name, &post.address, &told) else { continue };
        let user = account.id;
        match send(post, &account, &email, mail.subject, mail.text).await {
            Ok(()) => {
                failures.remove(&user);
                let told = told.iter().map(|one| one.of).collect();
                app.store.put_sent(account, told, here.date(), now).await?;
                tracing::info!(user, "reminded");
            }
            Err(error) => {
                let (times, next) = failures.entry(user).or_insert((0, clock::steady()));
                *next = clock::steady() + post.every * 2_u32.pow((*times).min(DOUBLED));
                *times += 1;
                tracing::warn!(user, times, cause = %error, "a reminder did not go");
            }
        }
    }
    Ok(())
}

async fn send(post: &Post, to: &Account, email: &str, subject: String, text: String) -> Result<()> {
    let message = Message::builder()
        .from(post.from.clone())
        .to(Mailbox::new(Some(to.name.clone()), email.parse()?))
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text)?;
    post.transport.send(message).await?;
    Ok(())
}
