//! The command line: `ottla start` is parsed here and carried out by the program itself; every other command is a client of
//! any Kafka.
//!
//! `arguments` says what can be typed, `command` holds one file per command, `output` prints. A command writes what
//! was asked for on standard output, and everything else, such as progress and errors, on standard error.

mod arguments;
mod cluster;
mod command;
mod error;
pub mod limits;
mod output;
mod place;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use arguments::{ClientCommand, StartArguments};
use arguments::{Command, Root};

/// What the command line asks for.
#[derive(Debug)]
pub enum Invocation {
    /// To be carried out by the program itself: this crate knows no server.
    Start(StartArguments),
    Client(Box<ClientCommand>),
}

/// Exit code of a command line that cannot be understood.
pub const EXIT_USAGE: u8 = 2;

/// Reads the command line. Help, versions and mistakes are printed here; `Err` is the code to exit with.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<Invocation, ExitCode> {
    match Root::try_parse_from(arguments) {
        Ok(root) => Ok(match root.command {
            None => Invocation::Start(StartArguments::default()),
            Some(Command::Start(start)) => Invocation::Start(start),
            Some(Command::Client(command)) => Invocation::Client(Box::new(command)),
        }),
        Err(error) => {
            // The terminal may be gone; there is nobody else to tell.
            let _ = error.print();
            Err(if error.use_stderr() { ExitCode::from(EXIT_USAGE) } else { ExitCode::SUCCESS })
        }
    }
}

/// The tree of commands and options, for documentation.
pub fn commands() -> clap::Command {
    <Root as clap::CommandFactory>::command()
}

/// Carries a client's command out. Errors are one line on standard error.
pub fn run(command: ClientCommand) -> ExitCode {
    let result = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| error::CliError::io("start the event loop", source))
        .and_then(|runtime| {
            let result = runtime.block_on(command::run(command));
            // A thread may still read standard input; it must not hold the program back.
            runtime.shutdown_background();
            result
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
