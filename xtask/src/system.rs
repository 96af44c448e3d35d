//! Programs of the system that the tests need.

use std::path::Path;

use crate::step::run;

/// A program and the package of Debian that has it.
struct Tool {
    program: &'static str,
    package: &'static str,
}

const TOOLS: &[Tool] = &[
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
pub fn install() -> Result<(), String> {
    let mut packages: Vec<&str> = missing().map(|tool| tool.package).collect();
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
    match missing().next() {
        Some(tool) => Err(format!("{} is missing; its package is {}", tool.program, tool.package)),
        None => Ok(()),
    }
}

fn missing() -> impl Iterator<Item = &'static Tool> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&folders).collect();
    TOOLS
        .iter()
        .filter(move |tool| !folders.iter().any(|folder| folder.join(tool.program).is_file()))
}

fn apt_get(is_root: bool, arguments: &[&str]) -> Result<(), String> {
    let mut all = vec!["apt-get"];
    all.extend(arguments);
    let (program, arguments) = if is_root { ("env", all) } else { ("sudo", all) };
    run(program, &arguments).map(|_| ())
}
