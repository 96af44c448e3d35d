//! The command line of everything that is a client: it talks to any Kafka, or reads files. Starting a node is the program's own
//! business; it joins its commands and these.
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

use std::process::ExitCode;

pub use arguments::{ClientCommand, options_behind_command};
pub use command::log::dump_file;

/// The exit code of a command that found something to be wrong. 1 is for commands that failed, 2 for what was typed wrongly.
const FINDINGS: u8 = 3;

/// Carries a client's command out. Errors are one line on standard error. `tree` is the whole program's command line, for
/// completion scripts.
pub fn run(command: ClientCommand, tree: clap::Command) -> ExitCode {
    let result = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| error::CliError::io("start the event loop", source))
        .and_then(|runtime| {
            let result = runtime.block_on(command::run(command, tree));
            // A thread may still read standard input; it must not hold the program back.
            runtime.shutdown_background();
            result
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error::CliError::Findings) => ExitCode::from(FINDINGS),
        Err(error) => {
            output::complain(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
