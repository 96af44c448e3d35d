//! The `ottla` program: every role and every tool in one binary.

fn main() {}
