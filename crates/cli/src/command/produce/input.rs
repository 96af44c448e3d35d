//! Lines from a file or standard input, read by a thread of its own because such reads block.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tokio::sync::mpsc;

use crate::error::{BadLine, CliError, Result};
use crate::limits::{INPUT_BLOCK_SIZE, INPUT_BLOCKS_MAX, LINE_SIZE_MAX};

/// Whole lines. The last one of the input may lack its end.
#[derive(Debug)]
pub(super) struct Block(Vec<u8>);

impl Block {
    /// The lines without their ends.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let whole = self.0.strip_suffix(b"\n").unwrap_or(&self.0);
        whole.split(|byte| *byte == b'\n')
    }
}

pub(super) fn open(file: Option<&Path>) -> Result<mpsc::Receiver<Result<Block>>> {
    let source: Box<dyn Read + Send> = match file {
        None => Box::new(io::stdin()),
        Some(path) => Box::new(
            File::open(path).map_err(|source| CliError::File { path: path.to_owned(), source })?,
        ),
    };
    let (sender, receiver) = mpsc::channel(INPUT_BLOCKS_MAX);
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || read(source, &sender))
        .map_err(|source| CliError::io("start the thread that reads input", source))?;
    Ok(receiver)
}

fn read(mut source: impl Read, sender: &mpsc::Sender<Result<Block>>) {
    let mut pending = Vec::new();
    let mut lines_before = 0;
    loop {
        let start = pending.len();
        pending.resize(start + INPUT_BLOCK_SIZE, 0);
        let count = match source.read(&mut pending[start..]) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                pending.truncate(start);
                continue;
            }
            Err(source) => {
                // The command may have ended already.
                let _ = sender.blocking_send(Err(CliError::io("read input", source)));
                return;
            }
        };
        pending.truncate(start + count);
        if count == 0 {
            if !pending.is_empty() {
                let _ = sender.blocking_send(Ok(Block(pending)));
            }
            return;
        }
        let end = pending[start..].iter().rposition(|byte| *byte == b'\n');
        let Some(end) = end.map(|end| start + end + 1) else {
            if pending.len() > LINE_SIZE_MAX {
                let line = lines_before + 1;
                let reason = BadLine::TooLong(LINE_SIZE_MAX);
                let _ = sender.blocking_send(Err(CliError::Line { line, reason }));
                return;
            }
            continue;
        };
        let rest = pending.split_off(end);
        let block = Block(std::mem::replace(&mut pending, rest));
        lines_before += u64::try_from(block.lines().count()).unwrap_or(0);
        if sender.blocking_send(Ok(block)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &[u8], expected: &[&[u8]]) {
        let (sender, mut receiver) = mpsc::channel(INPUT_BLOCKS_MAX);
        read(input, &sender);
        drop(sender);
        let mut lines: Vec<Vec<u8>> = Vec::new();
        while let Some(block) = receiver.blocking_recv() {
            lines.extend(block.unwrap().lines().map(<[u8]>::to_vec));
        }
        assert_eq!(lines, expected);
    }

    #[test]
    fn each_line_is_given_once_without_its_end() {
        check(b"a\nb\n", &[b"a", b"b"]);
        check(b"a\n\nb", &[b"a", b"", b"b"]);
        check(b"\n", &[b""]);
        check(b"", &[]);
    }

    #[test]
    fn a_line_longer_than_a_block_stays_whole() {
        let long = vec![b'x'; INPUT_BLOCK_SIZE * 2 + 5];
        let mut input = long.clone();
        input.extend(b"\ny");
        check(&input, &[&long, b"y"]);
    }
}
