//! The name that was meant.

/// The candidate that differs from `name` in the fewest letters, if it is near enough to be meant.
pub(super) fn nearest(
    name: &str,
    candidates: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let name = plain(name);
    let best =
        candidates.map(|candidate| (differences(&name, &plain(candidate)), candidate)).min()?;
    // A third of the letters may be wrong; more is another word.
    (best.0 * 3 <= name.chars().count()).then_some(best.1)
}

/// Underscores, dashes and case are how other configuration languages write the same name.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], ".")
}

/// A name that only lacks its last parts, such as the unit, is nearly right.
fn differences(name: &str, candidate: &str) -> usize {
    match candidate.strip_prefix(name) {
        Some(rest) if rest.starts_with('.') && !name.is_empty() => 1,
        _ => distance(name, candidate),
    }
}

/// Letters to insert, delete or change.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, other) in row.iter_mut().skip(1).zip(&to) {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["batch.size", "linger.ms", "acks", "enable.idempotence"];

    #[test]
    fn the_name_with_the_fewest_differences_is_meant() {
        for (written, meant) in [
            ("batch.sise", "batch.size"),
            ("linger_ms", "linger.ms"),
            ("lingerms", "linger.ms"),
            ("linger", "linger.ms"),
            ("batch", "batch.size"),
            ("Acks", "acks"),
            ("enable.idempotance", "enable.idempotence"),
        ] {
            assert_eq!(nearest(written, NAMES.into_iter()), Some(meant), "{written}");
        }
    }

    #[test]
    fn a_name_that_resembles_none_has_no_nearest() {
        for written in ["", "x", "statistics.interval", "queue.buffering.max.kbytes"] {
            assert_eq!(nearest(written, NAMES.into_iter()), None, "{written}");
        }
    }

    #[test]
    fn distances_count_letters() {
        for (from, to, expected) in [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3)] {
            assert_eq!(distance(from, to), expected);
            assert_eq!(distance(to, from), expected);
        }
    }
}
