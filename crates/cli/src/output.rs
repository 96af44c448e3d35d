//! What a person or a program reads: tables or JSON on standard output, complaints and progress on standard error.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use crate::error::{CliError, Result};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON document for programs.
    Json,
}

/// Rows under headings, aligned.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn render(&self) -> String {
        let mut widths: Vec<usize> = self.headings.iter().map(|it| it.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        let headings = self.headings.iter().map(|it| (*it).to_owned()).collect();
        for row in std::iter::once(&headings).chain(&self.rows) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{cell:<width$}  "));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Prints a result in the form that was asked for.
pub(crate) fn show(
    format: Format,
    json: impl FnOnce() -> Value,
    table: impl FnOnce() -> Table,
) -> Result<()> {
    match format {
        Format::Table => print(&table().render()),
        Format::Json => print_json(&json()),
    }
}

/// Prints that something was done.
pub(crate) fn done(format: Format, text: &str, json: impl FnOnce() -> Value) -> Result<()> {
    match format {
        Format::Table => print(&format!("{text}\n")),
        Format::Json => print_json(&json()),
    }
}

pub(crate) fn print_json(value: &Value) -> Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| CliError::io("write to standard output", source))
}

/// One line on standard error.
pub(crate) fn complain(line: &str) {
    // When nobody reads it, nobody can be told so either.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A line on standard error that replaces itself, if a person watches.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
    is_terminal: bool,
}

impl Progress {
    pub(crate) fn new(wanted: bool) -> Self {
        Self { shown: false, is_terminal: wanted && io::stderr().is_terminal() }
    }

    pub(crate) const fn is_wanted(&self) -> bool {
        self.is_terminal
    }

    pub(crate) fn show(&mut self, line: &str) {
        if self.is_terminal {
            let mut error = io::stderr().lock();
            let _ = write!(error, "\r\x1b[K{line}").and_then(|()| error.flush());
            self.shown = true;
        }
    }

    pub(crate) fn finish(&mut self, line: &str) {
        if self.is_terminal {
            self.show(line);
            let _ = writeln!(io::stderr().lock());
        }
    }
}

/// 1234567 as `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes that are no text, in JSON.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for place in 0..4 {
            let six = bits >> (18 - 6 * place) & 0x3f;
            let character = if place <= chunk.len() { BASE64[six as usize & 0x3f] } else { b'=' };
            text.push(char::from(character));
        }
    }
    text
}

/// `None` for a text that is not base64.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let trimmed = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - trimmed.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for character in trimmed.bytes() {
        let six = BASE64.iter().position(|it| *it == character)?;
        bits = bits << 6 | u32::try_from(six).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["NAME", "N"]);
        table.row(["orders".to_owned(), "3".to_owned()]);
        table.row(["é".to_owned(), "12".to_owned()]);
        assert_eq!(table.render(), "NAME    N\norders  3\né       12\n");
    }

    #[test]
    fn base64_is_read_back() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{7f}"] {
            assert_eq!(from_base64(&to_base64(text.as_bytes())).unwrap(), text.as_bytes());
        }
        assert_eq!(to_base64(b"fooba"), "Zm9vYmE=");
        for text in ["Z", "Zm9v!mE=", "====", "Zg"] {
            assert_eq!(from_base64(text), None, "{text}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
