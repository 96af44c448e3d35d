use wire::messages::describe_configs_request::DescribeConfigsResource;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::{
    DescribeConfigsRequest, DescribeConfigsResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse,
};

use crate::error_map::Refused;
use crate::{Client, Result, Target};

/// What has settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigResourceKind {
    Topic,
    Broker,
    BrokerLogger,
    ClientMetrics,
    Group,
}

/// One thing that has settings. A broker with an empty name stands for all brokers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigResource {
    pub kind: ConfigResourceKind,
    pub name: String,
}

/// One setting of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigEntry {
    pub name: String,
    /// `None` when it is secret or not set.
    pub value: Option<String>,
    pub read_only: bool,
    pub sensitive: bool,
    /// Where the value comes from, as Kafka names it, such as `DYNAMIC_TOPIC_CONFIG`.
    pub source: &'static str,
    pub documentation: Option<String>,
    /// What else could set it, the strongest first: name, value, source.
    pub synonyms: Vec<(String, Option<String>, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigOperation {
    Set,
    /// Back to the default.
    Delete,
    /// Adds to a list.
    Append,
    /// Takes from a list.
    Subtract,
}

/// One change of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterConfig {
    pub name: String,
    pub operation: ConfigOperation,
    pub value: Option<String>,
}

impl ConfigResource {
    const fn kind_code(&self) -> i8 {
        match self.kind {
            ConfigResourceKind::Topic => 2,
            ConfigResourceKind::Broker => 4,
            ConfigResourceKind::BrokerLogger => 8,
            ConfigResourceKind::ClientMetrics => 16,
            ConfigResourceKind::Group => 32,
        }
    }

    /// A broker's own settings are known to itself only.
    fn target(&self) -> Target<'static> {
        match self.kind {
            ConfigResourceKind::Broker | ConfigResourceKind::BrokerLogger => {
                self.name.parse().map_or(Target::Any, Target::Broker)
            }
            _ => Target::Any,
        }
    }

    /// Which broker carries a change out: a logger's level is changed where the logger is.
    fn alter_target(&self) -> Target<'static> {
        match self.kind {
            ConfigResourceKind::Broker | ConfigResourceKind::BrokerLogger => self.target(),
            _ => Target::Controller,
        }
    }

    fn subject(&self) -> String {
        let kind = match self.kind {
            ConfigResourceKind::Topic => "topic",
            ConfigResourceKind::Broker => "broker",
            ConfigResourceKind::BrokerLogger => "logger of broker",
            ConfigResourceKind::ClientMetrics => "client metrics",
            ConfigResourceKind::Group => "group",
        };
        format!("{kind} {}", self.name)
    }
}

const fn source_name(code: i8) -> &'static str {
    match code {
        1 => "DYNAMIC_TOPIC_CONFIG",
        2 => "DYNAMIC_BROKER_CONFIG",
        3 => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        4 => "STATIC_BROKER_CONFIG",
        5 => "DEFAULT_CONFIG",
        6 => "DYNAMIC_BROKER_LOGGER_CONFIG",
        7 => "DYNAMIC_CLIENT_METRICS_CONFIG",
        8 => "DYNAMIC_GROUP_CONFIG",
        _ => "UNKNOWN",
    }
}

impl Client {
    /// All settings of a resource, in the broker's order. `documentation` asks for their texts.
    pub async fn describe_configs(
        &self,
        resource: &ConfigResource,
        documentation: bool,
    ) -> Result<Vec<ConfigEntry>> {
        let target = resource.target();
        let connection = self.connection(target).await?;
        let version = connection.version_of::<DescribeConfigsRequest>(i16::MAX)?;
        let request = DescribeConfigsRequest {
            resources: vec![DescribeConfigsResource {
                resource_type: resource.kind_code(),
                resource_name: resource.name.clone(),
                configuration_keys: None,
            }],
            include_synonyms: true,
            include_documentation: documentation && version >= 3,
        };
        let code_of = |response: &DescribeConfigsResponse| {
            for result in &response.results {
                let message = result.error_message.as_deref();
                Refused::check(result.error_code, || resource.subject(), message)?;
            }
            Ok(())
        };
        let response = self.request(target, &request, code_of).await?;
        let entries = response.results.into_iter().flat_map(|result| result.configs);
        let entry =
            |it: wire::messages::describe_configs_response::DescribeConfigsResourceResult| {
                let synonyms = it.synonyms.into_iter();
                ConfigEntry {
                    name: it.name,
                    value: it.value,
                    read_only: it.read_only,
                    sensitive: it.is_sensitive,
                    source: source_name(it.config_source),
                    documentation: it.documentation,
                    synonyms: synonyms.map(|s| (s.name, s.value, source_name(s.source))).collect(),
                }
            };
        Ok(entries.map(entry).collect())
    }

    /// Changes settings of a resource, or only checks that they could be changed.
    pub async fn alter_configs(
        &self,
        resource: &ConfigResource,
        changes: &[AlterConfig],
        validate_only: bool,
    ) -> Result<()> {
        let change = |change: &AlterConfig| AlterableConfig {
            name: change.name.clone(),
            config_operation: match change.operation {
                ConfigOperation::Set => 0,
                ConfigOperation::Delete => 1,
                ConfigOperation::Append => 2,
                ConfigOperation::Subtract => 3,
            },
            value: change.value.clone(),
        };
        let request = IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: resource.kind_code(),
                resource_name: resource.name.clone(),
                configs: changes.iter().map(change).collect(),
            }],
            validate_only,
        };
        let code_of = |response: &IncrementalAlterConfigsResponse| {
            for result in &response.responses {
                let message = result.error_message.as_deref();
                Refused::check(result.error_code, || resource.subject(), message)?;
            }
            Ok(())
        };
        self.request(resource.alter_target(), &request, code_of).await?;
        Ok(())
    }
}
