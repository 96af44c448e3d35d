use std::io;
use std::net::SocketAddr;

use crate::limits::SILENCE_MAX;

pub type Result<T> = std::result::Result<T, LoadError>;

/// Why a load came to no result.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{what}: {source}")]
    Io { what: &'static str, source: io::Error },
    #[error("{address}: {source}")]
    Connection { address: SocketAddr, source: io::Error },
    #[error("{0} closed a connection")]
    Closed(SocketAddr),
    #[error("{address} answers with error code {code}")]
    Refused { address: SocketAddr, code: i16 },
    #[error("{0} sends what is no answer")]
    NoAnswer(SocketAddr),
    #[error("no broker has said anything for {SILENCE_MAX:?}")]
    Silent,
    #[error("{address} does not keep up with {per_second} requests a second")]
    Behind { address: SocketAddr, per_second: f64 },
    #[error("encode a request: {0}")]
    Encode(#[from] wire::EncodeError),
    #[error("make a batch: {0}")]
    Append(#[from] record::AppendError),
    #[error("make a batch: {0}")]
    Build(#[from] record::BuildError),
    #[error("a request of {0} bytes is too large")]
    TooLarge(usize),
    #[error("a load without connections or requests")]
    Empty,
    #[error("process {pid}: {source}")]
    Process { pid: u32, source: io::Error },
}

impl LoadError {
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { what, source }
    }
}
