use std::sync::Arc;

use controller::{ConfigOp, IncrementalAlterConfigs, Refusal};
use metadata::{ConfigKind, ConfigResource};
use wire::ErrorCode;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use wire::messages::{IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse};

use crate::api::describe_configs::check_own_id;
use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request, loggers};

/// Changes single settings (KIP-339).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<IncrementalAlterConfigsRequest>,
    reply: ReplyTo,
) {
    let IncrementalAlterConfigsRequest { resources, validate_only } = request.message;
    // The answers in the order of the request; those that the controller decides are filled in later.
    let mut responses: Vec<AlterConfigsResourceResponse> = Vec::with_capacity(resources.len());
    let (mut places, mut wanted) = (Vec::new(), Vec::new());
    for resource in resources {
        let parsed =
            parse(&resource).and_then(|parsed| check_broker(broker, &parsed.0).map(|()| parsed));
        let (resource_type, resource_name) = (resource.resource_type, resource.resource_name);
        let mut response = AlterConfigsResourceResponse {
            resource_type,
            resource_name,
            error_message: None,
            ..AlterConfigsResourceResponse::default()
        };
        match parsed {
            Ok((logger, operations)) if logger.kind == ConfigKind::BrokerLogger => {
                if let Err(outcome) = alter_loggers(broker, &logger, &operations, validate_only) {
                    set(&mut response, outcome);
                }
            }
            Ok(parsed) => {
                places.push(responses.len());
                wanted.push(parsed);
            }
            Err(outcome) => set(&mut response, outcome),
        }
        responses.push(response);
    }
    let change = IncrementalAlterConfigs { resources: wanted, validate_only };
    broker.quorum().submit(change, move |changed| {
        for (index, place) in places.into_iter().enumerate() {
            let outcome = match &changed {
                Ok(changed) => changed.get(index).map(|(_, result)| Outcome::of(result)),
                Err(why) => Some(Outcome::unavailable(*why)),
            };
            if let (Some(response), Some(outcome)) = (responses.get_mut(place), outcome) {
                set(response, outcome);
            }
        }
        let default = IncrementalAlterConfigsResponse::default();
        reply.send(&IncrementalAlterConfigsResponse { responses, ..default });
    });
}

fn set(response: &mut AlterConfigsResourceResponse, outcome: Outcome) {
    response.error_code = outcome.code;
    response.error_message = outcome.message;
}

/// Levels of loggers are this broker's own matter.
fn alter_loggers(
    broker: &Broker,
    resource: &ConfigResource,
    operations: &[(String, ConfigOp)],
    validate_only: bool,
) -> Result<(), Outcome> {
    check_own_id(broker, &resource.name)?;
    let levels = broker
        .levels()
        .ok_or_else(|| Outcome::error(ErrorCode::InvalidRequest, "this broker writes no log"))?;
    loggers::alter(levels, operations, validate_only)
}

type Parsed = (ConfigResource, Vec<(String, ConfigOp)>);

fn parse(resource: &AlterConfigsResource) -> Result<Parsed, Outcome> {
    let kind = kind(resource.resource_type)?;
    let without_value = resource
        .configs
        .iter()
        .filter(|config| config.value.is_none() && config.config_operation != DELETE);
    let names: Vec<&str> = without_value.map(|config| config.name.as_str()).collect();
    if !names.is_empty() {
        let names = names.join(",");
        let why = format!("null value not supported for: {names}");
        return Err(Outcome::refused(&Refusal::InvalidRequest(why)));
    }
    let operations = resource.configs.iter().map(operation).collect::<Result<_, _>>()?;
    Ok((ConfigResource { kind, name: resource.resource_name.clone() }, operations))
}

/// Settings of one broker are changed at that broker.
pub(crate) fn check_broker(broker: &Broker, resource: &ConfigResource) -> Result<(), Outcome> {
    match resource.kind {
        ConfigKind::Broker if !resource.name.is_empty() => check_own_id(broker, &resource.name),
        _ => Ok(()),
    }
}

/// The kind of resource, if it is one whose settings stand in the metadata.
pub(crate) fn kind(raw: i8) -> Result<ConfigKind, Outcome> {
    let unknown = || {
        let why = format!("resource type {raw} is not known");
        Outcome::error(ErrorCode::InvalidRequest, &why)
    };
    ConfigKind::from_wire(raw).ok_or_else(unknown)
}

const SET: i8 = 0;
const DELETE: i8 = 1;
const APPEND: i8 = 2;
const SUBTRACT: i8 = 3;

fn operation(config: &AlterableConfig) -> Result<(String, ConfigOp), Outcome> {
    let value = || config.value.clone().unwrap_or_default();
    let operation = match config.config_operation {
        SET => ConfigOp::Set(value()),
        DELETE => ConfigOp::Delete,
        APPEND => ConfigOp::Append(value()),
        SUBTRACT => ConfigOp::Subtract(value()),
        other => {
            let why = format!("operation {other} on {} is not known", config.name);
            return Err(Outcome::error(ErrorCode::InvalidRequest, &why));
        }
    };
    Ok((config.name.clone(), operation))
}
