//! Frames over a WebSocket.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{Request, State},
    response::Response,
};
use futures_util::{SinkExt as _, StreamExt as _};
use shared::protocol::Code;
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::{self, Message, error::CapacityError};

use super::{
    Closed, Connection, Outgoing,
    upgrade::{Handshake, Socket, parts},
};
use crate::{
    app::App,
    auth::{origin, session::SignedIn},
    clock,
    error::Failure,
};

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
    mut request: Request,
) -> Result<Response, Failure> {
    if !origin::is_own(request.headers()) {
        let message = "La conexión no viene de las páginas de Focaliza.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    let (response, socket) = Handshake::read(&mut request)?.accept();
    let (connection, outgoing, conn) = app.live.connect(&app, &signed_in.0)?;
    let user = signed_in.0.account.id;
    tokio::spawn(async move {
        match socket.open().await {
            Ok(socket) => {
                tracing::info!(user, conn, "socket opened");
                run(socket, connection, &outgoing).await;
                tracing::info!(user, conn, "socket closed");
            }
            Err(error) => tracing::info!(user, conn, cause = %error, "socket not opened"),
        }
        app.live.forget(conn);
    });
    Ok(response)
}

async fn run(mut socket: Socket, mut connection: Connection, outgoing: &Outgoing) {
    let mut heard = clock::steady();
    let mut ask = interval(ASK);
    loop {
        let flow = tokio::select! {
            received = socket.next() => {
                heard = clock::steady();
                take(received, &mut connection).await
            }
            frames = outgoing.take() => match frames {
                Ok(frames) => send(&mut socket, frames.into_iter().flat_map(parts)).await,
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
        && send(&mut socket, frames.into_iter().flat_map(parts)).await.is_break()
    {
        return;
    }
    if let Ok(Err(error)) = timeout(SEND, socket.close(None)).await {
        tracing::debug!(cause = %error, "socket was gone already");
    }
}

async fn take(
    received: Option<tungstenite::Result<Message>>,
    connection: &mut Connection,
) -> ControlFlow<()> {
    match received {
        Some(Ok(Message::Binary(frame))) => match connection.receive(&frame).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(Closed) => ControlFlow::Break(()),
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
            ControlFlow::Continue(())
        }
        Some(Ok(Message::Text(_))) => {
            connection.refuse(Code::Malformed);
            ControlFlow::Break(())
        }
        Some(Err(tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
            connection.refuse(Code::TooLarge);
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
async fn send(socket: &mut Socket, messages: impl IntoIterator<Item = Message>) -> ControlFlow<()> {
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
