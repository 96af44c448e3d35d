use std::collections::BTreeMap;
use std::net::IpAddr;

use parking_lot::Mutex;

use crate::config::Config;

/// Connections of the whole process, in all and by address.
#[derive(Debug, Default)]
pub(crate) struct ConnectionCounts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    by_ip: BTreeMap<IpAddr, usize>,
}

/// What becomes of a connection that has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admitted,
    /// Its address has as many as it may.
    TooManyFromAddress,
}

impl ConnectionCounts {
    pub(crate) fn total(&self) -> usize {
        self.0.lock().total
    }

    pub(crate) fn admit(&self, config: &Config, ip: IpAddr) -> Admission {
        let mut counts = self.0.lock();
        let of_ip = counts.by_ip.entry(ip).or_default();
        if *of_ip >= config.per_ip_max(ip) {
            if *of_ip == 0 {
                counts.by_ip.remove(&ip);
            }
            return Admission::TooManyFromAddress;
        }
        *of_ip += 1;
        counts.total += 1;
        Admission::Admitted
    }

    pub(crate) fn left(&self, ip: IpAddr) {
        let mut counts = self.0.lock();
        counts.total = counts.total.saturating_sub(1);
        if let Some(of_ip) = counts.by_ip.get_mut(&ip) {
            *of_ip -= 1;
            if *of_ip == 0 {
                counts.by_ip.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_over_its_count_is_refused_until_one_of_its_connections_leaves() {
        let ip = IpAddr::from([127, 0, 0, 1]);
        let other = IpAddr::from([127, 0, 0, 2]);
        let config = Config {
            connection_count_per_ip_max: 1,
            per_ip_overrides: [(other, 0)].into(),
            ..Config::default()
        };
        let counts = ConnectionCounts::default();
        assert_eq!(counts.admit(&config, ip), Admission::Admitted);
        assert_eq!(counts.admit(&config, ip), Admission::TooManyFromAddress);
        assert_eq!(counts.admit(&config, other), Admission::TooManyFromAddress);
        counts.left(ip);
        assert_eq!(counts.admit(&config, ip), Admission::Admitted);
        assert_eq!(counts.total(), 1);
    }
}
