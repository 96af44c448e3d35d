use std::collections::BTreeMap;

use client::{
    AlterConfig, Client, ConfigOperation, ConfigResource, ConfigResourceKind, Isolation, NewTopic,
    OffsetQuery, PartitionMetadata,
};
use serde_json::{Value, json};

use super::{pair, partitions, topic_name};
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};

#[derive(Clone, Debug, clap::Args)]
pub struct TopicCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// Create a topic
    Create {
        /// The topic to make
        name: String,
        /// Number of partitions [default: the cluster's num.partitions]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
        partitions: Option<i32>,
        /// Brokers that keep each partition [default: the cluster's default.replication.factor]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i16).range(1..))]
        replication_factor: Option<i16>,
        /// A setting of the topic; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        config: Vec<String>,
        /// Do nothing if the topic exists
        #[arg(long)]
        if_not_exists: bool,
        /// Only check that it could be created
        #[arg(long)]
        validate_only: bool,
    },
    /// List topics
    List {
        /// Also those of the cluster itself
        #[arg(long)]
        internal: bool,
    },
    /// Show the partitions of topics, with their leaders, replicas and offsets
    Describe {
        /// Topics [default: all]
        names: Vec<String>,
    },
    /// Add partitions, or change settings
    Alter {
        /// The topic to change
        name: String,
        /// Number of partitions in the end; it can only grow
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
        partitions: Option<i32>,
        /// Set a setting; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        config: Vec<String>,
        /// Put a setting back to its default; may be repeated
        #[arg(long, value_name = "NAME")]
        delete_config: Vec<String>,
    },
    /// Delete topics with all their records
    Delete {
        /// The topics to delete
        #[arg(required = true)]
        names: Vec<String>,
        /// Do nothing for a topic that does not exist
        #[arg(long)]
        if_exists: bool,
    },
}

pub(crate) async fn run(command: TopicCommand) -> Result<()> {
    let client = command.cluster.connect().await?;
    let format = command.cluster.output;
    match command.action {
        Action::Create {
            name,
            partitions,
            replication_factor,
            config,
            if_not_exists,
            validate_only,
        } => {
            let pairs = config.iter().map(|text| pair(text)).collect::<Result<Vec<_>>>()?;
            let configs = pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            let topic = NewTopic { name, partition_count: partitions, replication_factor, configs };
            create(&client, format, &topic, if_not_exists, validate_only).await
        }
        Action::List { internal } => list(&client, format, internal).await,
        Action::Describe { names } => describe(&client, format, &names).await,
        Action::Alter { name, partitions, config, delete_config } => {
            alter(&client, format, &name, partitions, &config, &delete_config).await
        }
        Action::Delete { names, if_exists } => {
            for name in &names {
                match client.delete_topic(name).await {
                    Err(error)
                        if if_exists && is(&error, wire::ErrorCode::UnknownTopicOrPartition) => {}
                    result => result?,
                }
            }
            let text = format!("deleted {}", names.join(", "));
            output::done(format, &text, || json!({ "deleted": names }))
        }
    }
}

fn is(error: &client::ClientError, code: wire::ErrorCode) -> bool {
    error.code() == Some(code)
}

async fn create(
    client: &Client,
    format: Format,
    topic: &NewTopic,
    if_not_exists: bool,
    validate_only: bool,
) -> Result<()> {
    let name = &topic.name;
    let created = match client.create_topic(topic, validate_only).await {
        Ok(()) => true,
        Err(error) if if_not_exists && is(&error, wire::ErrorCode::TopicAlreadyExists) => false,
        Err(error) => return Err(error.into()),
    };
    let text = match (created, validate_only) {
        (true, false) => format!("created {name}"),
        (true, true) => format!("{name} could be created"),
        (false, _) => format!("{name} exists already"),
    };
    let created = created && !validate_only;
    output::done(format, &text, || json!({ "topic": name, "created": created }))
}

async fn list(client: &Client, format: Format, internal: bool) -> Result<()> {
    let metadata = client.all_topics().await?;
    let topics: Vec<_> =
        metadata.topics.iter().filter(|(_, topic)| internal || !topic.is_internal).collect();
    let replicas = |topic: &client::TopicMetadata| {
        topic.partitions.first().map_or(0, |partition| partition.replicas.len())
    };
    let json = || {
        let topics = topics.iter().map(|(name, topic)| {
            json!({
                "topic": name, "id": topic.id.to_string(), "partitions": topic.partitions.len(),
                "replication_factor": replicas(topic), "internal": topic.is_internal,
            })
        });
        Value::Array(topics.collect())
    };
    output::show(format, json, || {
        let mut table = Table::new(&["TOPIC", "PARTITIONS", "REPLICAS"]);
        for (name, topic) in &topics {
            let counts = [topic.partitions.len(), replicas(topic)].map(|count| count.to_string());
            table.row(std::iter::once((*name).clone()).chain(counts));
        }
        table
    })
}

/// First and next offset by partition.
type Ends = BTreeMap<i32, (Option<i64>, Option<i64>)>;

/// Of the partitions that have a leader: only that one knows them.
async fn ends(client: &Client, name: &str, topic: &client::TopicMetadata) -> Result<Ends> {
    let all = partitions(&topic_name(name)?, topic.partitions.len());
    let mut ends = Ends::new();
    for query in [OffsetQuery::Earliest, OffsetQuery::Latest] {
        let queries: Vec<_> = all.iter().map(|partition| (partition.clone(), query)).collect();
        for (partition, listed) in client.list_led_offsets(&queries, Isolation::Uncommitted).await?
        {
            let entry = ends.entry(partition.partition.to_wire()).or_default();
            let offset = listed.offset.map(model::Offset::to_wire);
            if query == OffsetQuery::Earliest {
                entry.0 = offset;
            } else {
                entry.1 = offset;
            }
        }
    }
    Ok(ends)
}

async fn describe(client: &Client, format: Format, names: &[String]) -> Result<()> {
    let metadata = if names.is_empty() {
        client.all_topics().await?
    } else {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        client.topics(&names, false).await?
    };
    let mut documents = Vec::new();
    for (name, topic) in &metadata.topics {
        if names.is_empty() && topic.is_internal {
            continue;
        }
        let ends = ends(client, name, topic).await?;
        let resource = ConfigResource { kind: ConfigResourceKind::Topic, name: name.clone() };
        let configs = client.describe_configs(&resource, false).await?;
        let own = configs.into_iter().filter(|entry| entry.source == "DYNAMIC_TOPIC_CONFIG");
        let own: BTreeMap<String, String> =
            own.map(|entry| (entry.name, entry.value.unwrap_or_default())).collect();
        if format == Format::Json {
            let partitions: Vec<Value> =
                topic.partitions.iter().map(|it| partition_json(it, &ends)).collect();
            documents.push(json!({
                "topic": name, "id": topic.id.to_string(), "internal": topic.is_internal,
                "configs": own, "partitions": partitions,
            }));
        } else {
            if !documents.is_empty() {
                output::print("\n")?;
            }
            documents.push(Value::Null);
            describe_table(name, topic, &own, &ends)?;
        }
    }
    if format == Format::Json { output::print_json(&Value::Array(documents)) } else { Ok(()) }
}

fn partition_json(partition: &PartitionMetadata, ends: &Ends) -> Value {
    let (first, next) = ends.get(&partition.index).copied().unwrap_or_default();
    json!({
        "partition": partition.index, "leader": partition.leader,
        "leader_epoch": partition.leader_epoch, "replicas": partition.replicas,
        "in_sync": partition.in_sync, "offline": partition.offline,
        "log_start_offset": first, "log_end_offset": next,
    })
}

fn describe_table(
    name: &str,
    topic: &client::TopicMetadata,
    own: &BTreeMap<String, String>,
    ends: &Ends,
) -> Result<()> {
    let configs: Vec<String> = own.iter().map(|(name, value)| format!("{name}={value}")).collect();
    output::print(&format!(
        "Topic {name}  id {}  partitions {}{}{}\n",
        topic.id,
        topic.partitions.len(),
        if configs.is_empty() { "" } else { "  configs " },
        configs.join(" "),
    ))?;
    let list = |brokers: &[i32]| {
        let brokers: Vec<String> = brokers.iter().map(ToString::to_string).collect();
        brokers.join(",")
    };
    let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let mut table = Table::new(&[
        "PARTITION",
        "LEADER",
        "EPOCH",
        "REPLICAS",
        "IN-SYNC",
        "LOG-START-OFFSET",
        "LOG-END-OFFSET",
    ]);
    for partition in &topic.partitions {
        let (first, next) = ends.get(&partition.index).copied().unwrap_or_default();
        table.row([
            partition.index.to_string(),
            number(partition.leader.map(i64::from)),
            partition.leader_epoch.to_string(),
            list(&partition.replicas),
            list(&partition.in_sync),
            number(first),
            number(next),
        ]);
    }
    output::print(&table.render())
}

async fn alter(
    client: &Client,
    format: Format,
    name: &str,
    count: Option<i32>,
    set: &[String],
    delete: &[String],
) -> Result<()> {
    if count.is_none() && set.is_empty() && delete.is_empty() {
        return Err(CliError::Usage(
            "say what to alter: --partitions, --config or --delete-config",
        ));
    }
    let metadata = client.topics(&[name], false).await?;
    let mut changes = Vec::new();
    for text in set {
        let (name, value) = pair(text)?;
        let (name, value) = (name.to_owned(), Some(value.to_owned()));
        changes.push(AlterConfig { name, operation: ConfigOperation::Set, value });
    }
    for name in delete {
        let name = name.clone();
        changes.push(AlterConfig { name, operation: ConfigOperation::Delete, value: None });
    }
    if !changes.is_empty() {
        let resource = ConfigResource { kind: ConfigResourceKind::Topic, name: name.to_owned() };
        client.alter_configs(&resource, &changes, false).await?;
    }
    if let Some(count) = count {
        let have = metadata.topics.get(name).map_or(0, |topic| topic.partitions.len());
        let asked = usize::try_from(count).unwrap_or(0);
        if asked < have {
            return Err(CliError::Shrink { topic: name.to_owned(), have, asked });
        }
        if asked > have {
            client.create_partitions(name, count).await?;
        }
    }
    output::done(format, &format!("altered {name}"), || json!({ "altered": name }))
}
