//! Which version of each API two sides have in common.

use std::collections::BTreeMap;

use wire::messages::{ApiVersionsRequest, ApiVersionsResponse};
use wire::{ApiKey, VersionRange};

use crate::connection::Peer;

/// What one server offers, from its answer to ApiVersions.
#[derive(Clone, Debug, Default)]
pub struct ApiVersions {
    offered: BTreeMap<i16, VersionRange>,
    /// Levels of the features that the cluster has agreed on (KIP-584).
    finalized: BTreeMap<String, i16>,
}

impl ApiVersions {
    pub fn new(response: &ApiVersionsResponse) -> Self {
        let range = |key: &wire::messages::api_versions_response::ApiVersion| {
            (key.api_key, VersionRange::new(key.min_version, key.max_version))
        };
        let features = response.finalized_features.iter();
        Self {
            offered: response.api_keys.iter().map(range).collect(),
            finalized: features.map(|it| (it.name.clone(), it.max_version_level)).collect(),
        }
    }

    /// The level of a feature that the cluster had agreed on when the connection was opened; 0 for none (KIP-584).
    pub fn feature_level(&self, feature: &str) -> i16 {
        self.finalized.get(feature).copied().unwrap_or(0)
    }

    pub fn offered(&self, api: ApiKey) -> VersionRange {
        self.offered.get(&api.code()).copied().unwrap_or(VersionRange::NONE)
    }

    /// The newest settled version that both sides speak, but none after `max`.
    pub fn common(&self, api: ApiKey, max: i16) -> Option<i16> {
        let known = api.stable_versions();
        let both = known.intersect(self.offered(api)).intersect(VersionRange::new(0, max));
        (!both.is_empty()).then_some(both.max)
    }

    /// What to ask with first, before anything is known of the server.
    pub fn first_request_version() -> i16 {
        ApiKey::ApiVersions.stable_versions().max
    }

    /// The version to ask again with after the server refused the first one: the newest that it named, else 0, which every
    /// server answers.
    pub fn second_request_version(refusal: &ApiVersionsResponse) -> i16 {
        Self::new(refusal).common(ApiKey::ApiVersions, i16::MAX).unwrap_or(0)
    }

    pub(crate) fn request(peer: &Peer) -> ApiVersionsRequest {
        ApiVersionsRequest {
            cluster_id: peer.cluster_id.clone(),
            node_id: peer.broker.unwrap_or(-1),
            client_software_name: "ottla".to_owned(),
            client_software_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use wire::messages::api_versions_response::ApiVersion;

    use super::*;

    fn server(api: ApiKey, min_version: i16, max_version: i16) -> ApiVersions {
        let api_keys = vec![ApiVersion { api_key: api.code(), min_version, max_version }];
        ApiVersions::new(&ApiVersionsResponse { api_keys, ..ApiVersionsResponse::default() })
    }

    #[test]
    fn the_newest_version_of_both_is_chosen() {
        let ours = ApiKey::Fetch.stable_versions();
        assert_eq!(server(ApiKey::Fetch, 0, 10).common(ApiKey::Fetch, i16::MAX), Some(10));
        assert_eq!(server(ApiKey::Fetch, 4, 99).common(ApiKey::Fetch, i16::MAX), Some(ours.max));
        assert_eq!(server(ApiKey::Fetch, 4, 99).common(ApiKey::Fetch, 12), Some(12));
    }

    #[test]
    fn without_a_common_version_there_is_none() {
        assert_eq!(server(ApiKey::Fetch, 0, 3).common(ApiKey::Fetch, i16::MAX), None);
        assert_eq!(server(ApiKey::Fetch, 90, 99).common(ApiKey::Fetch, i16::MAX), None);
        assert_eq!(server(ApiKey::Fetch, 0, 9).common(ApiKey::Produce, i16::MAX), None);
    }

    #[test]
    fn an_unsettled_version_is_never_chosen() {
        let found = server(ApiKey::InitProducerId, 0, 6).common(ApiKey::InitProducerId, i16::MAX);
        assert_eq!(found, Some(5));
    }

    #[test]
    fn after_a_refusal_the_servers_own_version_is_asked() {
        let refusal = |max_version| {
            let api_keys = vec![ApiVersion { api_key: 18, min_version: 0, max_version }];
            ApiVersionsResponse { api_keys, ..ApiVersionsResponse::default() }
        };
        assert_eq!(ApiVersions::second_request_version(&refusal(2)), 2);
        assert_eq!(ApiVersions::second_request_version(&ApiVersionsResponse::default()), 0);
    }
}
