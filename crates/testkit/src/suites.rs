//! The client suites under `tests/clients`: how each is prepared and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{Failed, Step, project_root, target_directory};

mod kcat;
mod readme;

/// One program that drives a broker through a client; the README beside the suites says what it checks.
pub struct Suite {
    pub name: &'static str,
    prepare: fn() -> Result<(), Failed>,
    body: Body,
}

/// What a suite consists of.
enum Body {
    /// A program that takes the address as its argument.
    Program(fn() -> Step),
    /// Commands that this crate calls one by one; gives the closing line.
    Commands(fn(&str) -> Result<String, Failed>),
}

/// What a suite said of itself when it ended well.
pub struct Report {
    /// `SUITE <name> produced=N consumed=N rebalances=N`
    pub closing_line: String,
    pub took: Duration,
}

/// Every suite, in the order in which they run.
pub const ALL: &[Suite] = &[
    Suite { name: "kcat", prepare: kcat::prepare, body: Body::Commands(kcat::run) },
    Suite {
        name: "confluent-kafka",
        prepare: prepare_python,
        body: Body::Program(|| python("confluent_suite.py")),
    },
    Suite {
        name: "confluent-consumer-groups",
        prepare: prepare_python,
        body: Body::Program(|| python("confluent_consumer_groups_suite.py")),
    },
    Suite {
        name: "confluent-transactions",
        prepare: prepare_python,
        body: Body::Program(|| python("confluent_transactions_suite.py")),
    },
    Suite {
        name: "kafka-python",
        prepare: prepare_python,
        body: Body::Program(|| python("kafka_python_suite.py")),
    },
    Suite {
        name: "aiokafka",
        prepare: prepare_python,
        body: Body::Program(|| python("aiokafka_suite.py")),
    },
    Suite {
        name: "kafkajs",
        prepare: prepare_node,
        body: Body::Program(|| node("kafkajs_suite.mjs")),
    },
    Suite {
        name: "platformatic",
        prepare: prepare_node,
        body: Body::Program(|| node("platformatic_suite.mjs")),
    },
    Suite {
        name: "franz-go",
        prepare: || prepare_go("franz"),
        body: Body::Program(|| Step::new(built("go").join("franz"))),
    },
    Suite {
        name: "sarama",
        prepare: || prepare_go("sarama"),
        body: Body::Program(|| Step::new(built("go").join("sarama"))),
    },
    Suite {
        name: "java",
        prepare: || prepare_java("java", &[]),
        body: Body::Program(|| java("java", "Suite")),
    },
    Suite {
        name: "java-transactions",
        prepare: || prepare_java("java", &[]),
        body: Body::Program(|| java("java", "Transactions")),
    },
    Suite {
        name: "java-3.9-transactions",
        prepare: || prepare_java("java", &[]).and_then(|()| prepare_java_libraries("java-3.9")),
        body: Body::Program(|| java_with("java-3.9", "java", "Transactions")),
    },
    Suite {
        name: "java-guide",
        prepare: || prepare_java("java", &[]),
        body: Body::Program(|| java("java", "GuideLoops")),
    },
    Suite {
        name: "java-3.9-guide",
        prepare: || prepare_java("java-3.9", &[]),
        body: Body::Program(|| java("java-3.9", "GuideLoops")),
    },
    Suite { name: "readme", prepare: readme::prepare, body: Body::Commands(readme::run) },
    Suite {
        name: "java-consumer-groups",
        prepare: || prepare_java("java", &[]),
        body: Body::Program(|| java("java", "ConsumerGroups")),
    },
    Suite {
        name: "java-share-groups",
        prepare: || prepare_java("java", &[]),
        body: Body::Program(|| java("java", "ShareGroups")),
    },
    Suite {
        name: "java-streams",
        prepare: || prepare_java("java-streams", &[]),
        body: Body::Program(|| java("java-streams", "Streams")),
    },
    Suite {
        name: "java-connect",
        prepare: || prepare_java("java-connect", &[]),
        body: Body::Program(|| java("java-connect", "Connect")),
    },
    Suite {
        name: "spring",
        prepare: || prepare_java("spring", &["-parameters"]),
        body: Body::Program(|| java("spring", "suite.Suite")),
    },
    Suite {
        name: "rdkafka",
        prepare: prepare_rust,
        body: Body::Program(|| Step::new(built("rust").join("debug/rust-suite"))),
    },
];

impl Suite {
    /// Fetches and builds what the suite needs; quick when nothing changed.
    pub fn prepare(&self) -> Result<(), Failed> {
        (self.prepare)()
    }

    /// Runs against the broker at `bootstrap`. A suite that does not print its closing line has failed.
    pub fn run(&self, bootstrap: &str) -> Result<Report, Failed> {
        let start = Instant::now();
        let printed = match self.body {
            Body::Program(command) => command().args([bootstrap]).run()?,
            Body::Commands(commands) => commands(bootstrap)?,
        };
        let closing = printed.lines().rev().find(|line| line.starts_with("SUITE "));
        let closing =
            closing.ok_or_else(|| Failed(format!("{} printed no closing line", self.name)))?;
        Ok(Report { closing_line: closing.to_owned(), took: start.elapsed() })
    }
}

fn source(language: &str) -> PathBuf {
    project_root().join("tests/clients").join(language)
}

fn built(language: &str) -> PathBuf {
    target_directory().join("clients").join(language)
}

fn io(words: &str, path: &Path, error: &std::io::Error) -> Failed {
    Failed(format!("{words} {}: {error}", path.display()))
}

/// Runs `work` unless it already ran for the same `input`. The stamp is written last: a run cut short runs again.
fn once(
    directory: &Path,
    input: &Path,
    work: impl FnOnce() -> Result<(), Failed>,
) -> Result<(), Failed> {
    let wanted = fs::read(input).map_err(|error| io("read", input, &error))?;
    let stamp = directory.join("prepared-for");
    if fs::read(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    fs::create_dir_all(directory).map_err(|error| io("make", directory, &error))?;
    work()?;
    fs::write(&stamp, wanted).map_err(|error| io("write", &stamp, &error))
}

pub(crate) fn prepare_python() -> Result<(), Failed> {
    let (source, built) = (source("python"), built("python"));
    let requirements = source.join("requirements.txt");
    once(&built, &requirements, || {
        Step::new("python3").args(["-m", "venv"]).args([built.join("venv")]).run()?;
        let pip = built.join("venv/bin/pip");
        Step::new(pip)
            .args(["install", "--quiet", "--requirement"])
            .args([&requirements])
            .run()
            .map(drop)
    })
}

pub(crate) fn python(program: &str) -> Step {
    Step::new(built("python").join("venv/bin/python")).args([source("python").join(program)])
}

fn prepare_node() -> Result<(), Failed> {
    let (source, built) = (source("node"), built("node"));
    once(&built, &source.join("package-lock.json"), || {
        copy_files(&source, &built)?;
        Step::new("npm").args(["ci", "--no-audit", "--no-fund"]).within(&built).run().map(drop)
    })?;
    copy_files(&source, &built)
}

fn node(program: &str) -> Step {
    Step::new("node").args([built("node").join(program)]).env("KAFKAJS_NO_PARTITIONER_WARNING", "1")
}

fn copy_files(from: &Path, to: &Path) -> Result<(), Failed> {
    for entry in fs::read_dir(from).map_err(|error| io("list", from, &error))? {
        let path = entry.map_err(|error| io("list", from, &error))?.path();
        if path.is_file()
            && let Some(name) = path.file_name()
        {
            fs::copy(&path, to.join(name)).map_err(|error| io("copy", &path, &error))?;
        }
    }
    Ok(())
}

fn prepare_go(program: &str) -> Result<(), Failed> {
    let output = built("go").join(program);
    Step::new("go")
        .args(["build", "-o"])
        .args([output])
        .args([format!("./{program}")])
        .within(&source("go"))
        .run()?;
    Ok(())
}

fn prepare_java_libraries(name: &str) -> Result<(), Failed> {
    let (pom, built) = (source(name).join("pom.xml"), built(name));
    once(&built, &pom, || {
        Step::new("mvn")
            .args(["-q", "-B", "-f"])
            .args([&pom])
            .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
            .args([format!("-DoutputDirectory={}", built.join("libs").display())])
            .run()
            .map(drop)
    })
}

fn prepare_java(name: &str, flags: &[&str]) -> Result<(), Failed> {
    prepare_java_libraries(name)?;
    let (source, built) = (source(name), built(name));
    let mut files = Vec::new();
    java_files(&source.join("src"), &mut files)?;
    let libraries = format!("{}/*", built.join("libs").display());
    Step::new("javac")
        .args(flags)
        .args(["-cp", &libraries, "-d"])
        .args([built.join("classes")])
        .args(files)
        .run()
        .map(drop)
}

fn java_files(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failed> {
    for entry in fs::read_dir(directory).map_err(|error| io("list", directory, &error))? {
        let path = entry.map_err(|error| io("list", directory, &error))?.path();
        if path.is_dir() {
            java_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "java") {
            files.push(path);
        }
    }
    Ok(())
}

fn java(name: &str, class: &str) -> Step {
    java_with(name, name, class)
}

/// Runs a class with the libraries of another suite.
fn java_with(libraries: &str, name: &str, class: &str) -> Step {
    let path = format!("{}/libs/*:{}/classes", built(libraries).display(), built(name).display());
    Step::new("java").args(["-Xmx256m", "-cp", &path, class])
}

fn prepare_rust() -> Result<(), Failed> {
    Step::new("cargo")
        .args(["build", "--quiet", "--locked"])
        .within(&source("rust"))
        .env("CARGO_TARGET_DIR", built("rust"))
        .run()
        .map(drop)
}
