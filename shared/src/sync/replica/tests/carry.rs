//! What came in a rescue file: merged once, whoever sends it, however often.

use super::*;
use crate::doc::MergeError;

fn entries(device: &Device) -> Vec<(Peer, EntryNo, Outgoing)> {
    let unsent = device.replica.unsent();
    unsent.map(|(peer, entry, outgoing)| (peer, entry, outgoing.clone())).collect()
}

fn carry(device: &mut Device, entries: Vec<(Peer, EntryNo, Outgoing)>) {
    let step = device.replica.carry(entries, vec![]).unwrap();
    device.run(step);
}

/// A device that lost its network with two edits, and another one of somebody else.
fn stranded() -> (Device, Device, Server) {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    for device in [&mut a, &mut b] {
        device.connect();
    }
    a.edit(1);
    server.talk(&mut [&mut a, &mut b]);
    a.replica.disconnected();
    a.edit(2);
    a.edit(3);
    (a, b, server)
}

#[test]
fn it_is_sent_by_who_took_it_over_and_once_although_its_device_comes_back() {
    let (mut a, mut b, mut server) = stranded();
    carry(&mut b, entries(&a));
    assert_eq!(b.reload, Some(Cause::Carried));
    let mut b = b.reopen(3, &[2]);
    assert_eq!((shown(&b.replica), b.replica.status().unsent), (Some(3), 2));
    b.edit(4);
    b.connect();
    server.user = 2;
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!((server.log.len(), b.replica.status().unsent), (4, 0));

    carry(&mut b, entries(&a));
    assert_eq!((b.reload, b.replica.status().unsent), (None, 0), "it is here already");
    a.connect();
    server.user = 1;
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!((server.log.len(), a.replica.status().unsent), (4, 0));
    a.edit(5);
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!((server.log.len(), shown(&b.replica)), (5, Some(5)));
    agree(&[&a, &b]);
}

#[test]
fn it_may_be_taken_over_twice_before_anybody_meets_the_server() {
    let (a, mut b, mut server) = stranded();
    let mut c = Device::new(4);
    c.connect();
    server.talk(&mut [&mut c]);
    let mut taken = Vec::new();
    for (device, own) in [(&mut b, 3), (&mut c, 4)] {
        carry(device, entries(&a));
        let mut again = device.reopen(own, &[2]);
        carry(&mut again, entries(&a));
        assert_eq!(again.reload, None);
        taken.push(again);
    }
    let [b, c] = &mut taken[..] else { unreachable!() };
    b.connect();
    c.connect();
    server.talk(&mut [b, c]);
    assert_eq!(server.log.len(), 3);
    agree(&[b, c]);
}

#[test]
fn what_builds_on_something_else_waits_for_the_server_and_takes_nothing() {
    let (mut a, _, _) = stranded();
    let mut new = Device::new(5);
    new.edit(9);
    assert_eq!(new.replica.carry(entries(&a), vec![]), Err(MergeError::Incomplete));
    assert_eq!((shown(&new.replica), new.reload, new.stored.outbox.len()), (Some(9), None, 1));
    // Also where it says nothing of what is missing.
    let key = Key::parse("focus/r2/budget").unwrap();
    let step = a.replica.edit(vec![Edit::SetCell { key, value: Some(Value::Money(1)) }]).unwrap();
    a.run(step);
    let last = entries(&a).split_off(2);
    assert_eq!(new.replica.carry(last, vec![]), Err(MergeError::Incomplete));
    // Nor does what somebody wrote in another name.
    let mut forged = entries(&a);
    forged[0].0 = peer(6);
    assert_eq!(a.replica.carry(forged, vec![]), Err(MergeError::Foreign));
}

#[test]
fn who_may_not_write_cannot_bring_it() {
    let (mut a, mut b, mut server) = stranded();
    carry(&mut b, entries(&a));
    let mut b = b.reopen(3, &[2]);
    server.grant.role = Role::Observer;
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!(b.reload, Some(Cause::Refused(Code::Forbidden)));
    let kept: Vec<_> = b.stored.quarantine.iter().map(|refused| refused.edits.clone()).collect();
    assert_eq!((kept, server.log.len()), (vec![budget(2), budget(3)], 1));
}
