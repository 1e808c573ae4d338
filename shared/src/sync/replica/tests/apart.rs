//! What was written apart is told to whom it concerns, and nothing else is.

use super::*;

fn text_key() -> Key {
    Key::parse("focus/r1/description").unwrap()
}

fn text(device: &Device) -> String {
    let row = device.replica.document().exercise().row(text_key().table, &text_key().row);
    row.map(|row| row.text("description").to_owned()).unwrap_or_default()
}

/// Two devices that follow the server and have a row with a text and a figure.
fn begin() -> (Device, Device, Server) {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    b.connect();
    let place = Edit::PlaceRow { table: text_key().table, row: text_key().row, order: "V".into() };
    a.perform(vec![place]);
    a.perform(budget(1));
    a.write("Uno.");
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert_eq!((&*a.apart, &*b.apart), (&[][..], &[][..]));
    (a, b, server)
}

impl Device {
    fn perform(&mut self, edits: Vec<Edit>) {
        let step = self.replica.edit(edits).unwrap();
        self.run(step);
    }

    /// Adds to the end of the text.
    fn write(&mut self, more: &str) {
        let at = text(self).len();
        let insert = more.into();
        self.perform(vec![Edit::SpliceText { key: text_key(), at, delete: 0, insert }]);
    }

    fn delete_row(&mut self, deleted: bool) {
        let Key { table, row, .. } = text_key();
        self.perform(vec![Edit::DeleteRow { table, row, deleted }]);
    }

    fn cut(&mut self) {
        self.replica.disconnected();
        self.sent.clear();
    }

    fn noted(&mut self) -> Vec<Apart> {
        std::mem::take(&mut self.apart)
    }
}

fn merged(before: &str, after: &str, by: u64) -> Apart {
    let (before, after, by) = (before.into(), after.into(), Some(peer(by)));
    Apart::Text { key: text_key(), before, after, by }
}

fn row_apart(deleted: bool, by: u64) -> Apart {
    let Key { table, row, .. } = text_key();
    let by = Some(peer(by));
    if deleted { Apart::Deleted { table, row, by } } else { Apart::Wrote { table, row, by } }
}

#[test]
fn who_comes_back_second_is_told_what_was_merged() {
    let (mut a, mut b, mut server) = begin();
    a.cut();
    b.cut();
    a.write(" Ana.");
    b.write(" Bruno.");
    a.connect();
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!(a.noted(), []);
    // Also after the page was loaded again.
    let mut b = b.reopen(3, &[]);
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert_eq!(b.noted(), [merged("Uno. Bruno.", &text(&b), 2)]);
    assert!(text(&b).contains(" Ana.") && text(&b).contains(" Bruno."));
    assert_eq!(a.noted(), [], "what arrives there is like anything that others write");
    // From here on both know everything.
    b.write(" Dos.");
    server.talk(&mut [&mut a, &mut b]);
    a.write(" Tres.");
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
}

#[test]
fn typing_in_one_text_on_living_connections_is_not_told() {
    let (mut a, mut b, mut server) = begin();
    for _ in 0..5 {
        a.write(" a");
        b.write(" b");
        server.talk(&mut [&mut a, &mut b]);
    }
    agree(&[&a, &b]);
    assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
}

#[test]
fn what_a_lost_connection_carried_counts_and_what_came_after_it_does_not() {
    let (mut a, mut b, mut server) = begin();
    // It is lost on its way, and the other's comes first.
    b.write(" Bruno.");
    b.cut();
    a.write(" Ana.");
    server.talk(&mut [&mut a, &mut b]);
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!(b.noted(), [merged("Uno. Bruno.", &text(&b), 2)]);
    agree(&[&a, &b]);

    // It arrives, and only the answer is lost: the other goes on from it.
    b.write(" Más.");
    let mut lost = Device::new(9);
    std::mem::swap(&mut lost.sent, &mut b.sent);
    server.talk(&mut [&mut a, &mut lost]);
    a.write(" Y más.");
    server.talk(&mut [&mut a, &mut lost]);
    b.cut();
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert!(text(&b).ends_with(" Más. Y más."), "{}", text(&b));
    assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
}

#[test]
fn figures_and_other_texts_are_not_told() {
    let (mut a, mut b, mut server) = begin();
    a.cut();
    b.cut();
    a.edit(5);
    a.write(" Ana.");
    b.edit(6);
    let other = Key { field: "orientation".into(), ..text_key() };
    b.perform(vec![Edit::splice(other, "", "Bruno").unwrap()]);
    for _ in 0..2 {
        a.connect();
        b.connect();
        server.talk(&mut [&mut a, &mut b]);
    }
    assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
}

#[test]
fn a_base_may_bring_what_was_written_meanwhile() {
    let (mut a, mut b, mut server) = begin();
    server.room.tune(Tuning { base_distance: 2, ..Tuning::default() });
    b.cut();
    b.write(" Bruno.");
    for pesos in 0..5 {
        a.edit(pesos);
    }
    a.write(" Ana.");
    server.talk(&mut [&mut a, &mut b]);
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert!(b.stored.base.is_some());
    let Apart::Text { before, after, by, .. } = &b.noted()[0] else { panic!() };
    assert_eq!((before.as_str(), after.as_str(), *by), ("Uno. Bruno.", &*text(&b), None));
}

#[test]
fn a_row_that_one_deletes_and_another_writes_into_is_told_to_both() {
    for deleter_first in [true, false] {
        let (mut a, mut b, mut server) = begin();
        a.cut();
        b.cut();
        a.delete_row(true);
        b.edit(5);
        for is_a in [deleter_first, !deleter_first] {
            if is_a {
                a.connect()
            } else {
                b.connect()
            }
            server.talk(&mut [&mut a, &mut b]);
        }
        agree(&[&a, &b]);
        assert_eq!(b.noted(), [row_apart(true, 2)]);
        assert_eq!(a.noted(), [row_apart(false, 3)]);
        assert_eq!(shown(&a.replica), Some(5), "what was written is in the row");
        // Who restores it and goes on does what all see.
        b.delete_row(false);
        b.edit(6);
        server.talk(&mut [&mut a, &mut b]);
        a.edit(7);
        server.talk(&mut [&mut a, &mut b]);
        agree(&[&a, &b]);
        assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
    }
}

#[test]
fn a_row_that_both_delete_is_nobodys_news() {
    let (mut a, mut b, mut server) = begin();
    a.cut();
    b.cut();
    a.delete_row(true);
    b.delete_row(true);
    a.connect();
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert_eq!((a.noted(), b.noted()), (vec![], vec![]));
}
