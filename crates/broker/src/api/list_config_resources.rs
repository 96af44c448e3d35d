use std::sync::Arc;

use metadata::{ConfigKind, Image};
use wire::ErrorCode;
use wire::messages::list_config_resources_response::ConfigResource;
use wire::messages::{ListConfigResourcesRequest, ListConfigResourcesResponse};

use crate::{Broker, ReplyTo, Request};

/// From this version on a request says which kinds it wants; before, only subscriptions to client metrics exist.
const KINDS_VERSION_MIN: i16 = 1;

const ALL: [ConfigKind; 5] = [
    ConfigKind::Topic,
    ConfigKind::Broker,
    ConfigKind::BrokerLogger,
    ConfigKind::ClientMetrics,
    ConfigKind::Group,
];

/// Lists what has settings, or could have (KIP-1142).
pub fn handle(broker: &Arc<Broker>, request: Request<ListConfigResourcesRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let asked = message.resource_types;
    let kinds: Option<Vec<ConfigKind>> = if version < KINDS_VERSION_MIN {
        Some(vec![ConfigKind::ClientMetrics])
    } else if asked.is_empty() {
        Some(ALL.to_vec())
    } else {
        let known = asked.into_iter().map(ConfigKind::from_wire);
        known.collect()
    };
    let Some(mut kinds) = kinds else {
        let error_code = ErrorCode::UnsupportedVersion.code();
        let default = ListConfigResourcesResponse::default();
        return reply.send(&ListConfigResourcesResponse { error_code, ..default });
    };
    kinds.sort_unstable();
    kinds.dedup();
    let image = broker.image();
    let resources = kinds.into_iter().flat_map(|kind| {
        names(&image, kind).into_iter().map(move |resource_name| ConfigResource {
            resource_name,
            resource_type: kind.to_wire(),
        })
    });
    reply.send(&ListConfigResourcesResponse {
        config_resources: resources.collect(),
        ..ListConfigResourcesResponse::default()
    });
}

fn names(image: &Image, kind: ConfigKind) -> Vec<String> {
    match kind {
        ConfigKind::Topic => image.topics().map(|topic| topic.name.to_string()).collect(),
        ConfigKind::Broker | ConfigKind::BrokerLogger => {
            let live = image.brokers().filter(|broker| !broker.fenced);
            live.map(|broker| broker.id.to_string()).collect()
        }
        ConfigKind::ClientMetrics | ConfigKind::Group => {
            let with_settings = image.configs().filter(|(resource, _)| resource.kind == kind);
            with_settings.map(|(resource, _)| resource.name.clone()).collect()
        }
    }
}
