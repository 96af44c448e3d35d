//! Files of properties, as Java reads them.

/// One setting of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    /// Where it begins; the first line is 1.
    pub(crate) line: usize,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// `\u` without four hexadecimal digits: the one thing that Java refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: \\u needs four hexadecimal digits")]
pub struct MalformedEscape {
    pub line: usize,
}

/// Reads the bytes of a file in the order that they stand. Bytes are Latin-1, as Java takes them; a name may come
/// several times.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Property>, MalformedEscape> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut properties = Vec::new();
    for (line, logical) in logical_lines(&text) {
        let (name, value) = split(&logical);
        let unescape = |text: &str| unescape(text).ok_or(MalformedEscape { line });
        properties.push(Property { line, name: unescape(name)?, value: unescape(value)? });
    }
    Ok(properties)
}

/// Lines after continued ones are put together; without blank lines and comments.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Vec::new();
    let mut natural = text.split('\n').enumerate();
    while let Some((index, first)) = natural.next() {
        let first = first.trim_start_matches(is_blank);
        if first.is_empty() || first.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = first.to_owned();
        while is_continued(&logical) {
            logical.pop();
            let Some((_, next)) = natural.next() else { break };
            logical.push_str(next.trim_start_matches(is_blank));
        }
        lines.push((index + 1, logical));
    }
    lines
}

/// An odd number of backslashes stands at the end.
fn is_continued(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\x0c')
}

/// The name ends at the first `=`, `:` or blank that no backslash stands before.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|character: char| {
        let ends = !escaped && (matches!(character, '=' | ':') || is_blank(character));
        escaped = !escaped && character == '\\';
        ends
    });
    let Some((name, rest)) = end.and_then(|end| line.split_at_checked(end)) else {
        return (line, "");
    };
    let rest = rest.trim_start_matches(is_blank);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (name, value.trim_start_matches(is_blank))
}

fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    // Java's characters are 16 bits wide: one outside of these is written as two escapes.
    let mut units: Vec<u16> = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let mut unit = None;
        let next = match character {
            '\\' => match characters.next() {
                Some('u') => {
                    let digits: String = characters.by_ref().take(4).collect();
                    let whole =
                        digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                    unit = Some(u16::from_str_radix(&digits, 16).ok().filter(|_| whole)?);
                    None
                }
                Some('t') => Some('\t'),
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('f') => Some('\x0c'),
                other => other,
            },
            other => Some(other),
        };
        if let Some(unit) = unit {
            units.push(unit);
            continue;
        }
        plain.push_str(&String::from_utf16_lossy(&units));
        units.clear();
        plain.extend(next);
    }
    plain.push_str(&String::from_utf16_lossy(&units));
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(usize, String, String)> {
        let parsed = parse(text.as_bytes()).expect("the file is well formed");
        parsed.into_iter().map(|property| (property.line, property.name, property.value)).collect()
    }

    fn check(text: &str, expected: &[(usize, &str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, name, value)| (*line, (*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(pairs(text), expected, "{text:?}");
    }

    #[test]
    fn names_end_at_an_equals_sign_a_colon_or_a_blank() {
        check(
            "a=1\nb:2\nc 3\nd = 4\ne\t:\t5\nf",
            &[
                (1, "a", "1"),
                (2, "b", "2"),
                (3, "c", "3"),
                (4, "d", "4"),
                (5, "e", "5"),
                (6, "f", ""),
            ],
        );
        check(
            "a==1\nb= =2\nurl=http://x:1/a=b",
            &[(1, "a", "=1"), (2, "b", "=2"), (3, "url", "http://x:1/a=b")],
        );
        check("a\\=b\\:c\\ d=1", &[(1, "a=b:c d", "1")]);
    }

    #[test]
    fn comments_and_blank_lines_are_no_settings() {
        check("# a=1\n  ! b=2\n\n \t\na=1 # not a comment\n", &[(5, "a", "1 # not a comment")]);
    }

    #[test]
    fn a_backslash_at_the_end_continues_a_line() {
        check(
            "a=1,\\\n   2,\\\r\n\t3\nb=x\\\\\nc=y",
            &[(1, "a", "1,2,3"), (4, "b", "x\\"), (5, "c", "y")],
        );
        check("a=1\\", &[(1, "a", "1")]);
        check("a=1\\\n# not a comment", &[(1, "a", "1# not a comment")]);
    }

    #[test]
    fn escapes_are_javas() {
        check("a=\\t\\n\\r\\f\\q\\u0041\\ud83d\\ude00", &[(1, "a", "\t\n\r\x0cqA😀")]);
        for wrong in ["x=1\na=\\u12", "\na=\\uzzzz"] {
            assert_eq!(parse(wrong.as_bytes()), Err(MalformedEscape { line: 2 }));
        }
    }

    #[test]
    fn values_keep_blanks_at_their_end_and_line_ends_are_of_any_kind() {
        check("a= 1 \rb=2\r\nc=3", &[(1, "a", "1 "), (2, "b", "2"), (3, "c", "3")]);
    }

    #[test]
    fn a_name_may_come_twice() {
        check("a=1\na=2", &[(1, "a", "1"), (2, "a", "2")]);
    }

    #[test]
    fn bytes_are_latin_1() {
        assert_eq!(parse(b"a=\xe4").map(|parsed| parsed[0].value.clone()), Ok("ä".to_owned()));
    }
}
