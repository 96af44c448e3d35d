//! What two brokers need not share is replaced before their output is compared.

/// The lines of `command` without ids, addresses, directories, clocks and figures of speed.
pub(crate) fn masked(command: &str, lines: &[String], own: &str) -> Vec<String> {
    let port = own.rsplit(':').next().unwrap_or(own);
    let tool = command.split(' ').next().unwrap_or_default();
    let figures =
        tool.ends_with("-perf-test") || tool == "kafka-metadata-quorum" || tool == "kafka-log-dirs";
    let mut kept = Vec::new();
    for line in lines {
        if noise(tool, line) {
            continue;
        }
        let line = line.replace(own, "OWN").replace(&format!(":{port}"), ":PORT");
        let line = line.replace(&format!("port={port}"), "port=PORT");
        let line = words(&line);
        let line = if figures { without_figures(&line) } else { line };
        kept.push(spaces(&line));
    }
    if figures && tool.ends_with("-perf-test") {
        kept.dedup();
    }
    kept
}

/// Whether the order of what the command prints is part of its meaning.
pub(crate) fn ordered(command: &str) -> bool {
    command.starts_with("kafka-console-consumer") || command.starts_with("kafka-dump-log")
}

/// Lines that say nothing about the broker, and APIs of later issues.
fn noise(tool: &str, line: &str) -> bool {
    match tool {
        // Progress reports come as often as the load is slow.
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
    if word.len() == 22 && upper > 2 {
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
