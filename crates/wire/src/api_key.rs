use std::fmt;

use crate::generated::{FACTS, KAFKA_COUNT, OWN_KEY_MIN};
use crate::{ApiKey, VersionRange};

/// What the spec says of one API.
#[derive(Debug)]
pub(crate) struct ApiFacts {
    pub(crate) name: &'static str,
    pub(crate) versions: VersionRange,
    pub(crate) request_flexible: VersionRange,
    pub(crate) response_flexible: VersionRange,
    pub(crate) unstable: Option<i16>,
    pub(crate) broker: bool,
    pub(crate) controller: bool,
    pub(crate) forwardable: bool,
    pub(crate) cluster_action: bool,
}

/// The kinds of listeners that offer an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listeners {
    pub broker: bool,
    pub controller: bool,
}

impl ApiKey {
    /// `None` for a number that is no API of Apache Kafka 4.4, nor one of Ottla's own.
    pub fn from_code(code: i16) -> Option<Self> {
        let (apis, first) = match code {
            OWN_KEY_MIN.. => (Self::ALL.get(KAFKA_COUNT..)?, OWN_KEY_MIN),
            _ => (Self::ALL.get(..KAFKA_COUNT)?, 0),
        };
        apis.get(usize::try_from(code - first).ok()?).copied()
    }

    /// Whether it is Ottla's own, which other clients have not heard of.
    pub const fn is_own(self) -> bool {
        self.code() >= OWN_KEY_MIN
    }

    /// Its place in [`Self::ALL`].
    #[allow(clippy::cast_sign_loss, reason = "keys are counted from 0, Ottla's own from theirs")]
    pub const fn place(self) -> usize {
        if self.is_own() {
            KAFKA_COUNT + (self.code() - OWN_KEY_MIN) as usize
        } else {
            self.code() as usize
        }
    }

    pub const fn code(self) -> i16 {
        self as i16
    }

    fn facts(self) -> &'static ApiFacts {
        // The table is as long as the enum and in its order.
        &FACTS[self.place()]
    }

    /// Kafka's name, such as `OffsetForLeaderEpoch`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Versions that can be encoded and decoded; none for an API that was removed.
    pub fn versions(self) -> VersionRange {
        self.facts().versions
    }

    /// Versions that a client may be told of: without the unstable one, unless asked for.
    pub fn stable_versions(self) -> VersionRange {
        let VersionRange { min, max } = self.versions();
        match self.latest_unstable() {
            Some(unstable) => VersionRange::new(min, unstable - 1),
            None => VersionRange::new(min, max),
        }
    }

    /// Versions that a broker tells its clients. Produce claims 0 to 2 although they are refused, because some versions of
    /// librdkafka read too much from their absence (KAFKA-18659).
    pub fn advertised_versions(self) -> VersionRange {
        let VersionRange { min, max } = self.stable_versions();
        VersionRange::new(if self == Self::Produce { 0 } else { min }, max)
    }

    /// The newest version, if it is not settled yet.
    pub fn latest_unstable(self) -> Option<i16> {
        self.facts().unstable
    }

    pub fn listeners(self) -> Listeners {
        Listeners { broker: self.facts().broker, controller: self.facts().controller }
    }

    /// Whether a broker hands the request on to the active controller, in an envelope.
    pub fn is_forwardable(self) -> bool {
        self.facts().forwardable
    }

    /// Whether only nodes of the cluster may ask: the right to ClusterAction is checked.
    pub fn is_cluster_action(self) -> bool {
        self.facts().cluster_action
    }

    /// Version of the request header before a request of `version`, which need not be a known one.
    pub fn request_header_version(self, version: i16) -> i16 {
        let flexible = self.facts().request_flexible;
        if !flexible.is_empty() && version >= flexible.min { 2 } else { 1 }
    }

    /// Version of the response header. ApiVersions always answers with 0, because the client may not know yet which
    /// versions the server reads (KIP-511).
    pub fn response_header_version(self, version: i16) -> i16 {
        let flexible = self.facts().response_flexible;
        let is_flexible = !flexible.is_empty() && version >= flexible.min;
        if is_flexible && self != Self::ApiVersions { 1 } else { 0 }
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_their_place_in_the_table() {
        for (place, (key, code)) in ApiKey::ALL.into_iter().zip((0..95).chain(20_000..)).enumerate()
        {
            assert_eq!(key.code(), code);
            assert_eq!(key.place(), place);
            assert_eq!(ApiKey::from_code(code), Some(key));
            assert_eq!(key.is_own(), place >= 95);
        }
        assert_eq!(ApiKey::ALL.len(), 97);
        for code in [-1, 95, 19_999, 20_002, i16::MIN, i16::MAX] {
            assert_eq!(ApiKey::from_code(code), None);
        }
    }

    #[test]
    fn removed_apis_have_no_versions() {
        let removed: Vec<_> =
            ApiKey::ALL.into_iter().filter(|key| key.versions().is_empty()).collect();
        let names = removed.iter().map(|key| key.name()).collect::<Vec<_>>();
        assert_eq!(names, ["LeaderAndIsr", "StopReplica", "UpdateMetadata", "ControlledShutdown"]);
    }

    #[test]
    fn an_unstable_version_is_known_but_not_stable() {
        assert_eq!(ApiKey::InitProducerId.versions(), VersionRange::new(0, 6));
        assert_eq!(ApiKey::InitProducerId.stable_versions(), VersionRange::new(0, 5));
        let unstable = ApiKey::ALL.into_iter().filter(|key| key.latest_unstable().is_some());
        assert_eq!(unstable.collect::<Vec<_>>(), [ApiKey::InitProducerId]);
    }

    #[test]
    fn produce_is_advertised_from_version_zero() {
        assert_eq!(ApiKey::Produce.versions(), VersionRange::new(3, 13));
        assert_eq!(ApiKey::Produce.advertised_versions(), VersionRange::new(0, 13));
    }

    #[test]
    fn header_versions_follow_the_flexible_versions() {
        assert_eq!(ApiKey::Fetch.request_header_version(11), 1);
        assert_eq!(ApiKey::Fetch.request_header_version(12), 2);
        assert_eq!(ApiKey::Fetch.response_header_version(11), 0);
        assert_eq!(ApiKey::Fetch.response_header_version(12), 1);
        assert_eq!(ApiKey::ApiVersions.request_header_version(99), 2);
        assert_eq!(ApiKey::ApiVersions.response_header_version(3), 0);
        assert_eq!(ApiKey::SaslHandshake.request_header_version(1), 1);
    }
}
