//! Everything a developer runs.

mod codegen;
mod instructions;
mod step;
mod system;
mod tidy;
mod toml;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use step::{Count, Run};

const USAGE: &str = "usage: cargo xtask COMMAND
  test               everything that must hold, with the clients of other projects; what they need is installed
  verify             formatting, lints, rules, generated code, unit tests, documentation; changes nothing
  fix                formatting, generated code and generated pages
  tidy               rules that no compiler knows: layers, lengths, words
  codegen [--check]  code of the protocol from crates/wire/spec
  sim [ARGUMENT…]    the simulator, such as `sim --seed 7`
  fuzz [ARGUMENT…]   decoders and recovery on garbage, such as `fuzz --minutes 5` or `fuzz --target wire --input 00ff`
  bench [ARGUMENT…]  benchmarks beside Apache Kafka
  instructions [--accept]  counts of instructions of the data path's kernels, against those that were accepted
  soak [ARGUMENT…]   load and crashes for a long time; `soak --checker MINUTES`: exactly-once; `soak --fuzz MINUTES`: garbage";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["test"] => test(),
        ["verify"] => verify(),
        ["fix"] => fix(),
        ["tidy"] => tidy::run(),
        ["codegen"] => codegen::run(false),
        ["codegen", "--check"] => codegen::run(true),
        ["sim", rest @ ..] => return simulate(rest),
        ["fuzz", rest @ ..] => program("fuzz", rest),
        ["bench", rest @ ..] => bench(rest),
        ["instructions"] => instructions::run(false).map(|_| ()),
        ["instructions", "--accept"] => instructions::run(true).map(|_| ()),
        ["soak", "--fuzz", minutes] => program("fuzz", &["--minutes", minutes]),
        ["soak", rest @ ..] => soak(rest),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(PathBuf::from).unwrap_or(own)
}

/// Steps that need nothing but Rust, and write nothing.
fn static_steps(run: &mut Run) {
    run.command("format", "cargo", &["fmt", "--all", "--check"]);
    run.step("tidy", || tidy::run().map(|()| Count::default()));
    run.step("codegen", || codegen::run(true).map(|()| Count::default()));
    run.command(
        "clippy",
        "cargo",
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    );
}

fn test() -> Result<(), String> {
    let mut run = Run::default();
    run.step("system packages", || system::install(system::FOR_TESTS).map(|()| Count::default()));
    static_steps(&mut run);
    run.command("build", "cargo", &["build", "--release", "--quiet"]);
    run.step("instructions", || instructions::run(false));
    run.tests("tests", "cargo", &["test", "--workspace", "--no-fail-fast", "--quiet"]);
    run.step("clients", client_suites);
    run.close()
}

/// The clients of other projects, each a suite that says what it did in one line.
fn client_suites() -> Result<Count, String> {
    let lines =
        step::run("cargo", &["run", "--quiet", "--package", "testkit", "--bin", "clients"])?;
    let passed = lines.iter().filter(|line| line.starts_with("SUITE ")).count();
    Ok(Count { passed: u64::try_from(passed).unwrap_or(0), failed: 0 })
}

fn verify() -> Result<(), String> {
    let mut run = Run::default();
    static_steps(&mut run);
    run.tests("tests", "cargo", &["test", "--workspace", "--no-fail-fast", "--quiet"]);
    run.command("documentation", "cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
    run.close()
}

fn fix() -> Result<(), String> {
    codegen::run(false)?;
    step::run("cargo", &["fmt", "--all"])?;
    // Pages that tests hold against the code are written by them.
    for package in ["settings", "telemetry"] {
        let page =
            ["UPDATE=1", "cargo", "test", "--quiet", "--package", package, "--test", "it", "page"];
        step::run("env", &page)?;
    }
    Ok(())
}

/// Kills the program that people run, so that one is built too.
fn soak(arguments: &[&str]) -> Result<(), String> {
    step::run("cargo", &["build", "--release", "--quiet"])?;
    let mut all = vec!["run", "--release", "--quiet", "--package", "testkit", "--bin", "soak"];
    all.push("--");
    all.extend(arguments);
    step::run("cargo", &all).map(|_| ())
}

/// Beside Apache Kafka: the program that people run is built too.
fn bench(arguments: &[&str]) -> Result<(), String> {
    system::install(system::FOR_BENCH)?;
    step::run("cargo", &["build", "--release", "--quiet"])?;
    program("bench", arguments)
}

/// The simulator says by its exit code what kind of thing went wrong, and so does this.
fn simulate(arguments: &[&str]) -> ExitCode {
    let mut command = Command::new("cargo");
    command.args(fast("sim", arguments)).current_dir(root());
    match command.status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A program of this workspace, built to be fast.
fn program(name: &str, arguments: &[&str]) -> Result<(), String> {
    step::run("cargo", &fast(name, arguments)).map(|_| ())
}

fn fast<'a>(name: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["run", "--release", "--quiet", "--package", name, "--bin", name, "--"];
    all.extend(arguments);
    all
}
