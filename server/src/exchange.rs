//! Exercises as files: from what is stored, and into it.

use std::collections::HashMap;

use shared::{
    doc::EditError,
    edit::Edit,
    exchange::{self, Import, process::Archive},
    ids::{ExerciseId, Peer},
    protocol::{EntryNo, Seq},
    sync::room::{Binding, Member, NewEntry, Room, RoomState},
};

/// The first entries of an exercise that had none.
#[derive(Debug)]
pub struct Beginning {
    /// Which exercise.
    pub id: ExerciseId,
    /// The entries, from the first place of the log on.
    pub entries: Vec<NewEntry>,
    /// Their writers.
    pub bindings: Vec<Binding>,
}

/// Whether a person may write everything that a file holds.
#[must_use]
pub fn may_import(import: &Import, member: &Member) -> bool {
    let edits = import.batches.iter().chain(&import.apart).flatten();
    edits.map(Edit::key).all(|key| member.grant.may_write(import.id, &key))
}

/// What to append to an empty log so that it holds the file, in a person's name.
pub fn beginning(import: &Import, member: &Member) -> Result<Beginning, EditError> {
    let mut last: HashMap<Peer, EntryNo> = HashMap::new();
    let (mut entries, mut bindings) = (Vec::new(), Vec::new());
    for (seq, (peer, update)) in (1..).zip(import.build()?.updates) {
        let entry = last.entry(peer).or_default();
        *entry += 1;
        if *entry == 1 {
            bindings.push(Binding {
                peer,
                user: member.user,
                name: member.name.clone(),
                role: member.grant.role,
                since: seq as Seq,
                is_carried: false,
            });
        }
        entries.push(NewEntry { peer, entry: *entry, user: member.user, update });
    }
    Ok(Beginning { id: import.id, entries, bindings })
}

/// The file of what is stored of an exercise.
pub fn export(id: ExerciseId, state: RoomState, archive: &Archive) -> anyhow::Result<String> {
    let room = Room::load(id, 0, state)?;
    Ok(exchange::export_with(room.document().exercise(), archive)?)
}
