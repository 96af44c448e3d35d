//! Metrics and health over HTTP, on a thread of its own: a slow reader of the page never holds up a loop.

mod connections;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::sync::oneshot;

use self::connections::FewConnections;
use crate::limits::{HTTP_CONNECTION_COUNT_MAX, HTTP_IDLE_MAX};
use crate::{Health, Registry};

/// Serves `/metrics`, `/health` (the process lives) and `/health/ready` (clients are served) until it is dropped.
pub struct HttpServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("listen for HTTP on {address}: {source}; --http takes another address, or off")]
    Listen { address: String, source: io::Error },
    #[error("start the HTTP thread: {0}")]
    Start(io::Error),
}

#[derive(Clone)]
struct Pages {
    registry: Arc<Registry>,
    health: Arc<Health>,
}

impl HttpServer {
    /// `listen` is HOST:PORT or :PORT; port 0 takes a free one.
    pub fn start(
        listen: &str,
        registry: Arc<Registry>,
        health: Arc<Health>,
    ) -> Result<Self, HttpError> {
        let refused = |source| HttpError::Listen { address: listen.to_owned(), source };
        let listener = bind(listen).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(HttpError::Start)?;
        let (stop, stopped) = oneshot::channel();
        let pages = Pages { registry, health };
        let serve = async move {
            // The socket was made outside of the runtime so that a port in use is an error of the start.
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            let listener = FewConnections::new(listener, HTTP_CONNECTION_COUNT_MAX, HTTP_IDLE_MAX);
            let server = axum::serve(listener, router(pages)).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            if let Err(error) = server.await {
                tracing::warn!(%error, "stop serving HTTP");
            }
        };
        let thread = std::thread::Builder::new()
            .name("http".to_owned())
            .spawn(move || runtime.block_on(serve))
            .map_err(HttpError::Start)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A reader that never hangs up must not keep the node from stopping: the thread ends with the process.
        drop(self.thread.take());
    }
}

/// Every address when no host is given: of IPv6 and IPv4 at once where the machine can, else of IPv4.
fn bind(listen: &str) -> io::Result<TcpListener> {
    let listener = match listen.strip_prefix(':') {
        Some(port) => TcpListener::bind(format!("[::]:{port}"))
            .or_else(|_| TcpListener::bind(format!("0.0.0.0:{port}"))),
        None => TcpListener::bind(listen),
    }?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn router(pages: Pages) -> Router {
    Router::new()
        .route("/", get(|| async { "Ottla. Pages: /metrics /health /health/ready\n" }))
        .route("/metrics", get(metrics))
        .route("/health", get(alive))
        .route("/health/live", get(alive))
        .route("/health/ready", get(ready))
        .with_state(pages)
}

async fn metrics(Shared(pages): Shared<Pages>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], pages.registry.render())
}

async fn alive(Shared(pages): Shared<Pages>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], pages.health.state().json())
}

async fn ready(Shared(pages): Shared<Pages>) -> impl IntoResponse {
    let state = pages.health.state();
    let status = if state.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CONTENT_TYPE, "application/json")], state.json())
}
