//! The command line.

use std::{
    path::Path,
    process::{Output, Stdio},
};

use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::{
    device::Device,
    stage::{PASSWORD, PROGRAM, Server, body, focaliza, run},
};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn accounts_are_made_listed_and_closed() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let add = |login: &'static str, rest: &'static [&'static str]| {
        let data = data.clone();
        async move {
            let mut line = vec!["user", "add", "--name", "Ana Soto", "--login", login];
            line.extend(rest);
            focaliza(&data, &line).await
        }
    };
    let good = &["--role", "gore_editor", "--region", "01", "--password", "una muy larga"];
    assert_eq!(said(&add("Ana", good).await), "Cuenta «ana» creada.\n");
    for (login, rest, complaint) in [
        ("ana", &good[..], "Ya hay una cuenta «ana».\n"),
        ("b", good, "El nombre con que se entra tiene de 2 a 60 caracteres, sin espacios.\n"),
        (
            "bruno",
            &["--role", "gore_editor", "--password", "una muy larga"],
            "Ese rol es de una región: elige cuál. (--region)\n",
        ),
        (
            "bruno",
            &["--role", "gore_editor", "--region", "77", "--password", "una muy larga"],
            "No existe esa región. (--region)\n",
        ),
        (
            "bruno",
            &["--role", "gore_editor", "--region", "01", "--password", "corta"],
            "La contraseña debe tener al menos 10 caracteres.\n",
        ),
    ] {
        let output = add(login, rest).await;
        assert_eq!((output.status.code(), complained(&output)), (Some(1), complaint.into()));
    }
    let output = add("bruno", &["--role", "rey", "--password", "una muy larga"]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).contains("gore_counterpart"), "{}", complained(&output));

    assert!(focaliza(&data, &["user", "disable", "ANA"]).await.status.success());
    let list = said(&focaliza(&data, &["user", "list"]).await);
    assert_eq!(list, "ana\tAna Soto\tgore_editor\t01\tcerrada\n");
    let output = focaliza(&data, &["user", "disable", "nadie"]).await;
    assert_eq!(complained(&output), "No hay ninguna cuenta «nadie».\n");
}

#[tokio::test]
async fn a_password_can_come_from_the_input() {
    let server = Server::start(&[]).await;
    let line = ["user", "add", "--name", "Ana", "--login", "ana", "--role", "observer", "--data"];
    let mut process = Command::new(PROGRAM)
        .args(line)
        .arg(server.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    input.write_all(format!("{PASSWORD}\n").as_bytes()).await.unwrap();
    drop(input);
    assert!(process.wait().await.unwrap().success());
    assert_eq!(server.browser().sign_in("ana", PASSWORD).await.status(), 200);
}

#[tokio::test]
async fn a_backup_of_a_running_server_can_take_its_place() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let exercise = serde_json::json!({ "region": "01", "budget_year": 2027 });
    assert_eq!(ana.post("/api/exercises", &exercise).await.status(), 200);
    let epoch = body(ana.get("/api/health").await).await["epoch"].clone();

    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("focaliza.sqlite3");
    let copy_text = copy.to_str().unwrap();
    let output = focaliza(&server.data(), &["backup", copy_text]).await;
    assert!(said(&output).starts_with("Copia hecha y revisada"), "{}", complained(&output));
    let output = focaliza(&server.data(), &["backup", copy_text]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).starts_with("Ya existe"), "{}", complained(&output));

    let (_restored, address) = serve(directory.path()).await;
    let mut ana = server.browser();
    ana.address = address;
    assert_eq!(ana.sign_in("ana", PASSWORD).await.status(), 200);
    let list = body(ana.get("/api/exercises").await).await;
    assert_eq!(list[0]["id"], "01-2027");
    let restored = body(ana.get("/api/health").await).await["epoch"].clone();
    assert_ne!(restored, epoch, "devices must notice that this is another log");
}

async fn serve(data: &Path) -> (tokio::process::Child, String) {
    let mut command = Command::new(PROGRAM);
    command.args(["serve", "--port", "0", "--data"]).arg(data);
    run(command).await
}

#[tokio::test]
async fn one_server_at_a_time_and_no_newer_database() {
    let server = Server::start(&[]).await;
    let output = focaliza(&server.data(), &["serve", "--port", "0", "--log", "json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("Ya hay un servidor que usa"), "{}", complained(&output));

    let directory = tempfile::tempdir().unwrap();
    assert!(focaliza(directory.path(), &["migrate"]).await.status.success());
    // Bytes 60..64 of the file are the version that SQLite calls `user_version`.
    let file = directory.path().join("focaliza.sqlite3");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&file, bytes).unwrap();
    let output = focaliza(directory.path(), &["migrate"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("versión más nueva"), "{}", complained(&output));
}

#[tokio::test]
async fn the_demonstration_is_loaded_once() {
    let mut server = Server::start(&["--demo"]).await;
    for login in ["ana", "bruno", "sercotec"] {
        let mut person = server.browser();
        assert_eq!(person.sign_in(login, "demo-focaliza").await.status(), 200);
        let list = body(person.get("/api/exercises").await).await;
        assert_eq!(list[0]["id"], "01-2019");
        assert_eq!(list[0]["may_edit"], login != "sercotec");
    }
    assert!(focaliza(&server.data(), &["user", "disable", "ana"]).await.status.success());
    server.kill().await;
    server.start_again().await;
    let list = said(&focaliza(&server.data(), &["user", "list"]).await);
    assert_eq!(list.lines().count(), 3);
    assert!(list.starts_with("ana\tAna Soto\tgore_counterpart\t01\tcerrada\n"), "{list}");
}

#[cfg(unix)]
#[tokio::test]
async fn told_to_end_the_server_says_goodbye_and_leaves_one_file() {
    let mut server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let (mut device, _) = Device::open(&ana, 100).await;
    let entry = device.push(1).await;
    device.acknowledged(entry).await;
    let status = server.terminate().await;
    assert!(status.success(), "{status}");
    while device.next_or_end().await.is_some() {}
    let mut files: Vec<_> = std::fs::read_dir(server.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["focaliza.lock", "focaliza.sqlite3"]);
}

#[tokio::test]
async fn mistakes_are_said_in_spanish_and_counted_as_misuse() {
    let directory = tempfile::tempdir().unwrap();
    let output = focaliza(directory.path(), &["sirve"]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).starts_with("No existe la orden «sirve»."));
    let output = focaliza(directory.path(), &["user", "list"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).starts_with("No hay base de datos en"));
}
