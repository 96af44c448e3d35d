//! Writes `crates/wire/src/generated` from `crates/wire/spec`.

mod emit;
mod message;
mod registry;
mod schema;
mod spec;
mod spec_parser;
mod structs;
mod view;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use spec::Spec;

/// Files to write: path below the generated directory, and content.
type Files = BTreeMap<PathBuf, String>;

/// Generates the wire crate's code; with `check`, only says whether what is checked in is current.
pub fn run(check: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/wire");
    let spec = Spec::load(&root.join("spec"))?;
    let files = generate(&spec)?;
    let scratch = std::env::temp_dir().join(format!("codegen-{}", std::process::id()));
    let result = format_files(&scratch, &files)
        .and_then(|formatted| settle(&root.join("src/generated"), &formatted, check));
    let _ = fs::remove_dir_all(&scratch);
    result
}

fn generate(spec: &Spec) -> Result<Files, String> {
    let mut files = Files::new();
    files.insert("error_code.rs".into(), registry::error_code(spec));
    files.insert("api_key.rs".into(), registry::api_key(spec));
    files.insert("mod.rs".into(), registry::root_module());
    files.insert("schema.rs".into(), schema::emit(spec));
    message::requests_and_responses(spec, &mut files)?;
    message::records(spec, &mut files)?;
    for content in files.values_mut() {
        content.insert_str(
            0,
            "// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.\n\n",
        );
    }
    Ok(files)
}

/// What rustfmt makes of the files, with the repository's settings.
fn format_files(scratch: &Path, files: &Files) -> Result<Files, String> {
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml");
    let mut paths = Vec::new();
    for (path, content) in files {
        let target = scratch.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::write(&target, content).map_err(at(&target))?;
        // rustfmt follows `mod` lines by itself.
        if path.ends_with("mod.rs") && path.components().count() == 1 {
            paths.push(target);
        }
    }
    let status = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(settings)
        .args(&paths)
        .status()
        .map_err(|error| format!("rustfmt does not start: {error}"))?;
    if !status.success() {
        return Err(format!("rustfmt fails on the generated code in {}", scratch.display()));
    }
    let read = |path: &PathBuf| fs::read_to_string(scratch.join(path)).map_err(at(path));
    files.keys().map(|path| Ok((path.clone(), read(path)?))).collect()
}

/// Writes what differs and removes what is no longer generated, or only reports it.
fn settle(target: &Path, files: &Files, check: bool) -> Result<(), String> {
    let mut stale = Vec::new();
    for (path, content) in files {
        let place = target.join(path);
        if fs::read_to_string(&place).is_ok_and(|present| present == *content) {
            continue;
        }
        stale.push(path.clone());
        if !check {
            if let Some(parent) = place.parent() {
                fs::create_dir_all(parent).map_err(at(parent))?;
            }
            fs::write(&place, content).map_err(at(&place))?;
        }
    }
    for path in present_files(target, target)? {
        if !files.contains_key(&path) {
            if !check {
                fs::remove_file(target.join(&path)).map_err(at(&path))?;
            }
            stale.push(path);
        }
    }
    match stale.first() {
        Some(first) if check => Err(format!(
            "{} generated files are stale, such as {}: run `cargo xtask codegen`",
            stale.len(),
            first.display()
        )),
        _ => Ok(()),
    }
}

fn present_files(root: &Path, directory: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    if !directory.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(directory).map_err(at(directory))? {
        let path = entry.map_err(at(directory))?.path();
        if path.is_dir() {
            found.extend(present_files(root, &path)?);
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_path_buf());
        }
    }
    Ok(found)
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> String + '_ {
    move |error| format!("{}: {error}", path.display())
}
