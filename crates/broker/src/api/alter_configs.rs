use std::sync::Arc;

use controller::AlterConfigs;
use metadata::ConfigResource;
use wire::messages::alter_configs_response::AlterConfigsResourceResponse;
use wire::messages::{AlterConfigsRequest, AlterConfigsResponse};

use crate::api::incremental_alter_configs::kind;
use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

/// Gives resources exactly the settings named: the older way, which loses what another client sets meanwhile.
pub fn handle(broker: &Arc<Broker>, request: Request<AlterConfigsRequest>, reply: ReplyTo) {
    let AlterConfigsRequest { resources, validate_only } = request.message;
    let mut responses: Vec<AlterConfigsResourceResponse> = Vec::with_capacity(resources.len());
    let (mut places, mut wanted) = (Vec::new(), Vec::new());
    for resource in resources {
        let mut response = AlterConfigsResourceResponse {
            resource_type: resource.resource_type,
            resource_name: resource.resource_name.clone(),
            error_message: None,
            ..AlterConfigsResourceResponse::default()
        };
        match kind(resource.resource_type) {
            Ok(kind) => {
                let configs = resource.configs.into_iter();
                let configs = configs.map(|config| (config.name, config.value)).collect();
                places.push(responses.len());
                wanted.push((ConfigResource { kind, name: resource.resource_name }, configs));
            }
            Err(outcome) => set(&mut response, outcome),
        }
        responses.push(response);
    }
    broker.quorum().submit(AlterConfigs { resources: wanted, validate_only }, move |changed| {
        for (index, place) in places.into_iter().enumerate() {
            let outcome = match &changed {
                Ok(changed) => changed.get(index).map(|(_, result)| Outcome::of(result)),
                Err(why) => Some(Outcome::unavailable(*why)),
            };
            if let (Some(response), Some(outcome)) = (responses.get_mut(place), outcome) {
                set(response, outcome);
            }
        }
        reply.send(&AlterConfigsResponse { responses, ..AlterConfigsResponse::default() });
    });
}

fn set(response: &mut AlterConfigsResourceResponse, outcome: Outcome) {
    response.error_code = outcome.code;
    response.error_message = outcome.message;
}
