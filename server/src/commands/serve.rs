//! Serving.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result};
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use super::{demo, lock};
use crate::{
    app::{App, Config},
    audit,
    auth::{cookie::Cookie, password::Passwords},
    cli::Serve,
    clock,
    oidc::Oidc,
    reminders::{self, Post},
    router,
    store::Store,
    sync,
};

/// Serves until it is told to end.
pub async fn run(options: &Serve) -> Result<()> {
    let store = Store::open(&options.site.data.directory)?;
    // Two servers on one database would each hold documents that the other changes.
    let _lock = lock(&options.site.data.directory)?;
    if options.demo {
        demo::load(&store).await?;
    }
    if let Some(file) = &options.clock {
        tokio::spawn(clock::rehearse(file.clone()));
    }
    let config = Config {
        dist: options.site.dist.clone(),
        cookie: Cookie { secure: options.secure_cookies },
        trust_proxy: options.trust_proxy,
        offline_days: options.site.offline_days,
        meeting: None,
    };
    let listener = listen(SocketAddr::new(options.host, options.site.port)).await?;
    let data = &options.site.data.directory;
    let oidc = Oidc::new(&options.oidc, options.mail.address.as_deref(), data)?;
    serve(config, store, listener, Post::new(&options.mail)?, oidc).await
}

/// Takes a port.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("No se puede escuchar en {address}"))
}

/// Serves until it is told to end.
pub(super) async fn serve(
    config: Config,
    store: Store,
    listener: TcpListener,
    post: Option<Post>,
    oidc: Option<Oidc>,
) -> Result<()> {
    let app = Arc::new(App::new(config, store, Passwords::new()?, oidc));
    if app.build.is_empty() {
        tracing::warn!(dist = %app.config.dist.display(), "there is no built application");
    }
    let address = listener.local_addr()?;
    // Edits are small and awaited: none waits for another to fill a packet.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(cause = %error, "TCP_NODELAY was not set");
        }
    });
    tracing::info!(%address, build = app.build, "serving");
    println!("Focaliza atiende en http://{address}");
    tokio::spawn(sync::watch(Arc::clone(&app)));
    tokio::spawn(audit::tidy(Arc::clone(&app)));
    if let Some(post) = post {
        tokio::spawn(reminders::run(Arc::clone(&app), post));
    }
    let service =
        router::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
    let end = async move {
        told_to_end().await;
        app.live.end_all();
    };
    axum::serve(listener, service).with_graceful_shutdown(end).await?;
    tracing::info!("ended");
    Ok(())
}

async fn told_to_end() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(cause = %error, "cannot listen for an interruption");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(cause = %error, "cannot listen for termination");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
