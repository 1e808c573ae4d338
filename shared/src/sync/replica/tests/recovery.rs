//! Refusals, restored backups, damaged stores: nothing that a person did gets lost.

use super::*;

#[test]
fn what_is_refused_is_set_aside_with_what_follows() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    server.grant.role = Role::Observer;
    a.edit(2);
    a.holds = true;
    a.edit(3);
    server.talk(&mut [&mut a]);
    assert_eq!(a.reload, None, "an edit is still being stored");
    a.release(true);
    a.edit(4);
    a.holds = false;
    a.release(true);
    assert_eq!(a.reload, Some(Cause::Refused(Code::Forbidden)));
    let aside: Vec<_> = a.stored.quarantine.iter().map(|r| (r.entry, r.edits.clone())).collect();
    assert_eq!(aside, [(2, budget(2)), (3, budget(3)), (4, budget(4))]);
    assert_eq!((a.stored.outbox.len(), a.stored.last_entries.len()), (0, 0));
    assert!(Replica::open(id(), peer(2), &[], a.stored.clone()).is_err());
    let mut again = a.reopen(4, &[2]);
    again.connect();
    server.talk(&mut [&mut again]);
    let status = again.replica.status();
    assert_eq!((shown(&again.replica), status.quarantined, status.may_edit), (Some(1), 3, false));
    agree(&[&again]);
}

#[test]
fn another_log_takes_nothing_away_that_waits() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    server.talk(&mut [&mut a]);
    a.replica.disconnected();
    a.edit(1);
    let mut restored = Server::new(8);
    a.connect();
    restored.talk(&mut [&mut a]);
    assert_eq!(a.reload, Some(Cause::OtherLog));
    let mut again = a.reopen(4, &[2]);
    again.connect();
    restored.talk(&mut [&mut again]);
    agree(&[&again]);
    assert_eq!((shown(&again.replica), restored.log.len()), (Some(1), 1));
}

#[test]
fn what_builds_on_a_lost_log_is_set_aside() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    a.replica.disconnected();
    a.edit(2);
    let mut restored = Server::new(8);
    a.connect();
    restored.talk(&mut [&mut a]);
    assert!(matches!(
        Replica::open(id(), peer(2), &[], a.stored.clone()),
        Err(OpenError::WriterIsBehind)
    ));
    let mut again = a.reopen(4, &[2]);
    again.connect();
    restored.talk(&mut [&mut again]);
    assert_eq!(again.reload, Some(Cause::Refused(Code::Incomplete)));
    assert_eq!(again.stored.quarantine[0].edits, budget(2));
}

#[test]
fn a_damaged_copy_is_fetched_anew_once() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    let wrong = |first| {
        let digest = Some(Digest::default());
        ToClient::Updates { exercise: id(), first, entries: vec![], digest }
    };
    let mut reopened = a.reopen(2, &[]);
    reopened.connect();
    server.talk(&mut [&mut reopened]);
    reopened.receive(wrong(2));
    assert_eq!(reopened.reload, Some(Cause::Damaged));
    let mut again = reopened.reopen(4, &[2]);
    again.connect();
    server.talk(&mut [&mut again]);
    agree(&[&again]);
    again.receive(wrong(2));
    assert_eq!(again.reload, None);
    assert!(again.replica.status().differs && !again.replica.status().agreed);
}

#[test]
fn a_damaged_store_says_what_mends_it() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    a.replica.disconnected();
    a.edit(2);
    a.edit(3);
    let mend = |stored: &Stored| match Replica::open(id(), peer(4), &[2].map(peer), stored.clone())
    {
        Err(OpenError::Damaged(writes)) => writes,
        other => panic!("{other:?}"),
    };
    let mut log = a.stored.clone();
    log.log[0].1 = vec![1, 2, 3];
    assert_eq!(mend(&log), [Write::DropLog]);

    let mut outbox = a.stored.clone();
    outbox.outbox[0].2.update = vec![1, 2, 3];
    outbox.write(&mend(&outbox));
    assert_eq!((outbox.quarantine.len(), outbox.outbox.len()), (2, 0));

    let mut gap = a.stored.clone();
    gap.outbox.remove(0);
    gap.write(&mend(&{
        let mut gap = gap.clone();
        gap.outbox.insert(0, (peer(2), 1, gap.outbox[0].2.clone()));
        gap
    }));
    assert_eq!(gap.quarantine.len(), 1);
    Device::open(4, &[2], outbox);
}

#[test]
fn a_writer_that_lost_entries_is_not_written_as_again() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    let mut lost = a.stored.clone();
    lost.write(&[Write::DropLog]);
    assert!(matches!(
        Replica::open(id(), peer(2), &[], lost.clone()),
        Err(OpenError::WriterIsBehind)
    ));
    // A store that forgot the writer altogether: the server knows better.
    lost.last_entries.clear();
    let mut twice = Device::open(2, &[], lost);
    twice.edit(9);
    twice.connect();
    server.talk(&mut [&mut twice]);
    assert_eq!(twice.reload, Some(Cause::Refused(Code::Incomplete)));
    assert_eq!(twice.stored.quarantine[0].edits, budget(9));
    assert_eq!(server.log.len(), 1);
}

/// A device with what it stored before it wrote and sent its second entry.
fn returned(server: &mut Server) -> Device {
    let mut a = Device::new(2);
    a.connect();
    a.edit(1);
    server.talk(&mut [&mut a]);
    let before = a.reopen(2, &[]);
    a.edit(20);
    server.talk(&mut [&mut a]);
    before
}

#[test]
fn who_became_what_it_was_and_wrote_on_loses_nothing() {
    let mut server = Server::new(7);
    let mut again = returned(&mut server);
    again.edit(21);
    again.edit(22);
    again.connect();
    again.receive(opened(2, &[(2, 2)]));
    assert_eq!(again.sent_pushes(), [], "it looks first at what the server has by these names");
    let log = server.log[1..].to_vec();
    again.receive(ToClient::Updates { exercise: id(), first: 2, entries: log, digest: None });
    assert_eq!(again.reload, Some(Cause::Refused(Code::Incomplete)));
    let aside: Vec<_> = again.stored.quarantine.iter().map(|it| it.edits.clone()).collect();
    assert_eq!(aside, [budget(21), budget(22)]);
    let mut new = again.reopen(3, &[2]);
    new.edit(23);
    new.connect();
    server.talk(&mut [&mut new]);
    agree(&[&new]);
    assert_eq!((shown(&new.replica), server.log.len()), (Some(23), 3));
}

#[test]
fn what_waits_is_compared_with_the_log_and_never_with_a_base() {
    let mut server = Server::new(7);
    let mut again = returned(&mut server);
    again.edit(21);
    again.connect();
    again.sent.clear();
    let base = Some(Base { seq: 2, size: 9 });
    let acked = vec![(peer(2), 2)];
    again.receive(ToClient::Opened {
        exercise: id(),
        epoch: 7,
        head: 2,
        acked,
        may_edit: true,
        base,
    });
    assert!(matches!(again.sent[..], [ToServer::OpenLog { cursor: 1, .. }]), "{:?}", again.sent);
}

/// What another tab of a returned device stored of the log, and what waits.
fn stored_by_another_tab(server: &Server, mut again: Device) -> Stored {
    again.edit(21);
    let update = server.log[1].update.clone().unwrap().0;
    let cursor = Write::PutCursor(Cursor { epoch: 7, seq: 2 });
    again.stored.write(&[Write::PutLog { seq: 2, update }, cursor]);
    again.stored
}

#[test]
fn what_waits_under_a_name_of_the_log_is_set_aside_at_the_start() {
    let mut server = Server::new(7);
    let again = returned(&mut server);
    let mut stored = stored_by_another_tab(&server, again);
    let open = |stored: &Stored| Replica::open(id(), peer(3), &[peer(2)], stored.clone());
    let Err(OpenError::Damaged(writes)) = open(&stored) else { panic!("it is not compared") };
    stored.write(&writes);
    assert_eq!(stored.quarantine[0].edits, budget(21));
    assert!(open(&stored).is_ok());
}

#[test]
fn what_waits_under_a_name_of_a_base_is_compared_with_the_log() {
    let mut server = Server::new(7);
    let again = returned(&mut server);
    let mut stored = stored_by_another_tab(&server, again);
    let document = server.room.document().snapshot();
    stored.write(&[Write::PutBase { epoch: 7, seq: 2, document }]);
    let mut new = Device::open(3, &[2], stored);
    new.connect();
    assert!(matches!(new.sent[..], [ToServer::OpenLog { cursor: 0, .. }]), "{:?}", new.sent);
    server.talk(&mut [&mut new]);
    assert_eq!(new.reload, Some(Cause::Refused(Code::Incomplete)));
    assert_eq!(new.stored.quarantine[0].edits, budget(21));
    let mut last = new.reopen(4, &[2, 3]);
    last.connect();
    server.talk(&mut [&mut last]);
    agree(&[&last]);
}
