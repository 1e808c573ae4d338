//! Coming in and going out: with a password, with what the device remembers, with a PIN.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::{Join, Person, SignIn, entry::Leave, people::Accept};

use super::{DATABASE, MET, PERSON, SIGNED_OUT, Session, SignedOut, Who};
use crate::{
    api::{self, Trouble},
    clock,
    keyring::{Key, Keyring, PinTrouble},
    storage::{Failure, Seal, Storage},
};

/// Why somebody goes to a provider of identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure<'a> {
    /// To come back to this page, signed in.
    SignIn {
        /// Its path.
        back: &'a str,
    },
    /// To take an invitation up.
    Invitation {
        /// The secret in it.
        token: &'a str,
    },
}

/// Shows another page, which is none of the application.
fn go(address: &str) {
    if let Err(error) = window().location().assign(address) {
        leptos::logging::error!("cannot go to {address}: {error:?}");
    }
}

impl Session {
    /// Opens the device's storage and finds out who is signed in.
    pub async fn begin(self) {
        self.open_device().await;
        // Somebody whom the device remembers goes on; the connection says whether the session ended.
        if let Some(person) = self.device_recalls::<Person>(PERSON).await
            && self.enter_with_what_is_here(&person).await
        {
            self.is(person);
        }
        if !self.ends_former_session().await {
            if self.person().is_none() {
                self.is_nobody();
            }
            return;
        }
        match api::who().await {
            Ok(person) => {
                let _ = self.enter(person).await;
            }
            Err(_) if self.person().is_some() => {}
            Err(_) => {
                self.is_nobody();
            }
        }
    }

    /// Signs in.
    pub async fn sign_in(self, sign_in: SignIn) -> Result<(), Trouble> {
        self.admit(api::sign_in(&sign_in).await?).await
    }

    /// Takes part in a meeting.
    pub async fn join(self, join: Join) -> Result<(), Trouble> {
        self.admit(api::join(&join).await?).await
    }

    /// Takes an invitation up.
    pub async fn accept(self, token: &str, accept: &Accept) -> Result<(), Trouble> {
        self.admit(api::people::accept(token, accept).await?).await
    }

    /// The server let this person in, and ended whatever session there was before.
    async fn admit(self, person: Person) -> Result<(), Trouble> {
        self.device_remembers(SIGNED_OUT, None::<&bool>).await;
        self.enter(person).await
    }

    /// Comes back with a PIN, where no server has to be met.
    pub async fn unlock(self, user: i64, pin: &str) -> Result<(), PinTrouble> {
        let keyring = self.keyring().ok_or(PinTrouble::Forgotten)?;
        let (person, key) = keyring.unlock(user, pin).await?;
        self.device_remembers(PERSON, Some(&person)).await;
        keyring.keep(user, &key).await?;
        self.open_storage(&person, key).await;
        self.is(person);
        Ok(())
    }

    /// The server was met: what the person is may be different by now.
    pub async fn recognise(self) {
        let Some(known) = self.person() else { return };
        if let Ok(person) = api::who().await
            && person.user == known.user
            && person != known
        {
            self.device_remembers(PERSON, Some(&person)).await;
            self.is(person);
        }
    }

    /// Whether the session of who was here before is over. Until the server knows, the browser holds
    /// it, and what it says of who is signed in means nothing.
    async fn ends_former_session(self) -> bool {
        self.end_former_session().await.is_ok()
    }

    /// Ends that session. Where a provider of identities keeps one too, where to end it: what it keeps
    /// lasts a minute, and is over where this was left for later.
    async fn end_former_session(self) -> Result<Option<Leave>, Trouble> {
        if self.device_recalls::<bool>(SIGNED_OUT).await != Some(true) {
            return Ok(None);
        }
        let leave = api::sign_out().await?;
        self.device_remembers(SIGNED_OUT, None::<&bool>).await;
        Ok(leave)
    }

    /// Goes to a provider of identities, and from there to a page of this application. Nothing of what
    /// the device keeps is touched. The session of who was here before ends first: else the page that
    /// is come back to would end the new one.
    pub async fn leave_to_provider(self, way: &Departure<'_>) -> Result<(), Trouble> {
        self.end_former_session().await?;
        // As `encodeURIComponent`: a path may have a query of its own.
        let encoded = |text: &str| String::from(js_sys::encode_uri_component(text));
        let address = match way {
            Departure::SignIn { back } => {
                format!("/api/session/oidc/start?return={}", encoded(back))
            }
            Departure::Invitation { token } => {
                format!("/api/session/oidc/start?invitation={}", encoded(token))
            }
        };
        // Asked for first: without a network the browser would show a page of its own, and what is
        // on this one would be gone.
        api::ways().await?;
        go(&address);
        Ok(())
    }

    /// Signs out. Without a network the server is told the next time. Whether the browser leaves this
    /// page, to end the session that a provider of identities keeps.
    pub async fn sign_out(self) -> bool {
        let inner = self.inner.get_value();
        inner.connection.stop();
        inner.writers.take();
        inner.storage.take();
        if let (Some(keyring), Some(person)) = (self.keyring(), self.person())
            && let Err(failure) = keyring.forget(person.user).await
        {
            leptos::logging::error!("the key is still on the device: {failure}");
        }
        self.device_remembers(PERSON, None::<&Person>).await;
        self.device_remembers(SIGNED_OUT, Some(&true)).await;
        if let Some(tabs) = inner.tabs.take() {
            tabs.say(&SignedOut);
        }
        self.who.set(Who::Nobody);
        match self.end_former_session().await {
            Ok(Some(Leave { address })) => {
                go(&address);
                true
            }
            _ => false,
        }
    }

    /// The server knows this person.
    async fn enter(self, person: Person) -> Result<(), Trouble> {
        self.device_remembers(PERSON, Some(&person)).await;
        if !self.enter_with_what_is_here(&person).await {
            let key = api::storage_key().await?.key;
            if let Some(keyring) = self.keyring()
                && let Err(failure) = keyring.keep(person.user, &key).await
            {
                leptos::logging::warn!("the device does not keep the key: {failure}");
            }
            self.open_storage(&person, key).await;
        }
        self.device_remembers(MET, Some(&clock::now())).await;
        self.is(person);
        Ok(())
    }

    /// Opens a person's database without the server. Whether that was all there is to open.
    async fn enter_with_what_is_here(self, person: &Person) -> bool {
        let is_open = self.person().is_some_and(|known| known.user == person.user);
        let Some(keyring) = self.keyring() else { return true };
        if is_open {
            return true;
        }
        match keyring.key(person.user).await {
            Ok(Some(key)) => {
                self.open_storage(person, key).await;
                true
            }
            Ok(None) => false,
            Err(failure) => {
                leptos::logging::error!("the person's key: {failure}");
                false
            }
        }
    }

    async fn open_device(self) {
        match Storage::open(DATABASE, Seal::Sum).await {
            Ok(device) => {
                let inner = self.inner.get_value();
                inner.keyring.replace(Some(Keyring::new(Rc::clone(&device))));
                inner.device.replace(Some(device));
            }
            Err(failure) => {
                leptos::logging::error!("device storage: {failure}");
                self.tell_storage(Err(failure));
            }
        }
    }

    async fn open_storage(self, person: &Person, key: Key) {
        let Some(device) = self.device() else { return };
        let name = format!("{DATABASE}-{}", person.user);
        let opened = async {
            let storage = Storage::open(&name, Seal::key(&key)).await?;
            storage.adopt(&device, person.user).await?;
            Ok(storage)
        };
        match opened.await {
            Ok(storage) => {
                self.inner.get_value().storage.replace(Some((storage, key)));
                self.tell_storage(Ok(()));
            }
            Err(failure) => {
                leptos::logging::error!("the person's storage: {failure}");
                self.tell_storage(Err(failure));
            }
        }
    }

    fn is_nobody(self) {
        if self.device().is_some() {
            self.tell_storage(Ok(()));
        }
        self.who.set(Who::Nobody);
    }

    fn tell_storage(self, state: Result<(), Failure>) {
        if self.storage.get_untracked().as_ref() != Some(&state) {
            self.storage.set(Some(state));
        }
    }
}
