use metadata::Image;
use model::BrokerId;

use crate::{Broker, Client};

/// Where a client reaches a broker by the listener it came in by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reachable {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// The address to tell a client for a broker: what is advertised, or of this very broker, where nothing is, the address
/// that the client came in on. `None` when the broker has no such listener, or must not be named now.
pub(crate) fn reachable(
    broker: &Broker,
    image: &Image,
    id: BrokerId,
    client: &Client,
) -> Option<Reachable> {
    let config = broker.config();
    let settings = config.settings();
    if id == broker.id() && settings.advertised.is_empty() {
        return Some(Reachable { host: client.local.ip().to_string(), port: client.local.port() });
    }
    let mut client_listeners = settings.listeners.iter().filter(|listener| !listener.is_controller);
    let listener = client_listeners.nth(usize::from(client.listener))?;
    let registration = image.broker(id).filter(|registration| !registration.fenced)?;
    let endpoint = registration.endpoint(&listener.endpoint.name)?;
    Some(Reachable { host: endpoint.host.clone(), port: endpoint.port })
}
