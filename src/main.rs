//! The `ottla` program: every role and every tool in one binary.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Event streaming that every Kafka client uses unchanged.
#[derive(Parser)]
#[command(name = "ottla", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    start: node::StartOptions,
}

#[derive(Subcommand)]
enum Command {
    /// Run a node: broker and controller (what `ottla` alone does)
    Start(node::StartOptions),
    #[command(flatten)]
    Client(cli::ClientCommand),
}

fn main() -> ExitCode {
    let Arguments { command, start } =
        Arguments::parse_from(cli::options_behind_command(std::env::args_os()));
    let options = match command {
        Some(Command::Client(command)) => return cli::run(command, Arguments::command()),
        Some(Command::Start(options)) => options,
        None => start,
    };
    match node::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the one line of a program that failed")]
fn fail(error: &node::NodeError) -> ExitCode {
    eprintln!("ottla: {error}");
    ExitCode::FAILURE
}
