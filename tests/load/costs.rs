//! What synchronisation costs: bytes and time where devices come anew, or come back.

use std::time::Instant;

use anyhow::Result;
use shared::{
    edit::Edit,
    key::Key,
    sync::{
        journal::Stored,
        replica::{Output, Replica},
    },
    value::Value,
};

use crate::{
    Options, clock,
    device::{Device, Traffic, cell, exercise, peer},
    server::Server,
};

/// The rows of an exercise of 60,000 cells.
const LARGE: usize = 5_000;
/// Edits of weeks without a network.
const OFFLINE: usize = 10_000;
/// Cells that they go to, in turn.
const CELLS: usize = 400;
/// What somebody who works all day on texts and figures does: texts of so many characters, sent
/// letter by letter as they are typed, and figures.
const DAY_TEXTS: usize = 12;
const DAY_LETTERS: usize = 400;
const DAY_FIGURES: usize = 160;
/// Bits per second of the link for which the time of coming back is told.
const LINK: f64 = 1e6;

/// What it costs.
pub struct Costs {
    /// Bytes from the server for the first opening of 60,000 cells.
    pub first_opening: usize,
    /// Bytes from a writer for each of ten edits that go together.
    pub of_ten: f64,
    /// Bytes both ways of somebody who works all day, with the network there.
    pub day: usize,
    /// Bytes that a colleague's device gets of it.
    pub day_of_other: usize,
    /// Bytes from a device that comes back with 10,000 edits.
    pub comeback: usize,
    /// Seconds until the server has all of them and the device knows it, where its link carries a
    /// million bits per second: the time on this machine, and that of the bytes.
    pub comeback_seconds: f64,
}

/// Measures it.
pub async fn measure(options: &Options) -> Result<Costs> {
    let server = Server::start(&options.program, LARGE).await?;
    let cookie = &server.sign_in().await?[0];
    let first = Device::open(&server.address, cookie, 0).await?;
    let first_opening = first.socket.traffic.down;

    let server = Server::start(&options.program, options.rows).await?;
    let cookie = &server.sign_in().await?[0];
    let come_back = async |number: usize, edits: usize| -> Result<(Traffic, f64)> {
        let mut replica = Replica::open(exercise(), peer(number), &[], Stored::default())?;
        // The cells hold something before: that an edit names its cell costs as much as the rest.
        for (round, edits) in [edits.min(CELLS), edits].into_iter().enumerate() {
            replica = Device::connect(&server.address, cookie, number, replica).await?.replica;
            replica.disconnected();
            for edit in 0..edits {
                let figure = 1_000_000 * (1 + round) + edit;
                write_offline(&mut replica, cell(edit % CELLS), figure as i64)?;
            }
        }
        let began: Instant = clock::now();
        let device = Device::connect(&server.address, cookie, number, replica).await?;
        Ok((device.socket.traffic, began.elapsed().as_secs_f64()))
    };
    let (nothing, _) = come_back(1, 0).await?;
    let (ten, _) = come_back(2, 10).await?;
    let (many, seconds) = come_back(3, OFFLINE).await?;
    let (day, day_of_other) = day(&server.address, cookie).await?;
    let bits = 8.0 * (many.up + many.down) as f64;
    Ok(Costs {
        first_opening,
        of_ten: (ten.up - nothing.up) as f64 / 10.0,
        day,
        day_of_other,
        comeback: many.up,
        comeback_seconds: seconds + bits / LINK,
    })
}

/// A day of work, letter by letter, each answered before the next; without the signs of who is where.
async fn day(address: &str, cookie: &str) -> Result<(usize, usize)> {
    let mut writer = Device::open(address, cookie, 4).await?;
    let mut colleague = Device::open(address, cookie, 5).await?;
    let [before, others_before] = [&writer, &colleague].map(|device| device.socket.traffic);
    for text in 0..DAY_TEXTS {
        let key = Key::parse(&format!("focus/load{text}/description"))?;
        for at in 0..DAY_LETTERS {
            let letter = char::from(b'a' + (at % 26) as u8).to_string();
            writer.type_at(key.clone(), at, &letter).await?;
            writer.settle().await?;
        }
    }
    for figure in 0..DAY_FIGURES {
        writer.write_at(cell(figure % CELLS), 5_000_000 + figure as i64).await?;
        writer.settle().await?;
    }
    let last = cell((DAY_FIGURES - 1) % CELLS);
    while colleague.figure(&last) != writer.figure(&last) {
        let frame = colleague.socket.next().await?;
        colleague.receive(&frame).await?;
    }
    let spent = |now: Traffic, before: Traffic| now.up + now.down - before.up - before.down;
    Ok((spent(writer.socket.traffic, before), spent(colleague.socket.traffic, others_before)))
}

/// Writes a figure where nobody hears of it.
fn write_offline(replica: &mut Replica, key: Key, figure: i64) -> Result<()> {
    let value = Some(Value::Money(figure));
    let mut outputs = replica.edit(vec![Edit::SetCell { key, value }])?.outputs;
    while !outputs.is_empty() {
        for output in std::mem::take(&mut outputs) {
            if let Output::Store { ticket, .. } = output {
                outputs.extend(replica.stored(ticket, true).outputs);
            }
        }
    }
    Ok(())
}
