//! Official acts, versions and receipts.

use gloo_net::http::Request;
use shared::{
    api::process::{Asked, BoardLine, Feed, Fix, ProcessOf, Receipt},
    ids::ExerciseId,
    process::{ActNumber, Record, letter::Attachment},
};

use wasm_bindgen::JsValue;

use super::{Trouble, read, send, understood};

/// The name under which the device remembers what [`show`] answered last.
pub fn remembered(exercise: ExerciseId) -> String {
    format!("process/{exercise}")
}

/// What the server has of an exercise's process.
pub async fn show(exercise: ExerciseId) -> Result<ProcessOf, Trouble> {
    read(send(Request::get(&format!("/api/exercises/{exercise}/process")).build()).await?).await
}

/// Has an act registered.
pub async fn register(exercise: ExerciseId, asked: &Asked) -> Result<Record, Trouble> {
    let path = format!("/api/exercises/{exercise}/acts");
    read(send(Request::post(&path).json(asked)).await?).await
}

/// Has a version fixed.
pub async fn fix(exercise: ExerciseId, fix: &Fix) -> Result<Record, Trouble> {
    let path = format!("/api/exercises/{exercise}/versions");
    read(send(Request::post(&path).json(fix)).await?).await
}

/// The exercise as the server has it, as a file.
pub async fn current(exercise: ExerciseId) -> Result<String, Trouble> {
    text(&format!("/api/exercises/{exercise}/export")).await
}

/// The content of a version, as a file.
pub async fn version(exercise: ExerciseId, act: ActNumber) -> Result<String, Trouble> {
    text(&format!("/api/exercises/{exercise}/versions/{act}")).await
}

async fn text(path: &str) -> Result<String, Trouble> {
    let response = send(Request::get(path).build()).await?;
    response.text().await.map_err(|_| Trouble::Offline)
}

/// Brings a file, to be attached. However long that takes: links are slow.
pub async fn attach(
    exercise: ExerciseId,
    name: &str,
    content: impl Into<JsValue>,
) -> Result<Attachment, Trouble> {
    let name = js_sys::encode_uri_component(name);
    let request = Request::post(&format!("/api/exercises/{exercise}/files?name={name}"));
    let request = request.header("content-type", "application/octet-stream");
    let request = request.body(content).map_err(|_| Trouble::Offline)?;
    let answer = request.send().await.map_err(|_| Trouble::Offline)?;
    read(understood(answer).await?).await
}

/// Where the regions stand.
pub async fn board(year: u16) -> Result<Vec<BoardLine>, Trouble> {
    read(send(Request::get(&format!("/api/board?year={year}")).build()).await?).await
}

/// A new address of the person's calendar.
pub async fn feed() -> Result<Feed, Trouble> {
    read(send(Request::post("/api/feed").json(&())).await?).await
}

/// What a receipt is about.
pub async fn receipt(receipt: &str, code: &str) -> Result<Receipt, Trouble> {
    read(send(Request::get(&format!("/api/receipts/{receipt}/{code}")).build()).await?).await
}
