//! Runs `tests/java/record/RecordOracle.java`, Apache Kafka's classes as the other side of a comparison. Needs Maven and
//! a JDK of 17 or later; a missing one fails the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

struct Oracle {
    class_path: String,
}

static ORACLE: OnceLock<Oracle> = OnceLock::new();
static WRITTEN_BY_JAVA: OnceLock<PathBuf> = OnceLock::new();

/// The directory with the batches that Java writes, and what it reads in them.
pub(crate) fn written_by_java() -> &'static Path {
    WRITTEN_BY_JAVA.get_or_init(|| {
        let directory = empty_directory("written-by-java");
        run("write", &directory);
        directory
    })
}

/// Carries out a command of the oracle on the files of `directory`.
pub(crate) fn run(command: &str, directory: &Path) {
    let oracle = ORACLE.get_or_init(prepare);
    finish(
        Command::new("java")
            .args(["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", &oracle.class_path])
            .args(["RecordOracle", command])
            .arg(directory),
    );
}

/// An empty directory for the files of one test.
pub(crate) fn empty_directory(name: &str) -> PathBuf {
    let directory = build_directory().join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory).unwrap();
    }
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// The names of the `.bin` files in `directory`, without the ending, in order.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = names
        .filter(|path| path.extension().is_some_and(|ending| ending == "bin"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

pub(crate) fn bytes(directory: &Path, name: &str) -> Vec<u8> {
    fs::read(directory.join(format!("{name}.bin"))).unwrap()
}

pub(crate) fn text(directory: &Path, name: &str) -> String {
    fs::read_to_string(directory.join(format!("{name}.txt"))).unwrap()
}

pub(crate) fn put(directory: &Path, name: &str, bytes: &[u8]) {
    fs::write(directory.join(format!("{name}.bin")), bytes).unwrap();
}

fn build_directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("record-oracle")
}

/// Finds the jars through Maven and compiles, unless that was done after the last change.
fn prepare() -> Oracle {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/java/record");
    let build = build_directory();
    fs::create_dir_all(&build).unwrap();
    let jars = build.join("class-path.txt");
    if older(&jars, &source.join("pom.xml")) {
        finish(
            Command::new("mvn")
                .args(["-q", "-B", "dependency:build-classpath", "-DincludeScope=runtime", "-f"])
                .arg(source.join("pom.xml"))
                .arg(format!("-Dmdep.outputFile={}", jars.display())),
        );
    }
    let jars = fs::read_to_string(jars).unwrap();
    let classes = build.join("classes");
    if older(&classes.join("RecordOracle.class"), &source.join("RecordOracle.java")) {
        finish(
            Command::new("javac")
                .args(["-cp", &jars, "-d"])
                .arg(&classes)
                .arg(source.join("RecordOracle.java")),
        );
    }
    Oracle { class_path: format!("{}:{jars}", classes.display()) }
}

fn older(made: &Path, from: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    changed(made).unwrap_or(SystemTime::UNIX_EPOCH) < changed(from).unwrap()
}

fn finish(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
