//! The demonstration: the pilot exercise of Tarapacá and three people who do not exist.

use anyhow::Result;
use shared::{
    access::{Grant, Role},
    exchange::{self, process::Archive},
};

use crate::{
    auth::password,
    clock,
    restore::restore,
    store::{NewAccount, Store},
};

/// The same file that the rules are checked against.
const EXERCISE: &str = include_str!("../../../tests/corpus/tarapaca_2019.json");
/// Printed at the start and in the README: a database with these accounts is nobody's secret.
const PASSWORD: &str = "demo-focaliza";
const PEOPLE: [(&str, &str, Role, Option<&str>); 3] = [
    ("ana", "Ana Soto", Role::GoreCounterpart, Some("01")),
    ("bruno", "Bruno Rojas", Role::GoreEditor, Some("01")),
    ("sercotec", "Carla Fuentes", Role::SercotecReviewer, None),
];

/// Fills an empty database; leaves any other as it is.
pub async fn load(store: &Store) -> Result<()> {
    if !store.accounts().await?.is_empty() {
        tracing::info!("the database has accounts already: the demonstration was not loaded");
        return Ok(());
    }
    let exercise = exchange::import(EXERCISE)?;
    // It is there where the last attempt was interrupted.
    if store.exercise(exercise.id).await?.is_none() {
        restore(store, &exercise, Archive::default()).await?;
    }
    let password = password::hash(PASSWORD)?;
    for (login, name, role, region) in PEOPLE {
        let grant = Grant { role, region: region.map(Into::into) };
        let password = password.clone();
        let account = NewAccount { login: login.into(), name: name.into(), grant, password };
        store.add_account(account, clock::now()).await?;
    }
    tracing::warn!("DEMONSTRATION: three accounts with a published password were made");
    println!("Demostración: entra como ana, bruno o sercotec con la contraseña {PASSWORD}");
    Ok(())
}
