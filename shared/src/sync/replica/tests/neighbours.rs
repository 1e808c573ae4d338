//! Two tabs of one device: each shows what the other stored, and nothing is lost or sent wrongly
//! where it does not hear of it.

use super::*;

/// Tells `to` all that `from` told since the last time.
fn hear(from: &mut Device, to: &mut Device) {
    for news in std::mem::take(&mut from.told) {
        let step = to.replica.hear(news);
        to.run(step);
    }
}

fn unsent(device: &Device) -> Vec<(u64, EntryNo)> {
    device.replica.unsent().map(|(peer, entry, _)| (peer.number(), entry)).collect()
}

#[test]
fn what_one_tab_stored_is_shown_in_the_other() {
    let (mut a, mut b) = (Device::new(2), Device::new(3));
    a.holds = true;
    a.edit(7);
    assert!(a.told.is_empty(), "not before it is stored");
    a.holds = false;
    a.release(true);
    hear(&mut a, &mut b);
    assert_eq!((shown(&b.replica), unsent(&b)), (Some(7), vec![(2, 1)]));
    // And written on.
    b.edit(8);
    hear(&mut b, &mut a);
    assert_eq!((shown(&a.replica), unsent(&a)), (Some(8), vec![(2, 1), (3, 1)]));
    assert!(a.replica.document().exercise().undecided().is_empty(), "it knew of the first");
    assert_eq!(a.replica.document().digest(), b.replica.document().digest());
}

#[test]
fn each_sends_its_own_after_what_it_builds_on() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.edit(7);
    hear(&mut a, &mut b);
    b.edit(8);
    b.connect();
    server.talk(&mut [&mut b]);
    assert_eq!(server.log.len(), 0, "it waits for the other tab");
    a.connect();
    server.talk(&mut [&mut b, &mut a]);
    let log: Vec<_> = server.log.iter().map(|entry| entry.peer.number()).collect();
    assert_eq!(log, [2, 3]);
    agree(&[&a, &b]);
    assert!(unsent(&a).is_empty() && unsent(&b).is_empty());
}

#[test]
fn what_a_tab_does_not_send_another_one_does_and_it_is_there_once() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.edit(7);
    hear(&mut a, &mut b);
    b.edit(8);
    b.connect();
    server.talk(&mut [&mut b]);
    b.tick(8);
    server.talk(&mut [&mut b]);
    assert_eq!(server.log.len(), 2, "a frozen tab keeps nobody waiting");
    a.connect();
    server.talk(&mut [&mut b, &mut a]);
    assert_eq!(server.log.len(), 2);
    agree(&[&a, &b]);
}

#[test]
fn what_is_not_all_here_waits() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    server.talk(&mut [&mut a]);
    a.edit(7);
    a.edit(8);
    // The first is missed: nothing after it is taken before the server told it.
    a.told.remove(0);
    hear(&mut a, &mut b);
    assert_eq!((shown(&b.replica), unsent(&b)), (None, vec![]));
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!(shown(&b.replica), Some(8));
    agree(&[&a, &b]);
    assert!(unsent(&b).is_empty());
}

#[test]
fn what_was_refused_is_shown_nowhere() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    server.grant.role = Role::Observer;
    a.edit(7);
    hear(&mut a, &mut b);
    a.connect();
    server.talk(&mut [&mut a]);
    assert_eq!(a.reload, Some(Cause::Refused(Code::Forbidden)));
    hear(&mut a, &mut b);
    assert_eq!(b.reload, Some(Cause::Neighbours));
    // They share one store.
    b.stored = a.stored.clone();
    let b = b.reopen(3, &[]);
    assert_eq!((shown(&b.replica), b.replica.status().quarantined), (None, 1));
}

#[test]
fn a_tab_that_is_opened_shows_what_waits_in_the_others() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.edit(7);
    let mut b = a.reopen(3, &[]);
    assert_eq!((shown(&b.replica), unsent(&b)), (Some(7), vec![(2, 1)]));
    b.connect();
    server.talk(&mut [&mut b]);
    assert!(b.sent_pushes().is_empty() && server.log.is_empty());
    a.connect();
    server.talk(&mut [&mut b, &mut a]);
    agree(&[&a, &b]);
    assert!(b.stored.outbox.is_empty());
}
