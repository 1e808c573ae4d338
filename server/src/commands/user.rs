//! Accounts by command line.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Error, Result, bail};
use shared::{
    access::{Grant, Role},
    api::people::login,
};

use super::open;
use crate::{
    auth::password,
    cli::{ExistingUser, NewUser, User},
    clock,
    store::{self, NewAccount, Store},
};

/// Does what was asked for.
pub async fn run(user: User) -> Result<()> {
    match user {
        User::Add(new) => add(new).await,
        User::List(data) => list(&open(&data)?).await,
        User::Disable(user) => {
            set_disabled(&user, true).await?;
            println!("Cuenta «{}» cerrada.", user.login);
            Ok(())
        }
        User::Enable(user) => {
            set_disabled(&user, false).await?;
            println!("Cuenta «{}» abierta.", user.login);
            Ok(())
        }
        User::Password { user, password } => {
            let hash = password::hash(&given(password)?)?;
            found(
                &user,
                open(&user.data)?
                    .set_password(login(&user.login).map_err(Error::msg)?, hash)
                    .await?,
            )?;
            println!("Contraseña de «{}» cambiada.", user.login);
            Ok(())
        }
    }
}

async fn add(new: NewUser) -> Result<()> {
    let login = login(&new.login).map_err(Error::msg)?;
    let role = Role::parse(&new.role).context("No existe ese rol.")?;
    let grant = Grant { role, region: new.region };
    grant.check().map_err(|why| Error::msg(format!("{why} (--region)")))?;
    let name = new.name.trim().to_owned();
    if name.is_empty() {
        bail!("Falta el nombre de la persona.");
    }
    let password = password::hash(&given(new.password)?)?;
    let store = Store::open(&new.data.directory)?;
    let account = NewAccount { login: login.clone(), name, grant, password };
    match store.add_account(account, clock::now()).await {
        Ok(_) => println!("Cuenta «{login}» creada."),
        Err(store::Error::Taken) => bail!("Ya hay una cuenta «{login}»."),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn list(store: &Store) -> Result<()> {
    for account in store.accounts().await? {
        let region = account.grant.region.as_deref().unwrap_or("todas");
        let state = if account.disabled { "cerrada" } else { "abierta" };
        let role = account.grant.role.as_str();
        println!("{}\t{}\t{role}\t{region}\t{state}", account.login, account.name);
    }
    Ok(())
}

async fn set_disabled(user: &ExistingUser, disabled: bool) -> Result<()> {
    let store = open(&user.data)?;
    found(user, store.set_disabled(login(&user.login).map_err(Error::msg)?, disabled).await?)
}

fn found(user: &ExistingUser, found: bool) -> Result<()> {
    if !found {
        bail!("No hay ninguna cuenta «{}».", user.login);
    }
    Ok(())
}

/// The password given as an option, typed without being shown, or the first line of the input.
fn given(password: Option<String>) -> Result<String> {
    if let Some(password) = password {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        let typed = rpassword::prompt_password("Contraseña: ")?;
        if rpassword::prompt_password("Otra vez: ")? != typed {
            bail!("Las contraseñas no son iguales.");
        }
        return Ok(typed);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
