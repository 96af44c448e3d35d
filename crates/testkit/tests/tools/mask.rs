//! What two brokers need not share is replaced before their output is compared.

/// The lines of `command` without ids, addresses, directories, clocks and figures of speed.
pub(crate) fn masked(command: &str, lines: &[String], own: &str) -> Vec<String> {
    let port = own.rsplit(':').next().unwrap_or(own);
    let tool = command.split(' ').next().unwrap_or_default();
    let speed = tool.ends_with("-perf-test");
    let figures = speed || tool == "kafka-metadata-quorum" || tool == "kafka-log-dirs";
    let mut kept = Vec::new();
    for line in lines {
        if noise(tool, command, line) {
            continue;
        }
        let line = line.replace(own, "OWN").replace(&format!(":{port}"), ":PORT");
        let line = line.replace(&format!("port={port}"), "port=PORT");
        let line = words(&line);
        let line = match tool {
            "kafka-cluster" => line.replace(port, "PORT"),
            "kafka-log-dirs" => sorted_parts(&line),
            "kafka-features" => line.split(" Epoch:").next().unwrap_or_default().to_owned(),
            "kafka-dump-log" => dumped(command, &line),
            _ => line,
        };
        let line = if figures { without_figures(&line) } else { line };
        kept.push(spaces(&line));
    }
    // Reports come as often as the load is slow, and the metadata log has as many records as the start took.
    if speed || command.contains("--cluster-metadata-decoder") {
        kept.sort();
        kept.dedup();
    }
    kept
}

/// The fields of a JSON line in a fixed order, without the path of the directory.
fn sorted_parts(line: &str) -> String {
    let mut parts: Vec<&str> = line.split([',', '{', '[']).collect();
    parts.retain(|part| !part.starts_with("\"logDir\":"));
    parts.sort_unstable();
    parts.join(",")
}

/// A line of the dump tool without what time, ids and CRCs make of it; of the metadata log only the types of its records.
fn dumped(command: &str, line: &str) -> String {
    if command.contains("--cluster-metadata-decoder") {
        let kind = line.split("\"type\":\"").nth(1).and_then(|rest| rest.split('"').next());
        return kind.unwrap_or_default().to_owned();
    }
    let mut kept: Vec<&str> = line.split(' ').collect();
    if command.contains("--offsets-decoder") {
        // Behind the bar and "offset:".
        kept.drain(..kept.len().min(3));
    }
    // Times lie in the batch as differences, whose length follows from how large they are.
    for changing in ["crc:", "position:", "size:"] {
        if let Some(at) = kept.iter().position(|word| *word == changing) {
            kept.drain(at..kept.len().min(at + 2));
        }
    }
    kept.join(" ")
}

/// Whether the order of what the command prints is part of its meaning.
pub(crate) fn ordered(command: &str) -> bool {
    command.starts_with("kafka-console-consumer") || command.starts_with("kafka-dump-log")
}

/// Lines that say nothing about the broker, and APIs of later issues.
fn noise(tool: &str, command: &str, line: &str) -> bool {
    match tool {
        // Progress reports.
        "kafka-producer-perf-test" => line.contains("records sent") && !line.contains("99.9th"),
        "kafka-broker-api-versions" => {
            const LATER: [&str; 14] = [
                "Transaction",
                "Txn",
                "Share",
                "Streams",
                "ConsumerGroup",
                "Scram",
                "DelegationToken",
                "Acls",
                "Quota",
                "Telemetry",
                "PushTelemetry",
                "RaftVoter",
                "ClientMetrics",
                "AddOffsets",
            ];
            line.contains("UNSUPPORTED") || LATER.iter().any(|word| line.contains(word))
        }
        // The others are finalised when a later issue builds what they stand for.
        "kafka-features" => !line.contains("metadata.version") && !line.contains("kraft.version"),
        // Written while nothing happens, as a sign of life, and where each of several controllers tells of itself.
        "kafka-dump-log" => {
            let metadata = command.contains("--cluster-metadata-decoder");
            // Console consumers make groups of random names, which may share the partition.
            let other_group = command.contains("--offsets-decoder")
                && !(line.starts_with("| offset:") && line.contains("\"readers\""));
            line.contains("NO_OP_RECORD")
                || (metadata && !line.contains("\"type\":"))
                || other_group
        }
        _ => false,
    }
}

/// Replaces ids and clocks, word by word.
fn words(line: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for character in line.chars().chain(std::iter::once('\n')) {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '_') {
            word.push(character);
            continue;
        }
        out += &masked_word(&word);
        word.clear();
        out.push(character);
    }
    out.truncate(out.len() - 1);
    out
}

fn masked_word(word: &str) -> String {
    if let Some(start) = word.len().checked_sub(36)
        && word.is_char_boundary(start)
        && is_uuid(&word[start..])
    {
        return format!("{}UUID", &word[..start]);
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let upper = word.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = word.bytes().filter(u8::is_ascii_lowercase).count();
    if let Some(number) = word.strip_prefix("console-consumer-")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return "console-consumer-N".to_owned();
    }
    if word.len() == 22 && upper > 2 && lower > 2 {
        return "ID".to_owned();
    }
    if word.len() == 13 && digits == 13 && word.starts_with('1') {
        return "TIME".to_owned();
    }
    word.to_owned()
}

fn is_uuid(word: &str) -> bool {
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// Each number, with its point, as `N`.
fn without_figures(line: &str) -> String {
    let mut out = String::new();
    for character in line.chars() {
        if character.is_ascii_digit() {
            if !out.ends_with('N') {
                out.push('N');
            }
        } else if !(character == '.' && out.ends_with('N')) {
            out.push(character);
        }
    }
    out.replace("-N", "N")
}

/// Column widths follow the longest id, so several spaces are one.
fn spaces(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
