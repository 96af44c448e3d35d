use std::sync::Arc;

use metadata::{ConfigKind, ConfigResource, ConfigValues, Image};
use model::TopicName;
use settings::{Described, InvalidValue};
use wire::ErrorCode;
use wire::messages::describe_configs_request::DescribeConfigsResource;
use wire::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use wire::messages::{DescribeConfigsRequest, DescribeConfigsResponse};

use crate::api::incremental_alter_configs::kind;
use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request, loggers};

pub fn handle(broker: &Arc<Broker>, request: Request<DescribeConfigsRequest>, reply: ReplyTo) {
    let message = request.message;
    let image = broker.image();
    let (synonyms, texts) = (message.include_synonyms, message.include_documentation);
    let results = message.resources.into_iter().map(|asked| {
        let described = describe(broker, &image, &asked);
        let DescribeConfigsResource { resource_type, resource_name, configuration_keys } = asked;
        let result = DescribeConfigsResult {
            resource_type,
            resource_name,
            error_message: None,
            ..DescribeConfigsResult::default()
        };
        match described {
            Ok(described) => {
                let keys = configuration_keys.filter(|keys| !keys.is_empty());
                let is_asked =
                    |one: &Described| keys.as_ref().is_none_or(|keys| keys.contains(&one.name));
                let configs = described.into_iter().filter(is_asked);
                let configs = configs.map(|one| config(one, synonyms, texts)).collect();
                DescribeConfigsResult { configs, ..result }
            }
            Err(outcome) => DescribeConfigsResult {
                error_code: outcome.code,
                error_message: outcome.message,
                ..result
            },
        }
    });
    let results = results.collect();
    reply.send(&DescribeConfigsResponse { results, ..DescribeConfigsResponse::default() });
}

fn describe(
    broker: &Broker,
    image: &Image,
    asked: &DescribeConfigsResource,
) -> Result<Vec<Described>, Outcome> {
    let kind = kind(asked.resource_type)?;
    let name = asked.resource_name.as_str();
    let config = broker.config();
    let own = || -> ConfigValues {
        let resource = ConfigResource { kind, name: name.to_owned() };
        image.config(&resource).cloned().unwrap_or_default()
    };
    match kind {
        ConfigKind::Topic => {
            TopicName::check(name).map_err(|error| {
                Outcome::error(ErrorCode::InvalidTopicException, &error.to_string())
            })?;
            if image.topic(name).is_none() {
                let why = format!("topic '{name}' does not exist");
                return Err(Outcome::error(ErrorCode::UnknownTopicOrPartition, &why));
            }
            config.describe_topic(&own()).map_err(|error| broken(&error))
        }
        ConfigKind::Broker if name.is_empty() => Ok(config.describe_all_brokers()),
        ConfigKind::Broker => {
            check_own_id(broker, name)?;
            Ok(config.describe_broker())
        }
        ConfigKind::Group if name.is_empty() => {
            Err(Outcome::error(ErrorCode::InvalidRequest, "group name must not be empty"))
        }
        ConfigKind::Group => config.describe_group(&own()).map_err(|error| broken(&error)),
        ConfigKind::ClientMetrics if name.is_empty() => {
            let why = "client metrics subscription name must not be empty";
            Err(Outcome::error(ErrorCode::InvalidRequest, why))
        }
        ConfigKind::ClientMetrics => {
            config.describe_client_metrics(&own()).map_err(|error| broken(&error))
        }
        ConfigKind::BrokerLogger => {
            check_own_id(broker, name)?;
            let levels = broker.levels().ok_or_else(|| {
                Outcome::error(ErrorCode::InvalidRequest, "this broker writes no log")
            })?;
            Ok(loggers::describe(levels))
        }
    }
}

pub(crate) fn check_own_id(broker: &Broker, name: &str) -> Result<(), Outcome> {
    let own = broker.id().to_string();
    if name == own {
        return Ok(());
    }
    let why = format!("unexpected broker id, expected {own} or an empty name, but received {name}");
    Err(Outcome::error(ErrorCode::InvalidRequest, &why))
}

/// Settings in the metadata that do not fit: an older version of the rules let them in.
fn broken(error: &InvalidValue) -> Outcome {
    Outcome::error(ErrorCode::InvalidConfig, &error.to_string())
}

fn config(one: Described, synonyms: bool, texts: bool) -> DescribeConfigsResourceResult {
    let listed = if synonyms { one.synonyms } else { Vec::new() };
    let synonyms = listed.into_iter().map(|synonym| DescribeConfigsSynonym {
        name: synonym.name,
        value: synonym.value,
        source: synonym.source.wire_code(),
    });
    DescribeConfigsResourceResult {
        name: one.name,
        value: one.value,
        read_only: one.read_only,
        config_source: one.source.wire_code(),
        is_sensitive: one.is_sensitive,
        synonyms: synonyms.collect(),
        config_type: one.kind.map_or(0, settings::Kind::wire_code),
        documentation: one.text.filter(|_| texts).map(str::to_owned),
    }
}
