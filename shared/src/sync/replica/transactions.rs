//! The replica's writes, in their order, one transaction under way at a time. What is stored is
//! therefore always what the replica was at some moment: nothing that builds on something is on
//! the device without it.
//!
//! What the server has anyway is gathered for a moment: others may write fifty times a second, and
//! on a tablet each transaction costs more than the edit that it stores.

use crate::sync::{Ticket, journal::Write};

/// So many writes wait no longer for more.
const GATHERED: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Transactions {
    waiting: Vec<Write>,
    /// Some of what waits is nowhere else, or waited for long enough.
    is_urgent: bool,
    under_way: Option<(Ticket, Vec<Write>)>,
    last: Ticket,
    is_failing: bool,
}

impl Transactions {
    /// Puts a write behind those that are there.
    pub fn add(&mut self, write: Write) {
        self.is_urgent |= !write.is_copy() || self.waiting.len() >= GATHERED;
        self.waiting.push(write);
    }

    /// What was gathered waits no longer.
    pub fn hurry(&mut self) {
        self.is_urgent = true;
    }

    /// Whether something waits only for more to come.
    pub fn is_gathering(&self) -> bool {
        !self.waiting.is_empty() && !self.is_urgent
    }

    /// The next transaction, when there is one to begin. One that failed is not begun again here.
    pub fn begin(&mut self) -> Option<(Ticket, Vec<Write>)> {
        if self.under_way.is_some() || self.is_failing || !self.is_urgent {
            return None;
        }
        self.is_urgent = false;
        if self.waiting.is_empty() {
            return None;
        }
        self.last += 1;
        let begun = (self.last, std::mem::take(&mut self.waiting));
        self.under_way = Some(begun.clone());
        Some(begun)
    }

    /// What was written; nothing where the transaction failed, which then waits to be begun again.
    pub fn end(&mut self, ticket: Ticket, ok: bool) -> Vec<Write> {
        match self.under_way.take() {
            Some((under_way, writes)) if under_way == ticket => {
                self.is_failing = !ok;
                if ok {
                    return writes;
                }
                self.waiting.splice(..0, writes);
                self.is_urgent = true;
            }
            other => self.under_way = other,
        }
        Vec::new()
    }

    /// Lets what failed begin again.
    pub fn retry(&mut self) {
        self.is_failing = false;
    }

    /// Whether the last transaction failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing
    }

    /// Whether everything is written.
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::journal::Cursor;

    fn copy(seq: u64) -> Write {
        Write::PutCursor(Cursor { epoch: 1, seq })
    }

    fn write(seq: u64) -> Write {
        Write::PutBase { epoch: 1, seq, document: Vec::new() }
    }

    #[test]
    fn what_the_server_has_waits_for_more() {
        let mut transactions = Transactions::default();
        transactions.add(copy(1));
        assert!(transactions.is_gathering() && transactions.begin().is_none());
        transactions.add(copy(2));
        transactions.hurry();
        let (first, writes) = transactions.begin().unwrap();
        assert_eq!(writes, [copy(1), copy(2)]);
        transactions.add(copy(3));
        assert_eq!(transactions.end(first, true), writes);
        assert!(transactions.begin().is_none() && !transactions.is_done());
        transactions.add(write(4));
        assert_eq!(transactions.begin().unwrap().1, [copy(3), write(4)], "it goes along");
    }

    #[test]
    fn it_does_not_gather_without_end() {
        let mut transactions = Transactions::default();
        (0..=GATHERED as u64).for_each(|seq| transactions.add(copy(seq)));
        assert_eq!(transactions.begin().unwrap().1.len(), GATHERED + 1);
    }

    #[test]
    fn what_failed_stays_before_what_came_later() {
        let mut transactions = Transactions::default();
        transactions.add(write(1));
        let (first, _) = transactions.begin().unwrap();
        transactions.add(write(2));
        assert_eq!(transactions.begin(), None, "one at a time");
        assert_eq!(transactions.end(first, false), []);
        assert!(transactions.is_failing() && transactions.begin().is_none());
        transactions.retry();
        let (second, writes) = transactions.begin().unwrap();
        assert_eq!(writes, [write(1), write(2)]);
        assert_eq!(transactions.end(first, true), [], "an old ticket says nothing");
        assert_eq!(transactions.end(second, true), writes);
        assert!(transactions.is_done());
    }
}
