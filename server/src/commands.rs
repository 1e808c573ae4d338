//! What the command line can do.

mod demo;
pub mod exercise;
pub mod meeting;
pub mod serve;
pub mod user;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    cli::Data,
    store::{Error, Store},
};

/// Makes the database or brings it up to date.
pub fn migrate(data: &Data) -> Result<()> {
    Store::open(&data.directory)?;
    println!("La base de datos de «{}» está al día.", data.directory.display());
    Ok(())
}

/// Copies the database and checks the copy.
pub async fn back_up(to: PathBuf, data: &Data) -> Result<()> {
    let store = open(data)?;
    let shown = to.display().to_string();
    match store.back_up(to).await {
        Ok(()) => println!("Copia hecha y revisada: {shown}"),
        Err(Error::Taken) => bail!("Ya existe «{shown}»: elige otro nombre."),
        Err(error) => return Err(error).context("No se hizo la copia"),
    }
    Ok(())
}

/// Opens a database that must be there already.
fn open(data: &Data) -> Result<Store> {
    if !data.directory.join(crate::store::FILE).is_file() {
        bail!("No hay base de datos en «{}».", data.directory.display());
    }
    Ok(Store::open(&data.directory)?)
}

/// Keeps a data directory for this process alone: a server, or a command, that holds documents in
/// memory while it writes.
fn lock(directory: &Path) -> Result<File> {
    let lock = File::create(directory.join("focaliza.lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            bail!("Ya hay un servidor que usa «{}».", directory.display())
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
