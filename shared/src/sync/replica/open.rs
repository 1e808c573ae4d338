//! Opening what a device stored.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Link, Outbox, Replica, Texts, Transactions, neighbours::Neighbours};
use crate::{
    digest::Digest,
    doc::{self, Document},
    ids::{ExerciseId, Peer},
    model::Exercise,
    protocol::{self, Code, EntryNo, Seq, Words},
    sync::journal::{Cursor, LastEntry, Outgoing, Stored, Write},
};

/// Length of the stored log from which a base replaces it: opening merges these many updates in
/// some twenty milliseconds.
const COMPACT_AFTER: u64 = 1_000;

/// Why a stored exercise was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// This writer did things that the store does not hold now. Open with a new one, and adopt it.
    WriterIsBehind,
    /// The store is damaged. After these writes it can be opened; they take nothing away that
    /// only this device has.
    Damaged(Vec<Write>),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WriterIsBehind => "Esta pestaña debe escribir con otra identidad.",
            Self::Damaged(_) => "La copia guardada en este equipo está dañada.",
        })
    }
}

impl std::error::Error for OpenError {}

type Entry = (Peer, EntryNo, Outgoing);

impl Replica {
    /// Opens what is stored, to be written to as `peer`: one of the `last_entries`, or one that
    /// was never used. No other tab may be open with `peer` or one of the `adopted`, whose entries
    /// this replica also sends: writers of the same person whose tabs are gone, and those that came
    /// in a rescue file. All other writers whose entries wait are other tabs of the device: what they
    /// wrote is shown, where all is here that it builds on.
    pub fn open(
        exercise: ExerciseId,
        peer: Peer,
        adopted: &[Peer],
        mut stored: Stored,
    ) -> Result<Self, OpenError> {
        let peers: BTreeSet<Peer> = adopted.iter().copied().chain([peer]).collect();
        let is_own = |(writer, ..): &Entry| peers.contains(writer);
        if !stored.outbox.iter().all(is_own) {
            if let Ok((replica, true)) = Self::open_with(exercise, peer, &peers, stored.clone()) {
                return Ok(replica);
            }
            stored.outbox.retain(is_own);
        }
        Self::open_with(exercise, peer, &peers, stored).map(|(replica, _)| replica)
    }

    /// Opens it with all that waits. Whether the document holds that.
    fn open_with(
        exercise: ExerciseId,
        peer: Peer,
        peers: &BTreeSet<Peer>,
        stored: Stored,
    ) -> Result<(Self, bool), OpenError> {
        let Stored { base, log, cursor, mut outbox, last_entries, carried, writers, quarantine } =
            stored;
        refuse_gaps(&outbox)?;
        outbox.sort_by_key(|(writer, entry, outgoing)| (outgoing.generation, *writer, *entry));

        let (base_seq, log) = contiguous(base.as_ref(), log);
        let cursor = Cursor { epoch: cursor.epoch, seq: base_seq + log.len() as Seq };
        let base = base.as_ref().map(|(_, document)| document.as_slice());
        let committed = || base.into_iter().chain(log.iter().map(Vec::as_slice));
        let (document, has_waiting, clocks) = load(exercise, peer, committed, &outbox)?;
        let is_compared = compare(&clocks, &log, &outbox)?;

        let own = last_entries.iter().find(|last| last.peer == peer);
        let has_own = outbox.iter().any(|(writer, ..)| *writer == peer);
        if document.clock(peer) != own.map_or(0, |last| last.clock)
            || has_own && (own.is_none() || !has_waiting)
        {
            return Err(OpenError::WriterIsBehind);
        }
        let mut neighbours = Neighbours::default();
        for (writer, ..) in outbox.iter().filter(|(writer, ..)| !peers.contains(writer)) {
            neighbours.add(*writer);
        }
        let last_entries = last_entries_of(peers, &last_entries, &outbox);
        let generation = generation(peer, &outbox);
        let replica = Self {
            peers: peers.iter().copied().collect(),
            neighbours,
            last_entries,
            carried,
            generation,
            is_fresh: cursor.seq == 0,
            compared: (!is_compared).then_some(0),
            cursor,
            base: base_seq,
            ..Self::of(document, outbox, writers, quarantine.len())
        };
        Ok((replica, has_waiting))
    }

    /// What is shown of a stored exercise before [`Replica::open`] is through, which takes several
    /// times as long: a replica to be read, in the place of which the opened one comes.
    #[must_use]
    pub fn preview(preview: (Digest, Exercise), peer: Peer) -> Self {
        Self::of(Document::preview(preview, peer), Vec::new(), Vec::new(), 0)
    }

    fn of(
        document: Document,
        outbox: Vec<Entry>,
        writers: Vec<protocol::Writer>,
        quarantined: usize,
    ) -> Self {
        let (mut waiting, mut texts) = (Outbox::default(), Texts::default());
        for (writer, entry, outgoing) in outbox {
            texts.wrote(writer, entry, &outgoing.edits);
            waiting.load(writer, entry, outgoing);
        }
        Self {
            exercise: document.exercise().id,
            document,
            peers: Vec::new(),
            last_entries: BTreeMap::new(),
            carried: BTreeSet::new(),
            neighbours: Neighbours::default(),
            generation: 0,
            outbox: waiting,
            texts,
            transactions: Transactions::default(),
            is_fresh: true,
            cursor: Cursor::default(),
            base: 0,
            writers: writers.into_iter().map(|writer| (writer.peer, writer)).collect(),
            quarantined,
            link: Link::Offline,
            is_asked: false,
            quiet: 0,
            may_edit: true,
            fetch: None,
            words: Words::default(),
            promise: None,
            is_doubtful: false,
            compared: None,
            agreed: false,
            differs: false,
            closing: None,
            refused: None,
            compact_after: COMPACT_AFTER,
        }
    }
}

/// What of the log follows the base without gaps; the rest is fetched again. (Where one tab drops
/// the log, another may still add to what was there.)
fn contiguous(base: Option<&(Seq, Vec<u8>)>, log: Vec<(Seq, Vec<u8>)>) -> (Seq, Vec<Vec<u8>>) {
    let base = base.map_or(0, |(seq, _)| *seq);
    let after = log.into_iter().skip_while(|(seq, _)| *seq <= base);
    let follows = after.zip(base + 1..).take_while(|((seq, _), next)| seq == next);
    (base, follows.map(|((_, update), _)| update).collect())
}

/// Entries after a gap can never be committed: they are set aside.
fn refuse_gaps(outbox: &[Entry]) -> Result<(), OpenError> {
    let mut last: BTreeMap<Peer, EntryNo> = BTreeMap::new();
    for (peer, entry, _) in outbox {
        if let Some(last) = last.insert(*peer, *entry)
            && *entry != last + 1
        {
            return Err(damaged(*peer, *entry));
        }
    }
    Ok(())
}

fn damaged(peer: Peer, from: EntryNo) -> OpenError {
    OpenError::Damaged(vec![Write::Quarantine { peer, from, code: Code::Malformed }])
}

/// The document, and whether it holds what waits in the outbox. It cannot where that builds on a
/// log that was dropped: then it is shown again once it came back from the server.
fn load<'a, I: Iterator<Item = &'a [u8]>>(
    exercise: ExerciseId,
    peer: Peer,
    committed: impl Fn() -> I,
    outbox: &'a [Entry],
) -> Result<(Document, bool, BTreeMap<Peer, u32>), OpenError> {
    let waiting = outbox.iter().map(|(_, _, outgoing)| outgoing.update.as_slice());
    if let Ok((document, clocks)) = Document::load_on_top(exercise, peer, committed(), waiting)
        && follow_each_other(&clocks, outbox)
    {
        return Ok((document, true, clocks));
    }
    if let Some((writer, entry, _)) =
        outbox.iter().find(|(_, _, outgoing)| doc::authors(&outgoing.update).is_err())
    {
        return Err(damaged(*writer, *entry));
    }
    match Document::load(exercise, peer, committed()) {
        Ok(document) => {
            let clocks = document.clocks();
            Ok((document, outbox.is_empty(), clocks))
        }
        Err(_) => Err(OpenError::Damaged(vec![Write::DropLog])),
    }
}

/// Whether each entry goes on where its writer ends: the CRDT takes one after a gap too, and never
/// closes it.
fn follow_each_other(clocks: &BTreeMap<Peer, u32>, outbox: &[Entry]) -> bool {
    let mut ends = clocks.clone();
    outbox.iter().all(|(peer, _, outgoing)| {
        let Ok(Some(span)) = doc::span(&outgoing.update, *peer) else { return true };
        let end = ends.entry(*peer).or_default();
        let follows = span.start <= *end;
        *end = span.end.max(*end);
        follows
    })
}

/// Whether all that waits is new, or what the copy of the log has by its name. Another tab may have
/// stored there what this device wrote before it became what it was: then what waits is set aside.
/// What a base holds cannot be compared here.
fn compare(
    clocks: &BTreeMap<Peer, u32>,
    log: &[Vec<u8>],
    outbox: &[Entry],
) -> Result<bool, OpenError> {
    let mut is_compared = true;
    let here = |peer: &Peer| clocks.get(peer).copied().unwrap_or_default();
    for (peer, entry, outgoing) in outbox {
        let Ok(Some(span)) = doc::span(&outgoing.update, *peer) else { continue };
        if span.start >= here(peer) {
            continue;
        }
        let overlaps = |update: &&Vec<u8>| {
            let other = doc::span(update, *peer).ok().flatten();
            other.is_some_and(|other| other.start < span.end && span.start < other.end)
        };
        match log.iter().find(overlaps) {
            Some(same) if *same == outgoing.update => {}
            Some(_) => {
                // With what may build on it.
                let mut aside = BTreeMap::from([(*peer, *entry)]);
                for (other, entry, later) in outbox {
                    if later.generation > outgoing.generation {
                        aside.entry(*other).or_insert(*entry);
                    }
                }
                let code = Code::Incomplete;
                let write = |(peer, from)| Write::Quarantine { peer, from, code };
                return Err(OpenError::Damaged(aside.into_iter().map(write).collect()));
            }
            None => is_compared = false,
        }
    }
    Ok(is_compared)
}

fn last_entries_of(
    peers: &BTreeSet<Peer>,
    last_entries: &[LastEntry],
    outbox: &[Entry],
) -> BTreeMap<Peer, LastEntry> {
    let waiting = outbox.iter().map(|(peer, entry, outgoing)| LastEntry {
        peer: *peer,
        entry: *entry,
        clock: outgoing.clock,
    });
    let mut last: BTreeMap<Peer, LastEntry> = BTreeMap::new();
    for entry in last_entries.iter().copied().filter(|e| peers.contains(&e.peer)).chain(waiting) {
        let known = last.entry(entry.peer).or_insert(entry);
        if known.entry < entry.entry {
            *known = entry;
        }
    }
    last
}

/// Own entries go after all that the adopted writers left.
fn generation(own: Peer, outbox: &[Entry]) -> u32 {
    let generations = outbox.iter().map(|(peer, _, outgoing)| match *peer == own {
        true => outgoing.generation,
        false => outgoing.generation.saturating_add(1),
    });
    generations.max().unwrap_or(0)
}
