//! The replica's writes, in their order, one transaction under way at a time. What is stored is
//! therefore always what the replica was at some moment: nothing that builds on something is on
//! the device without it.

use crate::sync::{Ticket, journal::Write};

#[derive(Debug, Default)]
pub(super) struct Transactions {
    waiting: Vec<Write>,
    under_way: Option<(Ticket, Vec<Write>)>,
    last: Ticket,
    is_failing: bool,
}

impl Transactions {
    /// Puts a write behind those that are there.
    pub fn add(&mut self, write: Write) {
        self.waiting.push(write);
    }

    /// The next transaction, when there is one to begin. One that failed is not begun again here.
    pub fn begin(&mut self) -> Option<(Ticket, Vec<Write>)> {
        if self.under_way.is_some() || self.waiting.is_empty() || self.is_failing {
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

    fn write(seq: u64) -> Write {
        Write::PutCursor(Cursor { epoch: 1, seq })
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
