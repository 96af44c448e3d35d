//! Listeners: names, addresses and security protocols, as `listeners`, `advertised.listeners` and
//! `listener.security.protocol.map` write them.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// How a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityProtocol {
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}

impl SecurityProtocol {
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Plaintext, Self::Ssl, Self::SaslPlaintext, Self::SaslSsl]
            .into_iter()
            .find(|protocol| protocol.name().eq_ignore_ascii_case(text))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Plaintext => "PLAINTEXT",
            Self::Ssl => "SSL",
            Self::SaslPlaintext => "SASL_PLAINTEXT",
            Self::SaslSsl => "SASL_SSL",
        }
    }

    /// Number in records of the metadata log.
    pub fn wire_code(self) -> i16 {
        match self {
            Self::Plaintext => 0,
            Self::Ssl => 1,
            Self::SaslPlaintext => 2,
            Self::SaslSsl => 3,
        }
    }
}

/// Which protocol each listener name speaks.
pub type SecurityProtocolMap = BTreeMap<String, SecurityProtocol>;

/// NAME://HOST:PORT. Names are in capitals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub name: String,
    /// `None`: every address of this machine.
    pub host: Option<String>,
    /// 0 in `listeners`: a free one is chosen.
    pub port: u16,
}

/// An address that is listened on, with its protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    pub endpoint: Endpoint,
    pub protocol: SecurityProtocol,
    /// Named by `controller.listener.names`: for controllers, not told to clients.
    pub is_controller: bool,
}

/// Why listeners do not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidListeners {
    #[error("{setting}: {entry} is not NAME://HOST:PORT")]
    NotAnEndpoint { setting: &'static str, entry: String },
    #[error("{setting}: listener name {name} appears twice")]
    NameTwice { setting: &'static str, name: String },
    #[error(
        "{setting}: port {port} appears twice, which only one IPv4 and one IPv6 address may share"
    )]
    PortTwice { setting: &'static str, port: u16 },
    #[error(
        "listener.security.protocol.map: {entry} is not NAME:PROTOCOL, with PROTOCOL one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"
    )]
    NotAProtocol { entry: String },
    #[error(
        "listeners: no security protocol is given for listener {name} in listener.security.protocol.map"
    )]
    NoProtocol { name: String },
    #[error(
        "advertised.listeners: {name} has no address that a client can connect to; give a host and a port"
    )]
    NotReachable { name: String },
    #[error("{setting}: listener {name} is not one of listeners")]
    UnknownListener { setting: &'static str, name: String },
    #[error("advertised.listeners: {name} is a listener of the controller only")]
    ControllerAdvertised { name: String },
    #[error("process.roles is {roles}: {reason}")]
    Roles { roles: String, reason: &'static str },
}

/// Reads `listeners`.
pub fn parse_listeners(items: &[String]) -> Result<Vec<Endpoint>, InvalidListeners> {
    let endpoints = parse_endpoints("listeners", items)?;
    for (index, endpoint) in endpoints.iter().enumerate() {
        let clash = endpoints.iter().take(index).any(|other| {
            other.port == endpoint.port && endpoint.port != 0 && !may_share_port(other, endpoint)
        });
        if clash {
            return Err(InvalidListeners::PortTwice { setting: "listeners", port: endpoint.port });
        }
    }
    Ok(endpoints)
}

/// Reads `advertised.listeners`: every address must be one that a client can connect to.
pub fn parse_advertised(items: &[String]) -> Result<Vec<Endpoint>, InvalidListeners> {
    let endpoints = parse_endpoints("advertised.listeners", items)?;
    for endpoint in &endpoints {
        let host = endpoint.host.as_deref();
        if matches!(host, None | Some("0.0.0.0" | "::")) || endpoint.port == 0 {
            return Err(InvalidListeners::NotReachable { name: endpoint.name.clone() });
        }
    }
    Ok(endpoints)
}

/// Reads `listener.security.protocol.map`.
pub(crate) fn parse_protocol_map(text: &str) -> Result<SecurityProtocolMap, InvalidListeners> {
    let mut map = SecurityProtocolMap::new();
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let wrong = || InvalidListeners::NotAProtocol { entry: entry.to_owned() };
        let (name, protocol) = entry.split_once(':').ok_or_else(wrong)?;
        let protocol = SecurityProtocol::parse(protocol.trim()).ok_or_else(wrong)?;
        let name = name.trim().to_uppercase();
        if map.insert(name.clone(), protocol).is_some() {
            return Err(InvalidListeners::NameTwice {
                setting: "listener.security.protocol.map",
                name,
            });
        }
    }
    Ok(map)
}

fn parse_endpoints(
    setting: &'static str,
    items: &[String],
) -> Result<Vec<Endpoint>, InvalidListeners> {
    let mut endpoints: Vec<Endpoint> = Vec::with_capacity(items.len());
    for item in items {
        let endpoint = parse_endpoint(item)
            .ok_or_else(|| InvalidListeners::NotAnEndpoint { setting, entry: item.clone() })?;
        if endpoints.iter().any(|other| other.name == endpoint.name) {
            return Err(InvalidListeners::NameTwice { setting, name: endpoint.name });
        }
        endpoints.push(endpoint);
    }
    Ok(endpoints)
}

/// NAME://HOST:PORT; HOST may be empty, or an IPv6 address in square brackets or without.
fn parse_endpoint(text: &str) -> Option<Endpoint> {
    let (name, address) = text.trim().split_once("://")?;
    let (host, port) = address.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let fits_host = host.chars().all(|c| c.is_ascii_alphanumeric() || "-._%:".contains(c));
    let fits_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    if !fits_host || !fits_name {
        return None;
    }
    Some(Endpoint {
        name: name.to_uppercase(),
        host: (!host.is_empty()).then(|| host.to_owned()),
        port: port.parse().ok()?,
    })
}

/// Two listeners may have one port when one is of IPv4 and the other of IPv6.
fn may_share_port(one: &Endpoint, other: &Endpoint) -> bool {
    let parse = |endpoint: &Endpoint| endpoint.host.as_deref().and_then(|host| host.parse().ok());
    matches!(
        (parse(one), parse(other)),
        (Some(IpAddr::V4(_)), Some(IpAddr::V6(_))) | (Some(IpAddr::V6(_)), Some(IpAddr::V4(_)))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listeners(text: &str) -> Result<Vec<Endpoint>, InvalidListeners> {
        parse_listeners(&text.split(',').map(ToOwned::to_owned).collect::<Vec<_>>())
    }

    fn endpoint(name: &str, host: Option<&str>, port: u16) -> Endpoint {
        Endpoint { name: name.to_owned(), host: host.map(ToOwned::to_owned), port }
    }

    #[test]
    fn a_listener_is_a_name_an_address_and_a_port() {
        assert_eq!(listeners("PLAINTEXT://:9092"), Ok(vec![endpoint("PLAINTEXT", None, 9092)]));
        assert_eq!(
            listeners("internal://[::1]:9093,CLIENT://broker-1.example.com:0"),
            Ok(vec![
                endpoint("INTERNAL", Some("::1"), 9093),
                endpoint("CLIENT", Some("broker-1.example.com"), 0),
            ])
        );
        for wrong in ["PLAINTEXT:9092", "PLAINTEXT://host", "://h:1", "A://h:99999", "A://h h:1"] {
            assert!(
                matches!(listeners(wrong), Err(InvalidListeners::NotAnEndpoint { .. })),
                "{wrong}"
            );
        }
    }

    #[test]
    fn names_and_ports_appear_once() {
        assert!(matches!(listeners("A://:1,a://:2"), Err(InvalidListeners::NameTwice { .. })));
        assert!(matches!(listeners("A://:1,B://:1"), Err(InvalidListeners::PortTwice { .. })));
        assert!(listeners("A://127.0.0.1:1,B://[::1]:1").is_ok());
        assert!(listeners("A://:0,B://:0").is_ok());
    }

    #[test]
    fn clients_are_told_only_addresses_they_can_reach() {
        for wrong in ["A://:1", "A://0.0.0.0:1", "A://[::]:1", "A://h:0"] {
            let parsed = parse_advertised(&[wrong.to_owned()]);
            assert!(matches!(parsed, Err(InvalidListeners::NotReachable { .. })), "{wrong}");
        }
    }

    #[test]
    fn every_listener_name_has_one_protocol() {
        let map =
            parse_protocol_map("internal:PLAINTEXT, CLIENT:sasl_ssl").expect("both are right");
        assert_eq!(map.get("INTERNAL"), Some(&SecurityProtocol::Plaintext));
        assert_eq!(map.get("CLIENT"), Some(&SecurityProtocol::SaslSsl));
        assert!(parse_protocol_map("A:TLS").is_err());
        assert!(parse_protocol_map("A:SSL,a:SSL").is_err());
    }
}
