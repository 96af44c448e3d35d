//! What tests and benchmarks need of the system.

use std::path::Path;

use crate::step::run;

/// A program, or a file by its path, and the package of Debian that has it.
pub(crate) struct Tool {
    program: &'static str,
    package: &'static str,
}

/// For the tables of `bench`: the C client of one, and how another sees that reads are `sendfile`.
pub(crate) const FOR_BENCH: &[Tool] = &[
    Tool { program: "cc", package: "build-essential" },
    Tool { program: "java", package: "openjdk-17-jdk-headless" },
    Tool { program: "mvn", package: "maven" },
    Tool { program: "strace", package: "strace" },
    Tool { program: "/usr/include/librdkafka/rdkafka.h", package: "librdkafka-dev" },
];

pub(crate) const FOR_TESTS: &[Tool] = &[
    Tool { program: "cc", package: "build-essential" },
    Tool { program: "cmake", package: "cmake" },
    Tool { program: "git", package: "git" },
    Tool { program: "go", package: "golang-go" },
    Tool { program: "java", package: "openjdk-17-jdk-headless" },
    Tool { program: "javac", package: "openjdk-17-jdk-headless" },
    Tool { program: "kcat", package: "kcat" },
    Tool { program: "mvn", package: "maven" },
    Tool { program: "node", package: "nodejs" },
    Tool { program: "npm", package: "npm" },
    Tool { program: "python3", package: "python3" },
    Tool { program: "valgrind", package: "valgrind" },
];

/// Installs what is missing. A tool that is missing afterwards is an error that names it.
pub(crate) fn install(tools: &'static [Tool]) -> Result<(), String> {
    let mut packages: Vec<&str> = missing(tools).map(|tool| tool.package).collect();
    if !Path::new("/usr/lib/python3").exists()
        || run("python3", &["-c", "import venv, ensurepip"]).is_err()
    {
        packages.push("python3-venv");
    }
    packages.dedup();
    if !packages.is_empty() {
        println!("installing {}", packages.join(" "));
        let is_root = run("id", &["-u"])?.first().is_some_and(|id| id.trim() == "0");
        apt_get(is_root, &["update", "-q"])?;
        let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
        arguments.extend(&packages);
        apt_get(is_root, &arguments)?;
    }
    match missing(tools).next() {
        Some(tool) => Err(format!("{} is missing; its package is {}", tool.program, tool.package)),
        None => Ok(()),
    }
}

fn missing(tools: &'static [Tool]) -> impl Iterator<Item = &'static Tool> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&folders).collect();
    // A path stays what it is, whatever folder it is joined to.
    tools
        .iter()
        .filter(move |tool| !folders.iter().any(|folder| folder.join(tool.program).is_file()))
}

fn apt_get(is_root: bool, arguments: &[&str]) -> Result<(), String> {
    let mut all = vec!["apt-get"];
    all.extend(arguments);
    let (program, arguments) = if is_root { ("env", all) } else { ("sudo", all) };
    run(program, &arguments).map(|_| ())
}
