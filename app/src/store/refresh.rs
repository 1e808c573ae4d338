//! Bringing an exercise that nobody looks at up to date: what waits is sent, what others wrote is
//! stored.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use shared::{api::Person, ids::ExerciseId, protocol::Code, sync::replica::Link};

use super::Open;
use crate::{clock, session::Session, storage::Failure, sync};

/// How often it is looked at.
const LOOK_MS: u32 = 200;
/// After so long without a connection it is given up until the next time.
const PATIENCE_MS: i64 = 30_000;

/// Why an exercise was not brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// There is no connection.
    Offline,
    /// The server does not serve it to this person.
    Denied(Code),
    /// Not all of it could be stored.
    Storage(Failure),
    /// The page was left: what is under way goes on when the exercise is opened.
    Left,
}

/// Brings an exercise up to date, while no other is open in this tab and as long as it is wanted.
/// Bytes of how many are told on the way.
pub async fn refresh(
    session: Session,
    person: Person,
    exercise: ExerciseId,
    is_wanted: impl Fn() -> bool,
    told: impl Fn(u32, u32),
) -> Result<(), Hindrance> {
    let open = Open::open(session, person, exercise).await.map_err(Hindrance::Storage)?;
    let result = arrived(&open, is_wanted, told).await;
    open.close();
    result
}

async fn arrived(
    open: &Rc<Open>,
    is_wanted: impl Fn() -> bool,
    told: impl Fn(u32, u32),
) -> Result<(), Hindrance> {
    let mut heard = clock::now();
    loop {
        TimeoutFuture::new(LOOK_MS).await;
        if !is_wanted() {
            return Err(Hindrance::Left);
        }
        let status = open.status.get_untracked();
        if let Link::Denied(code) = status.link {
            return Err(Hindrance::Denied(code));
        }
        if !open.keeper().is_lasting() || status.is_store_failing {
            return Err(Hindrance::Storage(Failure::Refused));
        }
        if let Some((done, size)) = status.fetch {
            told(done, size);
        }
        if status.agreed && status.unsent == 0 {
            return Ok(());
        }
        match open.connection.link_now() {
            sync::Link::Online | sync::Link::Quiet => heard = clock::now(),
            _ if clock::now() - heard > PATIENCE_MS => return Err(Hindrance::Offline),
            _ => {}
        }
    }
}
