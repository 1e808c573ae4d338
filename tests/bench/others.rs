//! Somebody else who writes into the rows that are on the screen, fifty times a second.

use std::time::Duration;

use anyhow::Result;
use shared::{ids::RowId, key::Key, template::TableId};
use tokio::{select, sync::oneshot, task::JoinHandle, time::interval};

use crate::device::{Device, sign_in};

const EVERY: Duration = Duration::from_millis(20);
/// As many rows are in view.
const ROWS: usize = 10;

/// The other person, at work.
pub struct Others {
    end: oneshot::Sender<()>,
    task: JoinHandle<Result<()>>,
}

/// Opens the exercise on another device and begins to write.
pub async fn start(address: &str) -> Result<Others> {
    let cookie = sign_in(address, "bruno", "demo-focaliza").await?;
    let device = Device::open(address, &cookie, 0).await?;
    let (end, ended) = oneshot::channel();
    Ok(Others { end, task: tokio::spawn(write(device, ended)) })
}

impl Others {
    /// Has them stop.
    pub async fn stop(self) -> Result<()> {
        // Where nobody listens any more, the task tells why.
        let _ = self.end.send(());
        self.task.await?
    }
}

async fn write(mut device: Device, mut ended: oneshot::Receiver<()>) -> Result<()> {
    let mut turn = interval(EVERY);
    let mut figure = 1_000_000;
    loop {
        select! {
            _ = &mut ended => return Ok(()),
            frame = device.socket.next() => device.receive(&frame?).await?,
            _ = turn.tick() => {
                figure += 1_000;
                let row = RowId::new(&format!("r{}", (figure / 1_000) as usize % ROWS))?;
                device.write_at(Key::cell(TableId::Focus, &row, "budget"), figure).await?;
            }
        }
    }
}
