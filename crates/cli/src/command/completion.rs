use clap_complete::Shell;

use crate::error::Result;
use crate::output;

#[derive(Clone, Debug, clap::Args)]
pub struct CompletionArguments {
    /// The shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &CompletionArguments, mut tree: clap::Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut tree, "ottla", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
