//! What goes to a meeting, and what a meeting begins with.

use std::collections::{BTreeSet, HashMap};

use rusqlite::OptionalExtension as _;
use shared::{
    ids::{ExerciseId, Peer},
    meeting::{Entry, Meeting, Participant},
    protocol::{Blob, EntryNo},
};

use super::{
    Error, Result, Store, exercises,
    log::{acked, bindings, number, peer},
    users::{ACCOUNT, Account, account},
};

impl Store {
    /// Everything that a meeting needs of an exercise: the log, its authors, and who else may take
    /// part. No passwords, and nobody of other regions.
    pub async fn meeting(&self, exercise: ExerciseId, now: i64) -> Result<Meeting> {
        self.read(move |db| {
            // One transaction, so that all parts are of the same moment.
            let db = db.unchecked_transaction()?;
            let id = exercise.to_string();
            let mut log = db.prepare_cached(
                "SELECT peer, entry, at, user, content FROM log WHERE exercise = ?1 ORDER BY seq",
            )?;
            let rows = log.query_map([&id], |row| {
                let user: i64 = row.get(3)?;
                let update = Blob(row.get(4)?);
                let (peer, entry, at) = (peer(row, 0)?, row.get(1)?, row.get(2)?);
                Ok((user, Entry { peer, entry, at, by: 0, update }))
            })?;
            let log: Vec<(i64, Entry)> = rows.collect::<rusqlite::Result<_>>()?;
            let writers = bindings(&db, &id)?;
            let senders = log.iter().map(|(user, _)| *user);
            let authors: BTreeSet<i64> =
                senders.chain(writers.iter().map(|one| one.user)).collect();
            let mut query = db.prepare(&format!("SELECT {ACCOUNT} FROM users ORDER BY id"))?;
            let accounts: Vec<Account> =
                query.query_map([], account)?.collect::<rusqlite::Result<_>>()?;
            let has_part = |account: &Account| {
                let is_of_region = account.grant.region.as_deref() == Some(exercise.region());
                authors.contains(&account.id)
                    || !account.disabled && (is_of_region || account.grant.may_edit(exercise))
            };
            let accounts: Vec<Account> = accounts.into_iter().filter(has_part).collect();
            let places: HashMap<i64, u32> =
                (0..).zip(&accounts).map(|(at, a)| (a.id, at)).collect();
            let entries = log.into_iter().map(|(user, entry)| Entry { by: places[&user], ..entry });
            Ok(Meeting {
                exercise,
                made_at: now,
                writers: writers.iter().map(|one| (one.peer, places[&one.user])).collect(),
                entries: entries.collect(),
                people: accounts
                    .into_iter()
                    .map(|of| Participant::new(of.login, of.name, of.grant, of.disabled))
                    .collect(),
            })
        })
        .await
    }

    /// Makes the exercise of a meeting here, with everybody's account. Nobody can sign in to those
    /// with a password. [`Error::Taken`] where the exercise is here already.
    pub async fn found(&self, meeting: Meeting) -> Result<()> {
        self.write(move |db| {
            let id = meeting.exercise.to_string();
            let here = "SELECT 1 FROM exercises WHERE id = ?1";
            if db.query_row(here, [&id], |_| Ok(())).optional()?.is_some() {
                return Err(Error::Taken);
            }
            let mut users = Vec::new();
            for person in &meeting.people {
                let find = "SELECT id FROM users WHERE login = ?1";
                let known = db.query_row(find, [&person.login], |row| row.get(0)).optional()?;
                users.push(match known {
                    Some(user) => user,
                    None => {
                        let grant = person.grant();
                        db.execute(
                            "INSERT INTO users (login, name, role, region, password, disabled, created)
                             VALUES (?1, ?2, ?3, ?4, '', ?5, ?6)",
                            (
                                &person.login,
                                &person.name,
                                grant.role.as_str(),
                                grant.region,
                                person.disabled,
                                meeting.made_at,
                            ),
                        )?;
                        db.last_insert_rowid()
                    }
                });
            }
            let user = |person: u32| users[person as usize];
            let creator = meeting.entries.first().map_or(super::IMPORTER, |first| user(first.by));
            exercises::create(db, meeting.exercise, creator, meeting.made_at)?;
            let mut since: HashMap<Peer, i64> = HashMap::new();
            let mut append = db.prepare_cached(
                "INSERT INTO log (exercise, seq, peer, entry, user, at, content)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for (seq, Entry { peer, entry, at, by, update }) in (1_i64..).zip(&meeting.entries) {
                since.entry(*peer).or_insert(seq);
                append.execute((&id, seq, number(*peer), entry, user(*by), at, &update.0))?;
            }
            let mut bind = db.prepare_cached(
                "INSERT INTO peers (exercise, peer, user, role, since) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for (peer, person) in &meeting.writers {
                let role = meeting.people[*person as usize].grant().role;
                let since = since.get(peer).copied().unwrap_or(1);
                bind.execute((&id, number(*peer), user(*person), role.as_str(), since))?;
            }
            Ok(())
        })
        .await
    }

    /// The number of each writer's last entry.
    pub async fn last_entries(&self, exercise: ExerciseId) -> Result<HashMap<Peer, EntryNo>> {
        self.read(move |db| {
            let last = acked(db, &exercise.to_string())?;
            Ok(last.into_iter().map(|(peer, last)| (peer, last.entry)).collect())
        })
        .await
    }
}
