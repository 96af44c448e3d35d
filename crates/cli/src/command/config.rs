use client::{AlterConfig, ConfigEntry, ConfigOperation, ConfigResource, ConfigResourceKind};
use serde_json::{Value, json};

use super::pair;
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};

#[derive(Clone, Debug, clap::Args)]
pub struct ConfigCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// Show settings, and where their values come from
    Describe {
        #[command(flatten)]
        resource: Resource,
        /// Also those that are at their default
        #[arg(long)]
        all: bool,
        /// With what each setting means, and what else could set it
        #[arg(long)]
        explain: bool,
    },
    /// Change settings, such as: ottla config alter topic orders --set retention.ms=86400000
    Alter {
        #[command(flatten)]
        resource: Resource,
        /// Set a value; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// Back to the default; may be repeated
        #[arg(long, value_name = "NAME")]
        delete: Vec<String>,
        /// Add to a list; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        append: Vec<String>,
        /// Take from a list; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        subtract: Vec<String>,
        /// Only check that they could be changed
        #[arg(long)]
        validate_only: bool,
    },
}

#[derive(Clone, Debug, clap::Args)]
struct Resource {
    /// What has the settings
    #[arg(value_enum)]
    kind: Kind,
    /// Its name; for brokers the id, and without one all of them
    name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Topic,
    Broker,
    /// Levels of a broker's logs
    BrokerLogger,
    Group,
    ClientMetrics,
}

impl Resource {
    fn resource(&self) -> Result<ConfigResource> {
        let kind = match self.kind {
            Kind::Topic => ConfigResourceKind::Topic,
            Kind::Broker => ConfigResourceKind::Broker,
            Kind::BrokerLogger => ConfigResourceKind::BrokerLogger,
            Kind::Group => ConfigResourceKind::Group,
            Kind::ClientMetrics => ConfigResourceKind::ClientMetrics,
        };
        let name = match (&self.name, kind) {
            (Some(name), _) => name.clone(),
            (None, ConfigResourceKind::Broker) => String::new(),
            (None, _) => return Err(CliError::Usage("say whose settings: the name is missing")),
        };
        Ok(ConfigResource { kind, name })
    }
}

pub(crate) async fn run(command: ConfigCommand) -> Result<()> {
    let format = command.cluster.output;
    match &command.action {
        Action::Describe { resource, all, explain } => {
            let resource = resource.resource()?;
            let client = command.cluster.connect().await?;
            let mut entries = client.describe_configs(&resource, *explain).await?;
            if !all {
                let set = |entry: &ConfigEntry| entry.source != "DEFAULT_CONFIG";
                entries.retain(set);
                if entries.is_empty() {
                    output::complain(if resource.name.is_empty() {
                        "nothing is set for all brokers; 'describe broker ID' shows what one of them has"
                    } else {
                        "every setting has its default; --all shows them"
                    });
                }
            }
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            show(format, &entries, *explain)
        }
        Action::Alter { resource, set, delete, append, subtract, validate_only } => {
            let resource = resource.resource()?;
            let changes = changes(set, delete, append, subtract)?;
            let client = command.cluster.connect().await?;
            client.alter_configs(&resource, &changes, *validate_only).await?;
            let names: Vec<&str> = changes.iter().map(|change| change.name.as_str()).collect();
            let verb = if *validate_only { "could alter" } else { "altered" };
            let text = format!("{verb} {}", names.join(", "));
            output::done(
                format,
                &text,
                || json!({ "altered": names, "validate_only": validate_only }),
            )
        }
    }
}

fn changes(
    set: &[String],
    delete: &[String],
    append: &[String],
    subtract: &[String],
) -> Result<Vec<AlterConfig>> {
    let mut changes = Vec::new();
    let with_value = [
        (set, ConfigOperation::Set),
        (append, ConfigOperation::Append),
        (subtract, ConfigOperation::Subtract),
    ];
    for (texts, operation) in with_value {
        for text in texts {
            let (name, value) = pair(text)?;
            let (name, value) = (name.to_owned(), Some(value.to_owned()));
            changes.push(AlterConfig { name, operation, value });
        }
    }
    for name in delete {
        let operation = ConfigOperation::Delete;
        changes.push(AlterConfig { name: name.clone(), operation, value: None });
    }
    if changes.is_empty() {
        return Err(CliError::Usage("say what to alter: --set, --delete, --append or --subtract"));
    }
    Ok(changes)
}

fn show(format: Format, entries: &[ConfigEntry], explain: bool) -> Result<()> {
    let json = || Value::Array(entries.iter().map(entry_json).collect());
    output::show(format, json, || {
        let mut headings = vec!["NAME", "VALUE", "SOURCE"];
        if explain {
            headings.push("MEANING");
        }
        let mut table = Table::new(&headings);
        for entry in entries {
            let value = match (&entry.value, entry.sensitive) {
                (_, true) => "(hidden)".to_owned(),
                (None, false) => "-".to_owned(),
                (Some(value), false) => value.clone(),
            };
            let mut row = vec![entry.name.clone(), value, entry.source.to_owned()];
            if explain {
                row.push(entry.documentation.clone().unwrap_or_default().replace('\n', " "));
            }
            table.row(row);
        }
        table
    })
}

fn entry_json(entry: &ConfigEntry) -> Value {
    let synonyms = entry
        .synonyms
        .iter()
        .map(|(name, value, source)| json!({ "name": name, "value": value, "source": source }));
    json!({
        "name": entry.name, "value": entry.value, "source": entry.source,
        "read_only": entry.read_only, "sensitive": entry.sensitive,
        "documentation": entry.documentation, "synonyms": synonyms.collect::<Vec<_>>(),
    })
}
