//! The open exercise: its replica, and who does what the replica asks for.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    access::Grant,
    api::Person,
    edit::Edit,
    history::{Author, Moments},
    ids::{ExerciseId, Peer, RowId},
    key::Key,
    protocol::{EntryNo, ToClient, Writer},
    review::Review,
    sync::{
        Ticket,
        journal::Write,
        replica::{Cause, Link, Output, Replica, Status, Step},
    },
    template::TableId,
};
use wasm_bindgen_futures::spawn_local;

use super::{
    Derived, Keeper, People, Rejection, history::moments_name, keeper::Opened,
    neighbours::Neighbours, preview::Freshness, undo::Undo,
};
use crate::{
    clock,
    session::Session,
    storage::{self, Damage, Failure},
    sync::{Connection, Follower},
    writers::Writers,
};

/// What others write is stored together after this long: seldom enough for a slow tablet, and soon
/// enough that hardly anything seen has to be fetched again.
const GATHER_MS: u32 = 300;

/// Something that the person must know about what became of their exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Part of what was stored could not be read.
    Damage(Damage),
    /// The replica was opened anew.
    Reopened(Cause),
    /// It could not be opened anew: the page must be loaded again.
    Closed,
}

/// An exercise that is open in this tab.
pub struct Open {
    pub(super) exercise: ExerciseId,
    person: Person,
    pub(super) replica: RefCell<Replica>,
    pub(super) keeper: Keeper,
    pub(super) writers: Rc<Writers>,
    pub(super) session: Session,
    pub(super) connection: Connection,
    /// Other tabs that have it open.
    pub(super) neighbours: Neighbours,
    /// Writers of this person on this device.
    pub(super) own: RefCell<BTreeSet<Peer>>,
    /// Entries of the quarantine that were released since the replica was opened.
    pub(super) released: Cell<usize>,
    pub(super) is_reopening: Cell<bool>,
    /// While the tab leaves a full device: what its replica, which goes, asked for.
    pub(super) leaving: RefCell<Option<Vec<Output>>>,
    /// Ticks without the device.
    pub(super) ticks: Cell<u32>,
    pub(super) is_trying_device: Cell<bool>,
    has_edited: Cell<bool>,
    /// A preview is shown, and the document is not being opened yet.
    pub(super) is_asleep: Cell<bool>,
    /// The page was left.
    pub(super) is_closed: Cell<bool>,
    pub(super) freshness: Freshness,
    pub(super) evaluation: RefCell<Option<Timeout>>,
    pub(super) changed: Cell<Option<i64>>,
    /// When a key was last pressed.
    pub(super) key: Cell<i64>,
    /// When a text that is sent while it grows was last typed into.
    pub(super) growth: Cell<i64>,
    /// What others wrote since the last frame.
    pub(super) untold: RefCell<BTreeSet<Key>>,
    /// Runs while what the server has waits to be stored together.
    gathering: RefCell<Option<Timeout>>,
    people: Rc<People>,
    /// When entries were committed, for histories without a network.
    pub(super) moments: RefCell<Moments>,

    pub(super) undo: Undo,
    /// What is to be looked at because people wrote apart.
    pub(super) review: ArcRwSignal<Review>,
    pub(super) tables: RefCell<HashMap<TableId, ArcTrigger>>,
    pub(super) rows: RefCell<HashMap<(TableId, RowId), ArcTrigger>>,
    /// Any cell changed.
    pub(super) any: ArcTrigger,
    pub(super) status: ArcRwSignal<Status>,
    /// Whether what is written outlives this tab.
    pub(super) is_lasting: ArcRwSignal<bool>,
    pub(super) derived: ArcRwSignal<Arc<Derived>>,
    pub(super) notices: ArcRwSignal<Vec<Notice>>,
    /// When everything was last known to be on the server.
    pub(super) agreed: ArcRwSignal<Option<i64>>,
}

impl Open {
    /// Opens what the device keeps of an exercise for the person who is signed in.
    pub async fn open(
        session: Session,
        person: Person,
        exercise: ExerciseId,
    ) -> Result<Rc<Self>, Failure> {
        let keeper = session.keeper(exercise, &person);
        let neighbours = Neighbours::listen(person.user, exercise);
        let writers = session.writers().ok_or(Failure::Unavailable)?;
        let preview = keeper.preview(exercise, &writers).await.unwrap_or_else(|failure| {
            leptos::logging::warn!("no preview: {failure}");
            None
        });
        let is_asleep = preview.is_some();
        let Opened { replica, damage } = match preview {
            Some(replica) => Opened { replica, damage: BTreeSet::new() },
            None => keeper.open(exercise, &writers, || {}).await?,
        };
        let own = writers.known().await?;
        let agreed = session.recall(&agreed_name(exercise)).await;
        let moments: Moments = session.recall(&moments_name(exercise)).await.unwrap_or_default();
        let people = People::new(exercise, person.user, session.connection());
        let open = Rc::new(Self {
            exercise,
            person,
            people,
            moments: RefCell::new(moments),
            status: ArcRwSignal::new(replica.status()),
            is_lasting: ArcRwSignal::new(keeper.is_lasting()),
            derived: ArcRwSignal::new(Arc::new(Derived::before_rules(
                replica.document().exercise(),
            ))),
            notices: ArcRwSignal::new(damage.into_iter().map(Notice::Damage).collect()),
            agreed: ArcRwSignal::new(agreed),
            replica: RefCell::new(replica),
            keeper,
            writers,
            neighbours,
            session,
            connection: session.connection(),
            own: RefCell::new(own),
            released: Cell::new(0),
            is_reopening: Cell::new(is_asleep),
            leaving: RefCell::default(),
            ticks: Cell::new(0),
            is_trying_device: Cell::new(false),
            has_edited: Cell::new(false),
            freshness: Freshness::default(),
            is_asleep: Cell::new(is_asleep),
            is_closed: Cell::new(false),
            evaluation: RefCell::default(),
            changed: Cell::new(None),
            key: Cell::new(0),
            growth: Cell::new(0),
            untold: RefCell::default(),
            gathering: RefCell::default(),
            undo: Undo::default(),
            review: ArcRwSignal::default(),
            tables: RefCell::default(),
            rows: RefCell::default(),
            any: ArcTrigger::new(),
        });
        open.neighbours.tell(&open);
        open.recall_history().await;
        open.recall_review().await;
        if is_asleep {
            open.wake_soon();
        } else {
            open.freshness.changed();
            open.evaluate_soon();
            open.connection.follow(open.clone());
            open.hear();
        }
        Ok(open)
    }

    /// The exercise.
    pub fn exercise(&self) -> ExerciseId {
        self.exercise
    }

    /// What is open of it.
    pub(super) fn replica(&self) -> std::cell::Ref<'_, Replica> {
        self.replica.borrow()
    }

    pub(super) fn session(&self) -> Session {
        self.session
    }

    pub(super) fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// What the person may do now: the server may have changed it since the exercise was opened.
    pub(super) fn grant(&self) -> Grant {
        let known = self.session.person().filter(|person| person.user == self.person.user);
        known.map_or_else(|| self.person.grant.clone(), |person| person.grant)
    }

    /// Whether this writer is this person on this device.
    pub(super) fn is_own(&self, peer: Peer) -> bool {
        self.own.borrow().contains(&peer)
    }

    /// The writers of this person on this device.
    pub(super) fn own_writers(&self) -> BTreeSet<Peer> {
        self.own.borrow().clone()
    }

    /// The account of this person.
    pub(super) fn user(&self) -> i64 {
        self.person.user
    }

    /// This person, as histories call them.
    pub(super) fn author(&self) -> Author {
        let (name, role) = (self.person.name.clone(), self.person.grant.role.title().into());
        Author { name, role }
    }

    /// Whether this writer is this person, on this device or another.
    pub(super) fn is_by_person(&self, peer: Peer) -> bool {
        let role = self.person.grant.role.title();
        self.is_own(peer)
            || self
                .replica()
                .writer(peer)
                .is_some_and(|writer| writer.name == self.person.name && writer.role == role)
    }

    /// Who a writer is.
    pub(super) fn writer(&self, peer: Peer) -> Option<Writer> {
        self.replica.borrow().writer(peer).cloned()
    }

    /// Who else is there.
    pub(super) fn people(&self) -> &Rc<People> {
        &self.people
    }

    /// Stops following: the page is left.
    pub fn close(self: Rc<Self>) {
        self.keep_preview();
        self.store_gathered();
        self.is_closed.set(true);
        self.people.leave();
        let connection = self.connection.clone();
        connection.leave(&(self as Rc<dyn Follower>));
    }

    /// Applies edits of the person as one action, or none of them.
    pub(super) fn edit(self: &Rc<Self>, edits: Vec<Edit>) -> Result<(), Rejection> {
        let step = self.step(&edits);
        self.enter(edits)?;
        self.record(step);
        Ok(())
    }

    /// Applies edits as one, or none of them.
    pub(super) fn enter(self: &Rc<Self>, edits: Vec<Edit>) -> Result<(), Rejection> {
        if self.is_reopening.get() {
            return Err(Rejection::Reopening);
        }
        if self.session.is_lapsed_now() {
            return Err(Rejection::Lapsed);
        }
        if !self.has_edited.replace(true) && self.keeper.is_lasting() {
            storage::ask_to_persist();
        }
        let step = self.replica.borrow_mut().edit(edits).map_err(Rejection::Edit)?;
        self.follow(step);
        Ok(())
    }

    pub(super) fn advance(self: &Rc<Self>, step: impl FnOnce(&mut Replica) -> Step) {
        if !self.is_reopening.get() {
            let step = step(&mut self.replica.borrow_mut());
            self.follow(step);
        }
    }

    /// Does what the replica asks for, and tells the screen.
    pub(super) fn follow(self: &Rc<Self>, step: Step) {
        let mut outputs = step.outputs;
        if let Some(held) = &mut *self.leaving.borrow_mut() {
            held.append(&mut outputs);
        }
        for output in outputs {
            match output {
                Output::Store { ticket, writes } => self.store(ticket, writes),
                // What only this tab has would be gone with it, and others may build on it.
                Output::Tell(news) if self.keeper.is_lasting() => self.neighbours.say(&news),
                Output::Tell(_) => {}
                Output::Send(message) => self.connection.send(&message),
                Output::Reload(cause) => self.reopen(cause),
            }
        }
        if self.replica().is_gathering() && self.gathering.borrow().is_none() {
            let open = Rc::downgrade(self);
            let store = Timeout::new(GATHER_MS, move || {
                if let Some(open) = open.upgrade() {
                    open.store_gathered();
                }
            });
            self.gathering.replace(Some(store));
        }
        self.tell(&step.touched);
        let mut status = self.replica.borrow().status();
        status.quarantined = status.quarantined.saturating_sub(self.released.get());
        if self.status.with_untracked(|known| *known != status) {
            self.status.set(status);
        }
        if status.agreed && status.link == Link::Following {
            self.remember_agreement();
        }
    }

    fn store_gathered(self: &Rc<Self>) {
        self.gathering.take();
        self.advance(Replica::store_gathered);
    }

    /// What was done here and the server has not confirmed, in its order.
    pub(super) fn unsent(&self) -> Vec<Vec<Edit>> {
        self.replica().unsent().map(|(_, _, outgoing)| outgoing.edits.clone()).collect()
    }

    /// Forgets refused entries: they were applied anew, or given up.
    pub(super) async fn release(
        self: &Rc<Self>,
        entries: &[(Peer, EntryNo)],
    ) -> Result<(), Failure> {
        self.keeper.release(entries).await?;
        self.released.set(self.released.get() + entries.len());
        self.follow(Step::default());
        Ok(())
    }

    fn store(self: &Rc<Self>, ticket: Ticket, writes: Vec<Write>) {
        let open = Rc::clone(self);
        spawn_local(async move {
            let written = open.keeper.write(&writes).await;
            if let Err(failure) = &written {
                leptos::logging::error!("not stored: {failure}");
            }
            open.advance(|replica| replica.stored(ticket, written.is_ok()));
            if written == Err(Failure::Refused) {
                open.leave_device();
            }
        });
    }

    pub(super) fn notify(&self, new: impl IntoIterator<Item = Notice>) {
        self.notices.update(|notices| {
            for notice in new {
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
            }
        });
    }

    fn remember_agreement(&self) {
        let now = clock::now();
        // What a wrong clock once said of the future gives way.
        if self.agreed.get_untracked().is_some_and(|last| (0..30_000).contains(&(now - last))) {
            return;
        }
        self.agreed.set(Some(now));
        let (session, name) = (self.session, agreed_name(self.exercise));
        spawn_local(async move { session.remember(&name, Some(&now)).await });
    }
}

impl Follower for Open {
    fn exercise(&self) -> ExerciseId {
        self.exercise
    }

    fn awaits_answer(&self) -> bool {
        self.status.with_untracked(|status| status.unsent > 0 || !status.agreed)
    }

    fn connected(self: Rc<Self>) {
        let words = self.connection.words();
        self.advance(|replica| replica.connected(words));
        self.people.connected();
    }

    fn disconnected(self: Rc<Self>) {
        self.replica.borrow_mut().disconnected();
        Open::follow(&self, Step::default());
        self.people.disconnected();
    }

    fn receive(self: Rc<Self>, message: ToClient) {
        match message {
            ToClient::People { came, moved, left, .. } => self.people.take(came, moved, &left),
            message => {
                self.note_moments(&message);
                self.note_waiting(&message);
                let (mut touched, mut apart) = (BTreeSet::new(), Vec::new());
                self.advance(|replica| {
                    let mut step = replica.receive(message);
                    touched = std::mem::take(&mut step.touched);
                    apart = std::mem::take(&mut step.apart);
                    step
                });
                self.note_apart(apart);
                self.tell_with_the_next_frame(touched);
            }
        }
    }

    fn tick(self: Rc<Self>) {
        self.people.tick();
        self.advance(Replica::tick);
        if self.status.with_untracked(|status| status.agreed) {
            self.advance(Replica::compact);
        }
        self.try_device();
        self.look_for_what_is_left();
        self.tidy_review();
        self.rest();
    }

    fn hidden(self: Rc<Self>) {
        self.keep_preview();
        self.store_gathered();
    }
}

fn agreed_name(exercise: ExerciseId) -> String {
    format!("agreed/{exercise}")
}
