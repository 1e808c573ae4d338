//! What is measured, and how.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use shared::{
    doc::Document,
    edit::Edit,
    protocol::{self, Blob, EntryNo, ToClient, ToServer},
    value::Value,
};
use tokio::{
    task::JoinSet,
    time::{interval_at, sleep, sleep_until},
};

use crate::{
    Options, clock,
    device::{Device, Socket, cell, exercise, peer},
    server::Server,
    watcher::Watcher,
};

/// Milliseconds from an edit to its being in another device's document.
pub struct Latency {
    /// How many edits were seen.
    pub edits: usize,
    /// Half of them took no longer.
    pub p50: f64,
    /// 95 of 100 took no longer.
    pub p95: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
}

/// Edits at full speed.
pub struct Throughput {
    /// Acknowledged in a second.
    pub per_second: f64,
    /// Acknowledged in a second of the server's processor time.
    pub per_cpu_second: f64,
}

/// The server's memory, in MB.
pub struct Memory {
    /// Everybody has opened the exercise and nobody writes.
    pub idle: f64,
    /// After everybody wrote for a while.
    pub active: f64,
    /// The most there ever was, signing in included.
    pub peak: f64,
}

/// Bytes of one isolated edit, with the headers of WebSocket frames.
pub struct Bytes {
    /// From its writer.
    pub up: f64,
    /// The acknowledgement.
    pub acknowledgement: f64,
    /// To each other device.
    pub down: f64,
}

/// All devices edit in turn; each is watched by its neighbour.
pub async fn latency(options: &Options) -> Result<Latency> {
    let server = Server::start(&options.program, options.rows).await?;
    let devices = open_all(&server, options.clients).await?;
    let mut taken = edit_in_turn(devices, options).await?;
    if taken.is_empty() {
        bail!("no edit arrived");
    }
    taken.sort_unstable();
    let at = |share: f64| {
        let place = ((taken.len() as f64 * share) as usize).min(taken.len() - 1);
        taken[place] as f64 / 1e6
    };
    Ok(Latency { edits: taken.len(), p50: at(0.50), p95: at(0.95), p99: at(0.99) })
}

/// A crowd opens the exercise and rests; then it edits as fast as for latency.
pub async fn memory(options: &Options) -> Result<Memory> {
    let server = Server::start(&options.program, options.rows).await?;
    let devices = open_all(&server, options.crowd).await?;
    // What was in use only while they came is given back after a moment.
    sleep(Duration::from_secs(3)).await;
    let (idle, _) = server.memory()?;
    edit_in_turn(devices, options).await?;
    let (active, peak) = server.memory()?;
    Ok(Memory { idle, active, peak })
}

/// All devices write without pause; they look only for the acknowledgements of what they wrote,
/// so that it is the server that is measured.
pub async fn throughput(options: &Options) -> Result<Throughput> {
    let server = Server::start(&options.program, options.rows).await?;
    let cookies = server.sign_in().await?;
    let mut sockets = Vec::new();
    for number in 0..options.clients {
        let cookie = &cookies[number % cookies.len()];
        sockets.push(Socket::connect(&server.address, cookie).await?);
    }
    let (began, before) = (clock::now(), server.processor()?);
    let until = began + options.duration;
    let mut devices = JoinSet::new();
    for (number, socket) in sockets.into_iter().enumerate() {
        devices.spawn(write_without_pause(socket, number, until));
    }
    let mut acknowledged = 0.0;
    while let Some(device) = devices.join_next().await {
        acknowledged += f64::from(device??);
    }
    let (seconds, processor) = (began.elapsed().as_secs_f64(), server.processor()? - before);
    Ok(Throughput {
        per_second: acknowledged / seconds,
        per_cpu_second: acknowledged / processor.max(0.01),
    })
}

/// Single edits with time between them.
pub async fn bytes(options: &Options) -> Result<Bytes> {
    const EDITS: usize = 20;
    let server = Server::start(&options.program, options.rows).await?;
    let cookies = server.sign_in().await?;
    let mut writer = Device::open(&server.address, &cookies[0], 0).await?;
    let mut reader = Device::open(&server.address, &cookies[1], 1).await?;
    let (mut to_writer, mut to_reader) = (writer.socket.traffic, reader.socket.traffic);
    // The first edit of a writer also tells who that is.
    for edit in 0..=EDITS {
        if edit == 1 {
            (to_writer, to_reader) = (writer.socket.traffic, reader.socket.traffic);
        }
        writer.write(1_000_000 + edit as i64).await?;
        while reader.figure(&cell(0)) != Some(1_000_000 + edit as i64) {
            let frame = reader.socket.next().await?;
            reader.receive(&frame).await?;
        }
        while writer.replica.status().unsent > 0 {
            let frame = writer.socket.next().await?;
            writer.receive(&frame).await?;
        }
    }
    let each = |now: usize, before: usize| (now - before) as f64 / EDITS as f64;
    Ok(Bytes {
        up: each(writer.socket.traffic.up, to_writer.up),
        acknowledgement: each(writer.socket.traffic.down, to_writer.down),
        down: each(reader.socket.traffic.down, to_reader.down),
    })
}

async fn open_all(server: &Server, count: usize) -> Result<Vec<Device>> {
    let cookies = server.sign_in().await?;
    let mut devices = Vec::new();
    for number in 0..count {
        let cookie = &cookies[number % cookies.len()];
        devices.push(Device::open(&server.address, cookie, number).await?);
    }
    Ok(devices)
}

/// The nanoseconds that each edit took to its writer's neighbour.
async fn edit_in_turn(opened: Vec<Device>, options: &Options) -> Result<Vec<u64>> {
    let clients = opened.len();
    let watchers = opened.into_iter().enumerate();
    let watchers: Vec<_> = watchers
        .map(|(number, device)| Watcher::new(device, number, (number + 1) % clients))
        .collect::<Result<_>>()?;
    let began = clock::now() + Duration::from_millis(500);
    let between = Duration::from_secs_f64(clients as f64 / options.rate);
    let mut devices = JoinSet::new();
    for (number, watcher) in watchers.into_iter().enumerate() {
        let first = began + between.mul_f64(number as f64 / clients as f64);
        let turns = Turns { began, first, between, until: began + options.duration };
        devices.spawn(edit_and_watch(watcher, turns));
    }
    let mut taken = Vec::new();
    while let Some(device) = devices.join_next().await {
        taken.extend(device??);
    }
    Ok(taken)
}

/// When a device edits.
struct Turns {
    began: Instant,
    first: Instant,
    between: Duration,
    until: Instant,
}

/// Each figure that is written says when: nanoseconds since the beginning.
async fn edit_and_watch(mut device: Watcher, turns: Turns) -> Result<Vec<u64>> {
    let since = || u64::try_from(turns.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let mut turn = interval_at(turns.first.into(), turns.between);
    let end = sleep_until((turns.until + Duration::from_secs(1)).into());
    tokio::pin!(end);
    let mut taken = Vec::new();
    loop {
        tokio::select! {
            frame = device.socket.next() => {
                let figures = device.receive(&frame?)?;
                taken.extend(figures.into_iter().map(|figure| since() - figure.cast_unsigned()));
            }
            _ = turn.tick() => {
                if clock::now() < turns.until {
                    device.write(since().cast_signed()).await?;
                }
            }
            () = &mut end => return Ok(taken),
        }
    }
}

/// How many edits were acknowledged.
async fn write_without_pause(mut socket: Socket, number: usize, until: Instant) -> Result<EntryNo> {
    /// Edits that a device sends before it waits for their acknowledgements.
    const AHEAD: EntryNo = 8;
    let (exercise, peer) = (exercise(), peer(number));
    let mut document = Document::new(exercise, peer);
    socket.feed(&ToServer::Open { exercise, epoch: 0, cursor: 0, peers: vec![peer] }).await?;
    let (mut sent, mut acknowledged) = (0, 0);
    loop {
        let is_over = clock::now() >= until;
        while !is_over && sent < acknowledged + AHEAD {
            sent += 1;
            let value = Some(Value::Money(sent.into()));
            let update = document.apply(&[Edit::SetCell { key: cell(number), value }])?.update;
            let entries = vec![Blob(update)];
            socket.feed(&ToServer::Push { exercise, peer, first: sent, entries }).await?;
        }
        if is_over && sent == acknowledged {
            return Ok(acknowledged);
        }
        socket.flush().await?;
        match protocol::decode(&socket.next().await?) {
            Ok(ToClient::Updates { entries, .. }) => {
                let own = entries.iter().filter(|entry| entry.peer == peer);
                acknowledged = own.map(|entry| entry.entry).max().unwrap_or(acknowledged);
            }
            // Acknowledgements are looked for, not the exercise.
            Ok(ToClient::Opened { epoch, head, base: Some(_), .. }) => {
                let peers = vec![peer];
                socket.feed(&ToServer::Open { exercise, epoch, cursor: head, peers }).await?;
            }
            Ok(ToClient::Opened { .. } | ToClient::Writers { .. }) => {}
            other => bail!("the server answered {other:?}"),
        }
    }
}
