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
/// Bits per second of the link for which the time of coming back is told.
const LINK: f64 = 1e6;

/// What it costs.
pub struct Costs {
    /// Bytes from the server for the first opening of 60,000 cells.
    pub first_opening: usize,
    /// Bytes from a writer for each of ten edits that go together.
    pub of_ten: f64,
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
    let bits = 8.0 * (many.up + many.down) as f64;
    Ok(Costs {
        first_opening,
        of_ten: (ten.up - nothing.up) as f64 / 10.0,
        comeback: many.up,
        comeback_seconds: seconds + bits / LINK,
    })
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
