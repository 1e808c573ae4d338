//! One open exercise: a task that owns its [`Room`] and does what it asks for.

use std::{
    collections::HashMap, error::Error, future::Future, pin::Pin, sync::Arc, time::Duration,
};

use axum::body::Bytes;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use shared::{
    doc::MergeError,
    ids::ExerciseId,
    protocol::{self, Code, LogEntry, Seq, ToClient, ToServer},
    sync::{
        Ticket,
        presence::Presence,
        room::{Brought, ConnId, Member, Output, Room, RoomState},
    },
};
use tokio::{sync::mpsc, task::block_in_place, time::sleep};

use super::{Outgoing, Rooms};
use crate::{
    clock,
    store::{self, Store},
};

/// Messages that wait for a room: then its connections wait.
pub const WAITING: usize = 64;
/// A room that nobody is in is kept for so long: who lost the network for a moment finds it open.
const LINGER: Duration = Duration::from_secs(15);
/// Entries after the base from which on a new base is stored: reading them takes some 20 ms.
const BASE_AFTER: Seq = 1_000;
/// Bytes of updates that take a millisecond or two to merge; more is done where it holds up none
/// of the other tasks.
const QUICK: usize = 8 * 1024;
/// How long a room waits after the database failed, the first time and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(8));

/// How long what people do is gathered before the others are told: carets move while text grows,
/// and sixty people cost no more than one.
const GATHER: Duration = Duration::from_millis(120);
/// How often people are looked for of whom nothing is heard any more.
const SWEEP: Duration = Duration::from_secs(15);

/// What a connection tells a room.
pub enum Told {
    /// A message about this exercise.
    Message {
        /// From this connection.
        conn: ConnId,
        /// Whose it is.
        member: Arc<Member>,
        /// Where answers go.
        outgoing: Outgoing,
        /// The message.
        message: ToServer,
    },
    /// Entries that somebody brings from a meeting.
    Brought {
        /// A connection that has opened the exercise.
        conn: ConnId,
        /// Whose it is.
        member: Arc<Member>,
        /// The entries.
        brought: Brought,
    },
    /// The connection follows the exercise no longer.
    Left(ConnId),
    /// The log was written by somebody else.
    Written,
}

/// What came of something that the room asked for.
enum Done {
    Committed {
        ticket: Ticket,
        at: i64,
        result: store::Result<()>,
    },
    /// Failed before, and the pause after it is over.
    GivenUp {
        ticket: Ticket,
    },
    Read {
        to: ConnId,
        entries: Vec<(Seq, LogEntry)>,
    },
    Loaded(store::Result<RoomState>),
    BaseStored(store::Result<Seq>),
    /// What people did was gathered for long enough.
    Gathered,
    /// It is time to look for people who fell silent.
    Sweep,
}

type Work = Pin<Box<dyn Future<Output = Done> + Send>>;

/// Runs the room of an exercise until nobody needs it.
pub async fn run(exercise: ExerciseId, store: Store, rooms: Rooms, mut told: mpsc::Receiver<Told>) {
    let mut task = match Task::open(exercise, store).await {
        Ok(task) => task,
        Err(error) => {
            tracing::error!(%exercise, cause = %error, "room not opened");
            rooms.forget(exercise);
            return refuse_all(exercise, told).await;
        }
    };
    tracing::debug!(%exercise, head = task.room.head(), "room opened");
    while !task.is_broken {
        tokio::select! {
            told = told.recv() => match told {
                Some(told) => task.hear(told),
                None => break,
            },
            Some(done) = task.work.next() => task.go_on(done),
            () = sleep(LINGER), if task.is_idle() => {
                if rooms.close(exercise, &told) {
                    break;
                }
            }
        }
    }
    if task.is_broken {
        rooms.forget(exercise);
        return refuse_all(exercise, told).await;
    }
    task.store_base(1);
    while task.work.next().await.is_some() {}
    tracing::debug!(%exercise, "room closed");
}

/// Answers everybody who waits that the exercise cannot be had just now.
async fn refuse_all(exercise: ExerciseId, mut told: mpsc::Receiver<Told>) {
    told.close();
    while let Some(told) = told.recv().await {
        if let Told::Message { outgoing, .. } = told {
            outgoing.push(frame(&failed(exercise)));
        }
    }
}

fn failed(exercise: ExerciseId) -> ToClient {
    ToClient::Failed { exercise: Some(exercise), code: Code::Unavailable }
}

fn frame(message: &ToClient) -> Bytes {
    protocol::encode(message).into()
}

struct Task {
    exercise: ExerciseId,
    store: Store,
    room: Room,
    connections: HashMap<ConnId, Outgoing>,
    work: FuturesUnordered<Work>,
    /// Bytes of updates that the room was given and has not merged yet.
    unmerged: usize,
    /// How long to wait should the database fail now.
    pause: Duration,
    /// The place of the base that is stored.
    based: Seq,
    is_storing_base: bool,
    /// What is stored cannot be read as an exercise.
    is_broken: bool,
    presence: Presence,
    is_gathering: bool,
    is_sweeping: bool,
}

impl Task {
    async fn open(
        exercise: ExerciseId,
        store: Store,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let state = store.room(exercise).await?;
        let based = state.base.as_ref().map_or(0, |(seq, _)| *seq);
        let room = block_in_place(|| Room::load(exercise, store.epoch(), state))?;
        Ok(Self {
            exercise,
            store,
            room,
            connections: HashMap::new(),
            work: FuturesUnordered::new(),
            unmerged: 0,
            pause: PAUSES.0,
            based,
            is_storing_base: false,
            is_broken: false,
            presence: Presence::default(),
            is_gathering: false,
            is_sweeping: false,
        })
    }

    fn is_idle(&self) -> bool {
        self.connections.is_empty() && self.work.is_empty()
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Message { conn, member, outgoing, message: ToServer::Here { place, .. } } => {
                self.connections.entry(conn).or_insert(outgoing);
                self.presence.say(conn, &member, place, clock::now());
                self.gather();
            }
            Told::Message { conn, member, outgoing, message } => {
                self.connections.entry(conn).or_insert(outgoing);
                if let ToServer::Push { entries, .. } | ToServer::Carry { entries, .. } = &message {
                    self.unmerged += entries.iter().map(|entry| entry.0.len()).sum::<usize>();
                }
                let outputs = self.drive(|room| room.receive(conn, &member, message));
                self.perform(outputs);
            }
            Told::Brought { conn, member, brought } => {
                self.unmerged += brought.entries.iter().map(|entry| entry.0.len()).sum::<usize>();
                let outputs = self.drive(|room| room.bring(conn, &member, brought));
                self.perform(outputs);
            }
            Told::Left(conn) => {
                self.room.leave(conn);
                self.connections.remove(&conn);
                self.presence.leave(conn);
                self.gather();
            }
            Told::Written => {
                let outputs = self.room.written_elsewhere();
                self.perform(outputs);
            }
        }
    }

    fn go_on(&mut self, done: Done) {
        match done {
            Done::Committed { ticket, at, result: Ok(()) } => {
                self.pause = PAUSES.0;
                let outputs = self.drive(|room| room.committed(ticket, at, true));
                self.perform(outputs);
                self.store_base(BASE_AFTER);
            }
            Done::Committed { ticket, result: Err(error), .. } => {
                tracing::error!(exercise = %self.exercise, cause = %error, "edits not committed");
                self.tell_all(&failed(self.exercise));
                let pause = self.next_pause();
                self.work.push(Box::pin(async move {
                    sleep(pause).await;
                    Done::GivenUp { ticket }
                }));
            }
            Done::GivenUp { ticket } => {
                let outputs = self.room.committed(ticket, 0, false);
                self.perform(outputs);
            }
            Done::Read { to, entries } => {
                let outputs = self.room.log_read(to, entries);
                self.perform(outputs);
            }
            Done::Loaded(Ok(state)) => match block_in_place(|| self.room.reload(state)) {
                Ok(outputs) => self.perform(outputs),
                Err(error) => self.give_up(&error),
            },
            Done::Loaded(Err(error)) => {
                tracing::error!(exercise = %self.exercise, cause = %error, "log not read");
                let pause = self.next_pause();
                self.load(pause);
            }
            Done::Gathered => {
                self.is_gathering = false;
                for (to, message) in self.presence.tell(self.exercise) {
                    self.perform(vec![Output::Broadcast { to, message }]);
                }
            }
            Done::Sweep => {
                self.is_sweeping = false;
                self.presence.forget_silent(clock::now());
                self.gather();
            }
            Done::BaseStored(result) => {
                self.is_storing_base = false;
                match result {
                    Ok(seq) => self.based = seq,
                    Err(error) => {
                        tracing::warn!(exercise = %self.exercise, cause = %error, "base not stored");
                    }
                }
            }
        }
    }

    /// Tells of what people did, in a moment.
    fn gather(&mut self) {
        if self.presence.has_news() && !self.is_gathering {
            self.is_gathering = true;
            self.work.push(Box::pin(async {
                sleep(GATHER).await;
                Done::Gathered
            }));
        }
        if !self.presence.is_empty() && !self.is_sweeping {
            self.is_sweeping = true;
            self.work.push(Box::pin(async {
                sleep(SWEEP).await;
                Done::Sweep
            }));
        }
    }

    /// Lets the room work; where that may take a while, so that no other task waits for it.
    fn drive(&mut self, step: impl FnOnce(&mut Room) -> Vec<Output>) -> Vec<Output> {
        if self.unmerged > QUICK {
            block_in_place(|| step(&mut self.room))
        } else {
            step(&mut self.room)
        }
    }

    fn perform(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Send { to, message } => {
                    if let Some(outgoing) = self.connections.get(&to) {
                        outgoing.push(frame(&message));
                    }
                }
                Output::Broadcast { to, message } => {
                    let frame = frame(&message);
                    for outgoing in to.iter().filter_map(|conn| self.connections.get(conn)) {
                        outgoing.push(frame.clone());
                    }
                }
                Output::Commit { ticket, first, entries, bindings } => {
                    self.unmerged = 0;
                    let (exercise, store, at) = (self.exercise, self.store.clone(), clock::now());
                    self.work.push(Box::pin(async move {
                        let result = store.append(exercise, first, entries, bindings, at).await;
                        Done::Committed { ticket, at, result }
                    }));
                }
                Output::ReadLog { to, from, up_to } => self.read_log(to, from, up_to),
                Output::Reload => self.load(Duration::ZERO),
            }
        }
    }

    /// Reads for somebody who catches up, once most of what was read before is sent.
    fn read_log(&mut self, to: ConnId, from: Seq, up_to: Seq) {
        let (exercise, store) = (self.exercise, self.store.clone());
        let outgoing = self.connections.get(&to).cloned();
        self.work.push(Box::pin(async move {
            if let Some(outgoing) = outgoing {
                outgoing.nearly_sent().await;
            }
            let entries = store.log(exercise, from, up_to).await.unwrap_or_else(|error| {
                tracing::error!(%exercise, cause = %error, "log not read");
                Vec::new()
            });
            Done::Read { to, entries }
        }));
    }

    fn load(&mut self, pause: Duration) {
        let (exercise, store) = (self.exercise, self.store.clone());
        self.work.push(Box::pin(async move {
            sleep(pause).await;
            Done::Loaded(store.room(exercise).await)
        }));
    }

    /// Stores a base where the one that is stored is at least so many entries old.
    fn store_base(&mut self, age: Seq) {
        if self.is_storing_base || self.room.head() - self.based < age {
            return;
        }
        let Some((seq, document)) = block_in_place(|| self.room.base()) else { return };
        self.is_storing_base = true;
        let (exercise, store) = (self.exercise, self.store.clone());
        self.work.push(Box::pin(async move {
            let stored = store.put_base(exercise, seq, document).await;
            Done::BaseStored(stored.map(|()| seq))
        }));
    }

    fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (2 * pause).min(PAUSES.1);
        pause
    }

    fn give_up(&mut self, error: &MergeError) {
        tracing::error!(exercise = %self.exercise, cause = %error, "the log is no exercise");
        self.tell_all(&failed(self.exercise));
        self.is_broken = true;
    }

    fn tell_all(&self, message: &ToClient) {
        let frame = frame(message);
        for outgoing in self.connections.values() {
            outgoing.push(frame.clone());
        }
    }
}
