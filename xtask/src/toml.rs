//! The little of TOML that this repository's own files use: tables, strings, lists of strings and numbers.

use std::collections::BTreeMap;

/// Tables by name, each with its keys and the text behind `=`; keys before the first table have the name "".
pub type Document = BTreeMap<String, BTreeMap<String, String>>;

/// Reads a file of tables. A value may go over several lines while a bracket is open.
pub fn parse(text: &str) -> Document {
    let mut document = Document::new();
    let mut table = String::new();
    let mut pending: Option<(String, String)> = None;
    for line in text.lines() {
        let line = without_comment(line).trim();
        if let Some((key, value)) = pending.take() {
            let value = format!("{value} {line}");
            put_or_wait(&mut document, &table, key, value, &mut pending);
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = name.trim_matches(['[', ']']).to_owned();
            document.entry(table.clone()).or_default();
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().trim_matches('"').to_owned();
            put_or_wait(&mut document, &table, key, value.trim().to_owned(), &mut pending);
        }
    }
    document
}

fn put_or_wait(
    document: &mut Document,
    table: &str,
    key: String,
    value: String,
    pending: &mut Option<(String, String)>,
) {
    let count = |bracket| value.matches(bracket).count();
    if count('[') > count(']') || count('{') > count('}') {
        *pending = Some((key, value));
    } else {
        document.entry(table.to_owned()).or_default().insert(key, value);
    }
}

fn without_comment(line: &str) -> &str {
    let mut in_text = false;
    let end = line.find(|character| {
        in_text ^= character == '"';
        character == '#' && !in_text
    });
    end.and_then(|end| line.get(..end)).unwrap_or(line)
}

/// The texts of a list.
pub fn texts(list: &str) -> Vec<&str> {
    list.split('"').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_keys_and_lists_are_read() {
        let document =
            parse("a = 1 # one\n[x]\nb = [\"p\", # first\n  \"q#\"]\n[[y.z]]\n\"c.d\" = 2\n");
        assert_eq!(document[""]["a"], "1");
        assert_eq!(texts(&document["x"]["b"]), ["p", "q#"]);
        assert_eq!(document["y.z"]["c.d"], "2");
    }
}
