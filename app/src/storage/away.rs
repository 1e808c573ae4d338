//! A page that is put away: browsers keep it as it was, for when somebody goes back to it.
//!
//! A transaction that was open then stays open, and until the browser forgets the page no other one
//! stores or reads anything. So what is under way is given up. What begins afterwards has one turn:
//! the last edits are handed over in it, and the browser stores them without the page.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::{Rc, Weak},
    task::{Poll, Waker},
};

use wasm_bindgen::{JsCast as _, closure::Closure};

thread_local! {
    static PAGE: Rc<Page> = Page::watched();
}

#[derive(Default)]
struct Page {
    is_away: Cell<bool>,
    /// Who waits for something.
    waiting: RefCell<Vec<Weak<Cell<Option<Waker>>>>>,
}

impl Page {
    fn watched() -> Rc<Self> {
        let page = Rc::new(Self::default());
        for (event, is_away) in [("pagehide", true), ("pageshow", false)] {
            let page = Rc::clone(&page);
            let told = Closure::<dyn Fn()>::new(move || page.note(is_away));
            if let Some(window) = web_sys::window() {
                // A window takes any listener.
                let _ =
                    window.add_event_listener_with_callback(event, told.as_ref().unchecked_ref());
            }
            told.forget();
        }
        page
    }

    fn note(&self, is_away: bool) {
        self.is_away.set(is_away);
        if !is_away {
            return;
        }
        for waiting in self.waiting.take() {
            if let Some(waker) = waiting.upgrade().and_then(|waker| waker.take()) {
                waker.wake();
            }
        }
    }

    fn wait(&self) -> Rc<Cell<Option<Waker>>> {
        let waker = Rc::new(Cell::new(None));
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|other| other.strong_count() > 0);
        waiting.push(Rc::downgrade(&waker));
        waker
    }
}

/// What the future gives; `None` where the page is put away before, and the future given up.
pub async fn unless_put_away<R>(future: impl Future<Output = R>) -> Option<R> {
    let page = PAGE.with(Rc::clone);
    let waker = page.wait();
    let mut future = pin!(future);
    poll_fn(|context| {
        waker.set(Some(context.waker().clone()));
        match future.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if page.is_away.get() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use wasm_bindgen_futures::spawn_local;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::clock;

    fn dispatch(event: &str) {
        let event = web_sys::Event::new(event).unwrap();
        web_sys::window().unwrap().dispatch_event(&event).unwrap();
    }

    #[wasm_bindgen_test]
    async fn what_is_under_way_is_given_up_and_what_begins_then_has_one_turn() {
        let given_up = Rc::new(Cell::new(false));
        let noted = Rc::clone(&given_up);
        spawn_local(async move { noted.set(unless_put_away(pending::<()>()).await.is_none()) });
        let wait = async || clock::within(5, pending::<()>()).await;
        wait().await;
        assert!(!given_up.get(), "nothing happened yet");
        dispatch("pagehide");
        wait().await;
        assert!(given_up.get());
        assert_eq!(unless_put_away(ready(1)).await, Some(1));
        assert_eq!(unless_put_away(wait()).await, None);
        dispatch("pageshow");
        assert_eq!(unless_put_away(wait()).await, Some(None));
    }
}
