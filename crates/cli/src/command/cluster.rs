use serde_json::json;

use crate::cluster::ClusterArguments;
use crate::error::Result;
use crate::output::{self, Table};

#[derive(Clone, Debug, clap::Args)]
pub struct ClusterCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// The cluster's id and its brokers
    Describe,
}

pub(crate) async fn run(command: ClusterCommand) -> Result<()> {
    let Action::Describe = command.action;
    let client = command.cluster.connect().await?;
    let description = client.describe_cluster().await?;
    let json = || {
        let brokers = description.brokers.iter().map(|(broker, fenced)| {
            json!({
                "id": broker.id, "host": broker.address.host, "port": broker.address.port,
                "rack": broker.rack, "fenced": fenced,
                "controller": Some(broker.id) == description.controller,
            })
        });
        json!({
            "cluster_id": description.cluster_id,
            "controller": description.controller,
            "brokers": brokers.collect::<Vec<_>>(),
        })
    };
    if command.cluster.output == output::Format::Table {
        output::print(&format!("Cluster {}\n\n", description.cluster_id))?;
    }
    output::show(command.cluster.output, json, || {
        let mut table = Table::new(&["BROKER", "ADDRESS", "RACK", "STATE", "CONTROLLER"]);
        for (broker, fenced) in &description.brokers {
            table.row([
                broker.id.to_string(),
                broker.address.to_string(),
                broker.rack.clone().unwrap_or_else(|| "-".to_owned()),
                if *fenced { "fenced" } else { "running" }.to_owned(),
                if Some(broker.id) == description.controller { "yes" } else { "-" }.to_owned(),
            ]);
        }
        table
    })
}
