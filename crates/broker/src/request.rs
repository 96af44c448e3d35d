use std::net::SocketAddr;

/// A decoded request of one API.
#[derive(Clone, Debug)]
pub struct Request<R> {
    pub version: i16,
    pub message: R,
    pub client: Client,
}

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// What the client calls itself; may be missing or empty.
    pub id: Option<String>,
    pub address: SocketAddr,
    /// The address of ours that the client came in on, for answers that name this broker where nothing is advertised.
    pub local: SocketAddr,
    /// Which listener the client came in by, in the order of the settings.
    pub listener: u8,
    /// Names the connection among all of this broker's.
    pub connection: u64,
}

impl Client {
    /// The host as Kafka writes it in group descriptions: a slash and the address.
    pub fn host(&self) -> String {
        format!("/{}", self.address.ip())
    }
}
