use std::sync::Arc;

use metadata::Image;
use wire::messages::api_versions_response::{ApiVersion, FinalizedFeatureKey, SupportedFeatureKey};
use wire::messages::{ApiVersionsRequest, ApiVersionsResponse};
use wire::{ApiKey, ErrorCode};

use crate::api::served;
use crate::features::choosable_features;
use crate::{Broker, ReplyTo, Request};

/// From this version on a client names its software, and sees features whose lowest level is 0 only after it.
const SOFTWARE_VERSION_MIN: i16 = 3;

pub fn handle(broker: &Arc<Broker>, request: Request<ApiVersionsRequest>, reply: ReplyTo) {
    let message = &request.message;
    if request.version >= SOFTWARE_VERSION_MIN
        && !(is_software_word(&message.client_software_name)
            && is_software_word(&message.client_software_version))
    {
        return reply.send(&refused(ErrorCode::InvalidRequest));
    }
    if names_another(broker, message) {
        return reply.send(&refused(ErrorCode::RebootstrapRequired));
    }
    // Others would not know what Ottla's own APIs are, and some take offence at keys that they do not know.
    let shows_own = message.client_software_name == OWN_CLIENT;
    reply.send(&versions(broker, request.version, shows_own));
}

/// What Ottla's own client calls itself.
const OWN_CLIENT: &str = "ottla";

/// A version that is not known is answered in version 0, which every client can read, with the versions it may use
/// for asking again (KIP-511).
pub(crate) fn refuse_version(reply: ReplyTo) {
    let response = ApiVersionsResponse {
        error_code: ErrorCode::UnsupportedVersion.code(),
        api_keys: vec![api_version(ApiKey::ApiVersions)],
        ..ApiVersionsResponse::default()
    };
    reply.send_in(&response, 0);
}

fn refused(error: ErrorCode) -> ApiVersionsResponse {
    ApiVersionsResponse { error_code: error.code(), ..ApiVersionsResponse::default() }
}

fn versions(broker: &Broker, version: i16, shows_own: bool) -> ApiVersionsResponse {
    let image = broker.image();
    // Clients up to version 3 refuse a lowest level of 0 (KAFKA-17011).
    let shown =
        choosable_features(&image).into_iter().filter(|(_, range)| version > 3 || range.min > 0);
    let shown_apis = served().into_iter().filter(|key| shows_own || !key.is_own());
    ApiVersionsResponse {
        api_keys: shown_apis.map(api_version).collect(),
        supported_features: shown
            .map(|(name, range)| SupportedFeatureKey {
                name,
                min_version: range.min,
                max_version: range.max,
            })
            .collect(),
        finalized_features_epoch: image.end().previous().map_or(-1, model::Offset::to_wire),
        finalized_features: finalized(broker, &image),
        ..ApiVersionsResponse::default()
    }
}

/// The levels that hold in the cluster. That of the quorum's own rules does not stand in the image.
fn finalized(broker: &Broker, image: &Image) -> Vec<FinalizedFeatureKey> {
    let kraft_version = broker.quorum().status().kraft_version;
    let of_quorum = (kraft_version > 0).then_some(("kraft.version", kraft_version));
    let of_image = image.features().iter().map(|(name, level)| (name.as_str(), *level));
    let finalized = of_image.chain(of_quorum).map(|(name, level)| FinalizedFeatureKey {
        name: name.to_owned(),
        max_version_level: level,
        min_version_level: level,
    });
    finalized.collect()
}

fn api_version(key: ApiKey) -> ApiVersion {
    let versions = key.advertised_versions();
    ApiVersion { api_key: key.code(), min_version: versions.min, max_version: versions.max }
}

/// The client believes that it speaks to another cluster or broker than this (KIP-1242).
fn names_another(broker: &Broker, message: &ApiVersionsRequest) -> bool {
    let identity = broker.identity();
    let cluster = message.cluster_id.as_ref().is_some_and(|id| *id != identity.cluster_id);
    let node = message.node_id >= 0 && message.node_id != identity.id.to_wire();
    cluster || node
}

/// Letters and digits, with dots and dashes only between them.
fn is_software_word(text: &str) -> bool {
    let ends = |c: u8| c.is_ascii_alphanumeric();
    let inside = |c: u8| ends(c) || c == b'.' || c == b'-';
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(ends)
        && bytes.last().copied().is_some_and(ends)
        && bytes.iter().copied().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn software_names_are_words_of_letters_digits_dots_and_dashes() {
        for good in ["apache-kafka-java", "librdkafka", "4.4.0", "a"] {
            assert!(is_software_word(good), "{good}");
        }
        for bad in ["", "-a", "a.", "a b", "ä"] {
            assert!(!is_software_word(bad), "{bad}");
        }
    }

    #[test]
    fn produce_is_advertised_from_version_0() {
        assert_eq!(api_version(ApiKey::Produce).min_version, 0);
        assert_eq!(api_version(ApiKey::Fetch).min_version, 4);
    }
}
