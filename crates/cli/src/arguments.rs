//! What can be typed.

use std::ffi::{OsStr, OsString};

use clap::Subcommand;

use crate::command::{
    bench::BenchArguments, cluster::ClusterCommand, completion::CompletionArguments,
    config::ConfigCommand, consume::ConsumeArguments, doctor::DoctorArguments, group::GroupCommand,
    log::LogCommand, produce::ProduceArguments, topic::TopicCommand, txn::TxnCommand,
};

/// Commands that talk to a cluster, or read its files.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Create, list, describe, alter and delete topics
    Topic(TopicCommand),
    /// Send records to a topic: one per line of standard input or a file
    Produce(ProduceArguments),
    /// Print the records of a topic
    Consume(ConsumeArguments),
    /// List, describe, reset and delete consumer groups
    Group(GroupCommand),
    /// Show what transactions hold back, and end one
    Txn(TxnCommand),
    /// Look for what is wrong with a cluster; the exit code is 3 when something is
    Doctor(DoctorArguments),
    /// Describe and alter settings of topics, brokers, loggers and groups
    Config(ConfigCommand),
    /// Describe the cluster
    Cluster(ClusterCommand),
    /// Read the files of a data directory
    Log(LogCommand),
    /// Measure a cluster: records, bytes and latencies
    Bench(BenchArguments),
    /// Print a completion script for a shell
    Completion(CompletionArguments),
}

/// Options of every client command, which may stand before it too.
const CLUSTER_OPTIONS: [&str; 4] = ["--bootstrap", "--bootstrap-server", "--output", "--timeout"];

/// What was typed, with the options of client commands behind the command where they stand before it: there the program's own
/// are, with which no command goes.
pub fn options_behind_command(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut typed = typed.into_iter();
    let (mut ordered, mut options): (Vec<OsString>, Vec<OsString>) =
        (typed.by_ref().take(1).collect(), Vec::new());
    while let Some(next) = typed.next() {
        match cluster_option(&next) {
            None => {
                ordered.push(next);
                break;
            }
            Some(HasValue::Within) => options.push(next),
            Some(HasValue::Next) => {
                options.extend([Some(next), typed.next()].into_iter().flatten())
            }
        }
    }
    ordered.extend(options);
    ordered.extend(typed);
    ordered
}

/// Where an option's value stands.
enum HasValue {
    /// Behind `=`.
    Within,
    Next,
}

fn cluster_option(text: &OsStr) -> Option<HasValue> {
    let text = text.to_str()?;
    let (name, value) = match text.split_once('=') {
        Some((name, _)) => (name, HasValue::Within),
        None => (text, HasValue::Next),
    };
    CLUSTER_OPTIONS.contains(&name).then_some(value)
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory, Parser};

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(subcommand)]
        command: ClientCommand,
    }

    #[test]
    fn options_of_a_cluster_may_stand_before_the_command() {
        let order = |typed: &str| {
            let ordered = options_behind_command(typed.split(' ').map(OsString::from));
            let texts: Vec<_> = ordered.iter().filter_map(|text| text.to_str()).collect();
            texts.join(" ")
        };
        for typed in [
            "ottla --bootstrap a:1 topic list",
            "ottla --bootstrap-server=a:1 --output json topic list",
            "ottla --timeout 3 consume orders --bootstrap a:1",
            "ottla topic --bootstrap a:1 list",
        ] {
            let parsed = Program::try_parse_from(order(typed).split(' '));
            assert!(parsed.is_ok(), "{typed}: {parsed:?}");
        }
        assert_eq!(order("ottla --bootstrap a:1 topic list"), "ottla topic --bootstrap a:1 list");
        for typed in ["ottla", "ottla start --config f", "ottla --config f", "ottla topic list"] {
            assert_eq!(order(typed), typed);
        }
        assert_eq!(order("ottla --bootstrap"), "ottla --bootstrap");
    }

    #[test]
    fn every_command_and_every_argument_has_a_help_text() {
        fn check(command: &Command, path: &str, missing: &mut Vec<String>) {
            let path = format!("{path} {}", command.get_name());
            if command.get_about().is_none() {
                missing.push(path.clone());
            }
            let without = command.get_arguments().filter(|argument| argument.get_help().is_none());
            missing.extend(without.map(|argument| format!("{path} {}", argument.get_id())));
            command.get_subcommands().for_each(|sub| check(sub, &path, missing));
        }
        let mut missing = Vec::new();
        Program::command().get_subcommands().for_each(|sub| check(sub, "ottla", &mut missing));
        assert_eq!(missing, Vec::<String>::new());
    }
}
