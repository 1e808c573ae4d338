//! One device's connection, whatever carries its frames.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use shared::{
    ids::ExerciseId,
    limits,
    protocol::{self, Code, ToClient, ToServer},
    rules::RULES_VERSION,
    sync::room::{ConnId, Member},
    territory,
};
use tokio::sync::mpsc;

use super::{Closed, Outgoing, Rooms, live::ConnIds, room::Told};
use crate::clock;

/// One device's connection.
pub struct Connection {
    id: ConnId,
    member: Arc<Member>,
    outgoing: Outgoing,
    rooms: Rooms,
    /// The build of the application that the server offers, and what it understands.
    build: String,
    entered: HashMap<ExerciseId, mpsc::Sender<Told>>,
    heres: Heres,
    ids: ConnIds,
    /// The other tabs of the device, each as if it had a connection of its own.
    lanes: HashMap<u32, Self>,
    is_lane: bool,
}

/// How often somebody said where they are, in the present ten seconds.
struct Heres {
    since: Instant,
    count: u32,
}

impl Connection {
    /// A connection that follows nothing yet.
    #[must_use]
    pub fn new(
        id: ConnId,
        member: Member,
        outgoing: Outgoing,
        rooms: Rooms,
        build: &str,
        ids: ConnIds,
    ) -> Self {
        let build = protocol::introduction(build);
        Self::with(id, Arc::new(member), outgoing, rooms, build, ids)
    }

    fn with(
        id: ConnId,
        member: Arc<Member>,
        outgoing: Outgoing,
        rooms: Rooms,
        build: String,
        ids: ConnIds,
    ) -> Self {
        let (entered, lanes, is_lane) = (HashMap::new(), HashMap::new(), false);
        let heres = Heres::new();
        Self { id, member, outgoing, rooms, build, entered, heres, ids, lanes, is_lane }
    }

    /// That of another tab of the device, whose frames come and go on this one.
    fn lane(&self, lane: u32) -> Self {
        let (id, ids, member) = (self.ids.next(), self.ids.clone(), Arc::clone(&self.member));
        let outgoing = self.outgoing.of_lane(lane);
        let (rooms, build) = (self.rooms.clone(), self.build.clone());
        Self { is_lane: true, ..Self::with(id, member, outgoing, rooms, build, ids) }
    }

    /// Takes a frame from the device. After `Err` nothing more is taken; what waits to be sent
    /// says why.
    pub async fn receive(&mut self, frame: &[u8]) -> Result<(), Closed> {
        match protocol::decode(frame) {
            Ok(ToServer::Hello { rules, build }) => {
                tracing::debug!(user = self.member.user, rules, build, "device says hello");
                let build = self.build.clone();
                self.send(&ToClient::Welcome { rules: RULES_VERSION, build });
            }
            Ok(ToServer::Ping) => self.send(&ToClient::Pong),
            Ok(ToServer::Lane { .. } | ToServer::EndLane { .. }) if self.is_lane => {
                return Err(self.refuse(Code::Malformed));
            }
            Ok(ToServer::Lane { lane, frame }) => return self.pass_to_lane(lane, &frame.0).await,
            Ok(ToServer::EndLane { lane }) => {
                if let Some(lane) = self.lanes.remove(&lane) {
                    Box::pin(lane.leave()).await;
                }
            }
            Ok(ToServer::Here { exercise, place }) => {
                if frame.len() > limits::PRESENCE_BYTES {
                    return Err(self.refuse(Code::TooLarge));
                }
                if place.as_ref().is_some_and(|place| !place.is_sound()) {
                    return Err(self.refuse(Code::Malformed));
                }
                // What is said too often is not heard; the next one counts again.
                if self.heres.take() {
                    self.pass_on(ToServer::Here { exercise, place }).await;
                }
            }
            Ok(message) => self.pass_on(message).await,
            Err(code) => return Err(self.refuse(code)),
        }
        Ok(())
    }

    /// Ends the connection because of what it sent.
    pub fn refuse(&self, code: Code) -> Closed {
        tracing::warn!(user = self.member.user, ?code, "frame refused, connection closed");
        self.send(&ToClient::Failed { exercise: None, code });
        self.outgoing.close();
        Closed
    }

    /// Leaves all rooms.
    pub async fn leave(self) {
        for lane in self.lanes.into_values() {
            Box::pin(lane.leave()).await;
        }
        for room in self.entered.into_values() {
            // A room that is closed has forgotten it already.
            let _ = room.send(Told::Left(self.id)).await;
        }
    }

    async fn pass_to_lane(&mut self, lane: u32, frame: &[u8]) -> Result<(), Closed> {
        if let Some(connection) = self.lanes.get_mut(&lane) {
            return Box::pin(connection.receive(frame)).await;
        }
        if self.lanes.len() >= limits::LANES {
            return Err(self.refuse(Code::TooLarge));
        }
        let mut connection = self.lane(lane);
        let received = Box::pin(connection.receive(frame)).await;
        self.lanes.insert(lane, connection);
        received
    }

    async fn pass_on(&mut self, message: ToServer) {
        let Some(exercise) = exercise_of(&message) else { return };
        if matches!(message, ToServer::Close { .. }) {
            if let Some(room) = self.entered.remove(&exercise) {
                let _ = room.send(Told::Left(self.id)).await;
            }
            return;
        }
        let is_there = territory::region(exercise.region()).is_some();
        if !is_there || !self.member.grant.may_read(exercise) {
            return self.fail(exercise, Code::Forbidden);
        }
        let is_new = !self.entered.contains_key(&exercise);
        if is_new && self.entered.len() >= limits::OPEN_EXERCISES {
            return self.fail(exercise, Code::TooLarge);
        }
        if is_new {
            self.rooms.note_opened(self.member.user, exercise);
        }
        let (conn, member) = (self.id, Arc::clone(&self.member));
        let told = Told::Message { conn, member, outgoing: self.outgoing.clone(), message };
        let room = self.entered.entry(exercise).or_insert_with(|| self.rooms.enter(exercise));
        if let Err(mpsc::error::SendError(told)) = room.send(told).await {
            // It closed because of the database; the next one may be luckier.
            *room = self.rooms.enter(exercise);
            if room.send(told).await.is_err() {
                self.fail(exercise, Code::Unavailable);
            }
        }
    }

    fn fail(&self, exercise: ExerciseId, code: Code) {
        self.send(&ToClient::Failed { exercise: Some(exercise), code });
    }

    fn send(&self, message: &ToClient) {
        self.outgoing.push(Bytes::from(protocol::encode(message)));
    }
}

impl Heres {
    fn new() -> Self {
        Self { since: clock::steady(), count: 0 }
    }

    /// Counts one more, and says whether it is still few.
    fn take(&mut self) -> bool {
        if self.since.elapsed() >= Duration::from_secs(10) {
            *self = Self::new();
        }
        self.count += 1;
        self.count <= limits::PRESENCE_PER_TEN_SECONDS
    }
}

fn exercise_of(message: &ToServer) -> Option<ExerciseId> {
    match message {
        ToServer::Open { exercise, .. }
        | ToServer::OpenLog { exercise, .. }
        | ToServer::Fetch { exercise, .. }
        | ToServer::FetchPacked { exercise, .. }
        | ToServer::Push { exercise, .. }
        | ToServer::Carry { exercise, .. }
        | ToServer::Here { exercise, .. }
        | ToServer::Close { exercise } => Some(*exercise),
        ToServer::Hello { .. }
        | ToServer::Ping
        | ToServer::Lane { .. }
        | ToServer::EndLane { .. } => None,
    }
}
