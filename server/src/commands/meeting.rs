//! Serving a meeting: an exercise on a laptop, for the tablets of one network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use anyhow::{Context as _, Result};
use shared::{limits, meeting::Meeting};

use super::{lock, serve};
use crate::{
    app::{AtMeeting, Config},
    auth::cookie::Cookie,
    cli::MeetingOptions,
    qr,
    store::{Error, Store},
};

/// What a code is made of: nothing that is read as something else.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE: usize = 10;

/// Serves until it is told to end. A meeting that was interrupted goes on with what there is.
pub async fn run(options: &MeetingOptions) -> Result<()> {
    let shown = options.file.display();
    let length =
        std::fs::metadata(&options.file).with_context(|| format!("No se pudo leer «{shown}»"))?;
    anyhow::ensure!(
        length.len() <= limits::IMPORT_BYTES as u64,
        "«{shown}» es más grande que cualquier archivo de reunión."
    );
    let file =
        std::fs::read(&options.file).with_context(|| format!("No se pudo leer «{shown}»"))?;
    let meeting = Meeting::read(&file)?;
    let exercise = meeting.exercise;
    let store = Store::open(&options.site.data.directory)?;
    let _lock = lock(&options.site.data.directory)?;
    match store.found(meeting).await {
        Ok(()) => println!("Reunión del ejercicio {exercise}."),
        Err(Error::Taken) => println!("La reunión del ejercicio {exercise} sigue donde quedó."),
        Err(error) => return Err(error.into()),
    }
    let listener = serve::listen(SocketAddr::new(options.host, options.site.port)).await?;
    let port = listener.local_addr()?.port();
    let address = match &options.address {
        Some(address) => address.trim_end_matches('/').to_owned(),
        None => format!("http://{}", SocketAddr::new(own_address(options.host), port)),
    };
    let at = AtMeeting { exercise, code: new_code()?, address };
    println!("Quienes participan escanean este código, o abren {}", at.way());
    println!("{}", qr::terminal(&at.way())?);
    println!("Al terminar, descarga la reunión en «Archivos» y tráela al servidor central.");
    let config = Config {
        dist: options.site.dist.clone(),
        cookie: Cookie { secure: false },
        trust_proxy: false,
        offline_days: options.site.offline_days,
        meeting: Some(at),
    };
    serve::serve(config, store, listener, None, None).await
}

fn new_code() -> Result<String> {
    let mut drawn = [0; CODE];
    getrandom::fill(&mut drawn).context("No hay números al azar")?;
    Ok(drawn.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect())
}

/// This machine's address in its network. Nothing is sent: the system is asked by which way it would.
fn own_address(host: IpAddr) -> IpAddr {
    if !host.is_unspecified() {
        return host;
    }
    let way_out = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    };
    way_out().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}
