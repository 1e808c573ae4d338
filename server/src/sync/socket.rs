//! Frames over a WebSocket.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::Response,
};
use futures_util::SinkExt as _;
use shared::{limits, protocol::Code};
use tokio::time::{interval, timeout};

use super::{Closed, Connection, Outgoing};
use crate::{
    app::App,
    auth::{origin, session::SignedIn},
    clock,
    error::Failure,
};

/// Bytes read from a socket at once. Each connection keeps such a buffer: frames are small.
const READ: usize = 4 * 1024;
/// A device that says nothing is asked whether it is there.
const ASK: Duration = Duration::from_secs(25);
/// It is gone when it has said nothing for so long: two questions and a bad network.
const GONE: Duration = Duration::from_secs(80);
/// How long sending one frame may take: half a megabyte on the slowest link to design for.
const SEND: Duration = Duration::from_secs(90);

/// Opens a socket for somebody who is signed in, from the application's own pages.
pub async fn open(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    if !origin::is_own(&headers) {
        let message = "La conexión no viene de las páginas de Focaliza.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    let (connection, outgoing, id) = app.live.connect(&app, &signed_in.0)?;
    let upgrade = upgrade
        .read_buffer_size(READ)
        .max_frame_size(limits::FRAME_BYTES)
        .max_message_size(limits::FRAME_BYTES);
    let (failed, user) = (Arc::clone(&app), signed_in.0.account.id);
    Ok(upgrade
        .on_failed_upgrade(move |error| {
            tracing::info!(user, cause = %error, "socket not opened");
            failed.live.forget(id);
        })
        .on_upgrade(move |socket| async move {
            tracing::info!(user, conn = id, "socket opened");
            run(socket, connection, &outgoing).await;
            app.live.forget(id);
            tracing::info!(user, conn = id, "socket closed");
        }))
}

async fn run(mut socket: WebSocket, mut connection: Connection, outgoing: &Outgoing) {
    let mut heard = clock::steady();
    let mut ask = interval(ASK);
    loop {
        let flow = tokio::select! {
            received = socket.recv() => {
                heard = clock::steady();
                take(received, &mut connection).await
            }
            frames = outgoing.take() => match frames {
                Ok(frames) => send(&mut socket, frames.into_iter().map(Message::Binary)).await,
                Err(Closed) => ControlFlow::Break(()),
            },
            _ = ask.tick() => {
                if heard.elapsed() > GONE {
                    ControlFlow::Break(())
                } else {
                    send(&mut socket, [Message::Ping(Bytes::new())]).await
                }
            }
        };
        if flow.is_break() {
            break;
        }
    }
    connection.leave().await;
    outgoing.close();
    // The last words say why it ended.
    if let Ok(frames) = outgoing.take().await
        && send(&mut socket, frames.into_iter().map(Message::Binary)).await.is_break()
    {
        return;
    }
    if let Ok(Err(error)) = timeout(SEND, socket.close()).await {
        tracing::debug!(cause = %error, "socket was gone already");
    }
}

async fn take(
    received: Option<Result<Message, axum::Error>>,
    connection: &mut Connection,
) -> ControlFlow<()> {
    match received {
        Some(Ok(Message::Binary(frame))) => match connection.receive(&frame).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(Closed) => ControlFlow::Break(()),
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => ControlFlow::Continue(()),
        Some(Ok(Message::Text(_))) => {
            connection.refuse(Code::Malformed);
            ControlFlow::Break(())
        }
        Some(Ok(Message::Close(_))) | None => ControlFlow::Break(()),
        Some(Err(error)) => {
            tracing::info!(cause = %error, "socket failed");
            ControlFlow::Break(())
        }
    }
}

/// Sends what waits as one: the last frame takes the others along.
async fn send(
    socket: &mut WebSocket,
    messages: impl IntoIterator<Item = Message>,
) -> ControlFlow<()> {
    for message in messages {
        if !matches!(timeout(SEND, socket.feed(message)).await, Ok(Ok(()))) {
            return ControlFlow::Break(());
        }
    }
    match timeout(SEND, socket.flush()).await {
        Ok(Ok(())) => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    }
}
