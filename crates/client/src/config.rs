use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerAddress {
    pub host: String,
    pub port: u16,
}

/// A text that is not HOST:PORT.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not HOST:PORT, such as 127.0.0.1:9092")]
pub struct NotAnAddress(String);

impl ServerAddress {
    /// Addresses separated by commas.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, NotAnAddress> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let addresses = parts.map(str::parse).collect::<Result<Vec<Self>, _>>()?;
        if addresses.is_empty() { Err(NotAnAddress(text.to_owned())) } else { Ok(addresses) }
    }
}

impl FromStr for ServerAddress {
    type Err = NotAnAddress;

    /// An IPv6 address stands in brackets.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let wrong = || NotAnAddress(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match bare {
            Some(bare) => bare,
            None if host.contains(':') => return Err(wrong()),
            None => host,
        };
        if host.is_empty() {
            return Err(wrong());
        }
        let port = port.parse().map_err(|_| wrong())?;
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

/// What every user of a cluster has to say.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Tried in this order until one answers; the others of the cluster are learnt from it.
    pub bootstrap: Vec<ServerAddress>,
    /// What the brokers' logs and quotas call this client.
    pub client_id: String,
    pub connect_timeout: Duration,
    /// How long an answer may take; requests that wait on the server get their wait on top.
    pub request_timeout: Duration,
}

impl ClientConfig {
    pub fn new(bootstrap: Vec<ServerAddress>) -> Self {
        Self {
            bootstrap,
            client_id: "ottla".to_owned(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_names_and_both_kinds_of_numbers() {
        let list = ServerAddress::parse_list("localhost:9092, 10.0.0.1:1,[::1]:9093").unwrap();
        let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["localhost:9092", "10.0.0.1:1", "[::1]:9093"]);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "localhost", ":9092", "localhost:", "localhost:70000", "::1:9092", ","] {
            assert!(ServerAddress::parse_list(text).is_err(), "{text}");
        }
    }
}
