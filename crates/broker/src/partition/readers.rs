//! Who reads a partition, and how far it has come.

use std::net::IpAddr;

use model::{Instant, Offset};

use super::State;
use crate::limits;

/// Tells clients apart by what they call themselves and where they are: a fetch says no more of who it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientMark(u64);

impl ClientMark {
    pub(crate) fn new(id: &str, host: IpAddr) -> Self {
        let mut hash = Fnv::default();
        hash.add(id.as_bytes());
        match host.to_canonical() {
            IpAddr::V4(host) => hash.add(&host.octets()),
            IpAddr::V6(host) => hash.add(&host.octets()),
        }
        Self(hash.0)
    }

    /// Of a member, with its host as groups write it: a slash and the address.
    pub(crate) fn of_member(id: &str, host: &str) -> Option<Self> {
        Some(Self::new(id, host.strip_prefix('/').unwrap_or(host).parse().ok()?))
    }
}

/// FNV-1a with 64 bits: names are short, and nothing rests on it but a number for people.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Where a client read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastFetch {
    client: ClientMark,
    /// It has consumed what lies before, or is about to.
    pub(crate) offset: Offset,
    pub(crate) at: Instant,
}

impl LastFetch {
    pub(crate) const fn new(client: ClientMark, offset: Offset, at: Instant) -> Self {
        Self { client, offset, at }
    }
}

/// The clients that read a partition last. Empty, and without memory, while nobody reads.
#[derive(Debug, Default)]
pub(super) struct Readers(Vec<LastFetch>);

impl Readers {
    pub(super) fn note(&mut self, fetch: LastFetch) {
        if let Some(known) = self.0.iter_mut().find(|known| known.client == fetch.client) {
            *known = fetch;
        } else if self.0.len() < limits::READER_COUNT_MAX {
            self.0.push(fetch);
        } else if let Some(oldest) = self.0.iter_mut().min_by_key(|known| known.at) {
            *oldest = fetch;
        }
    }
}

impl State {
    /// `None` when it did not read lately, or others did since.
    pub(crate) fn last_fetch_of(&self, client: ClientMark) -> Option<LastFetch> {
        self.readers.0.iter().find(|known| known.client == client).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: usize) -> ClientMark {
        ClientMark::new(&format!("client-{number}"), [127, 0, 0, 1].into())
    }

    fn fetch(number: usize, offset: i64, at: u64) -> LastFetch {
        LastFetch::new(mark(number), Offset::from_wire(offset).unwrap(), Instant::from_nanos(at))
    }

    #[test]
    fn a_member_is_the_client_of_its_name_and_address() {
        let member = ClientMark::of_member("client-1", "/127.0.0.1").unwrap();
        assert_eq!(member, mark(1));
        assert_ne!(member, mark(2));
        assert_ne!(member, ClientMark::new("client-1", [127, 0, 0, 2].into()));
        let mapped = ClientMark::new("client-1", "::ffff:127.0.0.1".parse().unwrap());
        assert_eq!(member, mapped);
        assert_eq!(ClientMark::of_member("client-1", "somewhere"), None);
    }

    #[test]
    fn the_last_fetch_counts_and_the_oldest_reader_gives_way() {
        let mut readers = Readers::default();
        for number in 0..limits::READER_COUNT_MAX {
            readers.note(fetch(number, 1, 10 + number as u64));
        }
        readers.note(fetch(0, 7, 100));
        readers.note(fetch(99, 3, 101));
        let offsets = |number| {
            let client = mark(number);
            let found = readers.0.iter().find(|known| known.client == client);
            found.map(|known| known.offset.to_wire())
        };
        assert_eq!(
            (offsets(0), offsets(1), offsets(2), offsets(99)),
            (Some(7), None, Some(1), Some(3))
        );
        assert_eq!(readers.0.len(), limits::READER_COUNT_MAX);
    }
}
