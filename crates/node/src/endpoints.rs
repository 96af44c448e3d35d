//! Addresses: which are listened on, and which others are told.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use metadata::Endpoint;
use model::{BrokerId, Uuid};
use raft::{ReplicaKey, Voter, VoterEndpoint, VoterSet};
use settings::{BrokerSettings, Listener, SecurityProtocol};

/// Why a listener cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error("listener {name} speaks {protocol}, which is not built yet: PLAINTEXT is")]
    NotBuilt { name: String, protocol: &'static str },
    #[error("listener {name}: {host} is no address of this machine: {source}")]
    NoAddress { name: String, host: String, source: std::io::Error },
}

/// Addresses to listen on for clients and brokers, in the order of the settings.
pub(crate) fn to_bind(settings: &BrokerSettings) -> Result<Vec<SocketAddr>, EndpointError> {
    settings.broker_listeners().map(address).collect()
}

fn address(listener: &Listener) -> Result<SocketAddr, EndpointError> {
    let name = || listener.endpoint.name.clone();
    if listener.protocol != SecurityProtocol::Plaintext {
        return Err(EndpointError::NotBuilt { name: name(), protocol: listener.protocol.name() });
    }
    let port = listener.endpoint.port;
    let Some(host) = listener.endpoint.host.as_deref() else {
        return Ok(SocketAddr::new(every_address(), port));
    };
    let no_address =
        |source| EndpointError::NoAddress { name: name(), host: host.to_owned(), source };
    let mut addresses = (host, port).to_socket_addrs().map_err(no_address)?;
    let none = || no_address(std::io::ErrorKind::NotFound.into());
    addresses.next().ok_or_else(none)
}

/// Both families where the machine has both.
fn every_address() -> IpAddr {
    let v6 = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    match TcpListener::bind((v6, 0)) {
        Ok(_) => v6,
        Err(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

/// What the broker registers: advertised addresses, else those it listens on, under the machine's name where they are
/// all. `bound` are the addresses in use, in the order of the listeners.
pub(crate) fn to_register(settings: &BrokerSettings, bound: &[SocketAddr]) -> Vec<Endpoint> {
    settings
        .broker_listeners()
        .zip(bound)
        .map(|(listener, bound)| {
            let name = listener.endpoint.name.clone();
            let advertised = settings.advertised.iter().find(|endpoint| endpoint.name == name);
            let (host, port) = match advertised {
                Some(endpoint) => (endpoint.host.clone(), endpoint.port),
                None => (listener.endpoint.host.clone(), bound.port()),
            };
            let host = host.filter(|host| !is_every_address(host)).unwrap_or_else(machine_name);
            Endpoint { name, host, port, security: security(listener.protocol) }
        })
        .collect()
}

/// Where the controller of this node is found. Without a listener of its own, nowhere but in this process: then the
/// first of the brokers' stands for it, because voters have an address.
pub(crate) fn of_controller(settings: &BrokerSettings, bound: &[SocketAddr]) -> Vec<VoterEndpoint> {
    let Some(own) = settings.listeners.iter().find(|listener| listener.is_controller) else {
        let first = to_register(settings, bound).into_iter().next();
        let first = first.map(|Endpoint { name, host, port, .. }| VoterEndpoint {
            listener: name,
            host,
            port,
        });
        return first.into_iter().collect();
    };
    let advertised = settings.advertised.iter().find(|other| other.name == own.endpoint.name);
    let endpoint = advertised.unwrap_or(&own.endpoint);
    let host =
        endpoint.host.clone().filter(|host| !is_every_address(host)).unwrap_or_else(machine_name);
    vec![VoterEndpoint { listener: endpoint.name.clone(), host, port: endpoint.port }]
}

/// `controller.quorum.voters`: who votes where the metadata log does not say it, as in a directory that Apache Kafka formatted
/// for voters that do not change. Their directories are not known.
pub(crate) fn static_voters(settings: &BrokerSettings) -> Option<VoterSet> {
    let own = settings.listeners.iter().find(|listener| listener.is_controller);
    let listener = own.map(|own| own.endpoint.name.clone()).unwrap_or_default();
    // Each is well-formed: the settings were checked.
    let voters = settings.quorum.voters.iter().filter_map(|item| static_voter(item, &listener));
    let voters = VoterSet::new(voters);
    (!voters.is_empty()).then_some(voters)
}

fn static_voter(item: &str, listener: &str) -> Option<Voter> {
    let (id, address) = item.split_once('@')?;
    let (host, port) = address.rsplit_once(':')?;
    let id = BrokerId::from_wire(id.trim().parse().ok()?)?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let endpoint = VoterEndpoint { listener: listener.to_owned(), host, port: port.parse().ok()? };
    Some(Voter {
        key: ReplicaKey { id, directory: Uuid::ZERO },
        endpoints: vec![endpoint],
        kraft_version_min: 0,
        kraft_version_max: 0,
    })
}

fn is_every_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified())
}

fn machine_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    // A name that does not lead back here would only mislead whoever is told it.
    let resolves =
        (name.as_str(), 0).to_socket_addrs().is_ok_and(|mut found| found.next().is_some());
    if resolves { name } else { "localhost".to_owned() }
}

fn security(protocol: SecurityProtocol) -> metadata::SecurityProtocol {
    match protocol {
        SecurityProtocol::Plaintext => metadata::SecurityProtocol::Plaintext,
        SecurityProtocol::Ssl => metadata::SecurityProtocol::Ssl,
        SecurityProtocol::SaslPlaintext => metadata::SecurityProtocol::SaslPlaintext,
        SecurityProtocol::SaslSsl => metadata::SecurityProtocol::SaslSsl,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_voters_are_read_with_hosts_of_both_families() {
        let voter = static_voter("7@[::1]:9093", "CONTROLLER").unwrap();
        assert_eq!(voter.key.id.to_wire(), 7);
        assert!(voter.key.directory.is_zero());
        let endpoint =
            VoterEndpoint { listener: "CONTROLLER".to_owned(), host: "::1".to_owned(), port: 9093 };
        assert_eq!(voter.endpoints, [endpoint]);
        assert_eq!(static_voter("7@localhost:1", "").unwrap().endpoints[0].host, "localhost");
        assert!(static_voter("localhost:9093", "").is_none());
    }
}
