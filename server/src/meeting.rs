//! Bringing back what was written at a meeting.
//!
//! The entries go through the room of the exercise, as those of a device do: checked one by one, in
//! the order in which they were written, and shown to whoever is there.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use shared::{
    api::{BroughtBack, NotTaken},
    ids::Peer,
    limits,
    meeting::{Entry, Meeting},
    protocol::{self, Code, EntryNo, ToClient, ToServer},
    sync::room::{Author, Brought, Member},
};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    app::App,
    error::Failure,
    store::Account,
    sync::{Outgoing, Told},
};

/// Messages that are on their way to the room at once.
const WINDOW: usize = 100;
/// Bytes of one of them, where there is a choice.
const PART: usize = limits::PART_BYTES;
/// How long the room may take to answer before it is asked again.
const PATIENCE: Duration = Duration::from_millis(500);
/// What is not committed yet is asked for again after this, so often: the disk may be busy for half
/// a minute.
const PAUSE: Duration = Duration::from_millis(20);
const TRIES: u32 = 1_500;

/// Consecutive entries of one writer.
struct Run {
    peer: Peer,
    first: EntryNo,
    entries: Vec<Entry>,
}

/// Takes what the exercise lacks of a meeting, in the name of who brings it.
pub async fn bring_back(
    app: &App,
    member: Member,
    meeting: Meeting,
) -> Result<BroughtBack, Failure> {
    let all = meeting.entries.len();
    let last = app.store.last_entries(meeting.exercise).await?;
    let authors = authors(app, &meeting).await?;
    let is_lacking =
        |entry: &Entry| entry.entry > last.get(&entry.peer).copied().unwrap_or_default();
    let exercise = meeting.exercise;
    let lacking: Vec<Entry> = meeting.entries.iter().filter(|e| is_lacking(e)).cloned().collect();
    let known = all - lacking.len();
    let mut bringing = Bringing {
        exercise,
        conn: app.live.new_id(),
        member: Arc::new(member),
        outgoing: Outgoing::default(),
        door: app.rooms.enter(exercise),
        reached: last,
        refused: BTreeMap::new(),
    };
    let done = bringing.all(runs(lacking), &authors).await;
    // A room that is closed has forgotten it already.
    let _ = bringing.door.send(Told::Left(bringing.conn)).await;
    done?;
    let mut brought = all - known;
    let mut not_taken = Vec::new();
    for (peer, (from, code)) in &bringing.refused {
        let entries = meeting.entries.iter().filter(|e| e.peer == *peer && e.entry >= *from);
        let count = entries.count();
        brought -= count;
        let name = meeting.author(*peer).map(|author| author.name.clone()).unwrap_or_default();
        not_taken.push(NotTaken { name, count, code: *code });
    }
    Ok(BroughtBack { brought, known, not_taken })
}

/// Who the writers are here: by what people sign in with.
async fn authors(app: &App, meeting: &Meeting) -> Result<HashMap<Peer, Author>, Failure> {
    let mut accounts: HashMap<String, Account> = HashMap::new();
    for account in app.store.accounts().await? {
        accounts.insert(account.login.clone(), account);
    }
    let author = |(peer, person): &(Peer, u32)| {
        let account = accounts.get(&meeting.people.get(*person as usize)?.login)?;
        let (user, name, role) = (account.id, account.name.clone(), account.grant.role);
        Some((*peer, Author { user, name, role }))
    };
    Ok(meeting.writers.iter().filter_map(author).collect())
}

fn runs(entries: Vec<Entry>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let size = entry.update.0.len();
        match runs.last_mut() {
            Some(run)
                if run.peer == entry.peer
                    && run.entries.len() < limits::BATCH_ENTRIES
                    && bytes + size <= PART =>
            {
                bytes += size;
                run.entries.push(entry);
            }
            _ => {
                bytes = size;
                let (peer, first) = (entry.peer, entry.entry);
                runs.push(Run { peer, first, entries: vec![entry] });
            }
        }
    }
    runs
}

struct Bringing {
    exercise: shared::ids::ExerciseId,
    conn: u64,
    member: Arc<Member>,
    outgoing: Outgoing,
    door: mpsc::Sender<Told>,
    /// The last committed entry of each writer, as far as is known.
    reached: HashMap<Peer, EntryNo>,
    /// From which entry on a writer's are not taken, and why.
    refused: BTreeMap<Peer, (EntryNo, Code)>,
}

impl Bringing {
    async fn all(
        &mut self,
        runs: Vec<Run>,
        authors: &HashMap<Peer, Author>,
    ) -> Result<(), Failure> {
        self.ask(BTreeSet::new()).await?;
        for window in runs.chunks(WINDOW) {
            let mut tries = 0;
            while window.iter().any(|run| self.is_open(run)) {
                for run in window.iter().filter(|run| self.is_open(run)) {
                    self.send(run, authors).await?;
                }
                let before = self.reached.clone();
                self.ask(window.iter().map(|run| run.peer).collect()).await?;
                if before != self.reached {
                    tries = 0;
                    continue;
                }
                tries += 1;
                if tries > TRIES {
                    return Err(Failure::unavailable(&"the room takes no entries"));
                }
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// Whether some of it is neither committed nor refused.
    fn is_open(&self, run: &Run) -> bool {
        let last = run.first + run.entries.len() as EntryNo - 1;
        let taken = self.reached.get(&run.peer).copied().unwrap_or_default();
        let refused = self.refused.get(&run.peer).is_some_and(|(from, _)| *from <= taken + 1);
        taken < last && !refused
    }

    async fn send(&self, run: &Run, authors: &HashMap<Peer, Author>) -> Result<(), Failure> {
        let brought = Brought {
            peer: run.peer,
            author: authors.get(&run.peer).cloned(),
            first: run.first,
            entries: run.entries.iter().map(|entry| entry.update.clone()).collect(),
        };
        self.tell(Told::Brought { conn: self.conn, member: Arc::clone(&self.member), brought })
            .await
    }

    /// Asks how far these writers are, and hears what was refused meanwhile.
    async fn ask(&mut self, peers: BTreeSet<Peer>) -> Result<(), Failure> {
        let (exercise, peers) = (self.exercise, peers.into_iter().collect());
        let message = ToServer::Open { exercise, epoch: 0, cursor: 0, peers };
        let (conn, member) = (self.conn, Arc::clone(&self.member));
        let outgoing = self.outgoing.clone();
        self.tell(Told::Message { conn, member, outgoing, message }).await?;
        loop {
            let Ok(frames) = timeout(PATIENCE, self.outgoing.take()).await else { return Ok(()) };
            let frames = frames.map_err(|_| Failure::unavailable(&"the room closed"))?;
            let mut is_answered = false;
            for frame in frames {
                match protocol::decode(&frame) {
                    Ok(ToClient::Opened { acked, .. }) => {
                        self.reached.extend(acked);
                        is_answered = true;
                    }
                    Ok(ToClient::Refused { peer, entry, code, .. }) => {
                        self.refused.entry(peer).or_insert((entry, code));
                    }
                    Ok(ToClient::Failed { code, .. }) if !code.is_passing() => {
                        let message = "No puedes traer una reunión a este ejercicio.";
                        return Err(Failure::new(code, message));
                    }
                    _ => {}
                }
            }
            if is_answered {
                return Ok(());
            }
        }
    }

    async fn tell(&self, told: Told) -> Result<(), Failure> {
        self.door.send(told).await.map_err(|_| Failure::unavailable(&"the room closed"))
    }
}
