//! Each machine's crate denies the clock, threads, files, sockets and maps of random order.

use std::fs;

use super::crates::Crate;
use crate::toml;

/// What a machine's `clippy.toml` must name.
const DENIED: &[&str] = &[
    "std::time::Instant",
    "std::time::SystemTime",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::thread::spawn",
    "std::fs::File::open",
    "std::net::TcpStream::connect",
];

pub fn check(crates: &[Crate], layers: &str, breaches: &mut Vec<String>) {
    let document = toml::parse(layers);
    let machines = document.get("layers").and_then(|layers| layers.get("machines"));
    let machines = toml::texts(machines.map_or("", String::as_str));
    for machine in crates.iter().filter(|one| machines.contains(&one.name.as_str())) {
        let denied = fs::read_to_string(machine.folder.join("clippy.toml")).unwrap_or_default();
        for path in DENIED.iter().filter(|path| !denied.contains(&format!("\"{path}\""))) {
            breaches.push(format!("crates/{}/clippy.toml does not deny {path}", machine.name));
        }
    }
}
