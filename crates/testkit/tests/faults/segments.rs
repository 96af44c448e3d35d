//! Segments in which bits flip while nobody looks.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::Ottla;

use crate::client::{CORRUPT_MESSAGE, Client, NONE, batch, others_are_served};

/// Records of the topics here, each in a batch of its own.
const RECORDS: i64 = 60;

fn value(index: i64) -> String {
    format!("{index} ").repeat(20_000)
}

/// A topic of several segments; gives its name.
fn filled(client: &mut Client) -> String {
    let topic = client.create("rot", &[("segment.bytes", "1048576")]);
    for index in 1..RECORDS {
        assert_eq!(client.produce_code(&topic, batch(&[value(index)], None)), NONE);
    }
    topic
}

fn segments(ottla: &Ottla, topic: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(ottla.data().join(format!("{topic}-0"))).expect("list");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect();
    found.sort();
    found
}

fn flip_bit(path: &Path, position: u64) {
    let mut file = fs::File::options().read(true).write(true).open(path).expect("open");
    let mut byte = [0; 1];
    file.seek(SeekFrom::Start(position)).expect("seek");
    file.read_exact(&mut byte).expect("read");
    file.seek(SeekFrom::Start(position)).expect("seek");
    file.write_all(&[byte[0] ^ 0x10]).expect("write");
}

/// Reads from `offset` to the end or to an error: the values, and the offset and code of the error.
fn read_from(client: &mut Client, topic: &str, mut offset: i64) -> (Vec<i64>, Option<(i64, i16)>) {
    let mut found = Vec::new();
    loop {
        let answer = client.fetch(topic, offset);
        if answer.error_code != NONE {
            return (found, Some((offset, answer.error_code)));
        }
        let records = answer.records.unwrap_or_default();
        if records.is_empty() {
            assert_eq!(offset, answer.high_watermark, "an end before the high watermark");
            return (found, None);
        }
        for batch in record::Batches::checked(&records) {
            let batch = batch.expect("rot was served");
            assert_eq!(batch.header().base_offset().to_wire(), offset, "a gap");
            let expected = if offset == 0 { "first".to_owned() } else { value(offset) };
            let holds =
                batch.bytes().windows(expected.len()).any(|part| part == expected.as_bytes());
            assert!(holds, "another record at {offset}");
            found.push(offset);
            offset += 1;
        }
    }
}

#[test]
fn a_corrupted_segment_is_never_served() {
    let own = TempDir::new().expect("a directory");
    let (data, words) = (own.path().join("data"), own.path().join("words"));
    let redirect = format!("exec \"$0\" \"$@\" >>'{}'", words.display());
    let wrapper = ["sh", "-c", &redirect];
    let mut ottla = Ottla::start_through(&wrapper, Some(&data), &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let (topic, untouched) = (filled(&mut client), filled(&mut client));
    ottla.stop().expect("a clean stop");
    let segments = segments(&ottla, &topic);
    assert!(segments.len() > 3, "several segments");
    flip_bit(&segments[1], 500_000);
    ottla.restart().expect("a start in spite of one bad segment");

    let mut client = Client::new(&ottla.bootstrap());
    let (found, error) = read_from(&mut client, &topic, 0);
    let (damaged, code) = error.expect("the damage is not found");
    assert_eq!(code, CORRUPT_MESSAGE);
    assert_eq!(found, (0..damaged).collect::<Vec<_>>());
    assert!(damaged > 0, "what lies before the damage is not served");
    // It stays so, and what comes behind it can be read by whoever goes on there.
    assert_eq!(read_from(&mut client, &topic, damaged), (Vec::new(), Some((damaged, code))));
    let rest = (damaged + 1..RECORDS).collect::<Vec<_>>();
    assert_eq!(read_from(&mut client, &topic, damaged + 1), (rest, None));
    assert_eq!(client.produce_code(&topic, batch(&[value(RECORDS)], None)), NONE);
    let (found, error) = read_from(&mut client, &untouched, 0);
    assert_eq!((found, error), ((0..RECORDS).collect(), None), "another topic suffers");
    others_are_served(&ottla.bootstrap());

    let words = fs::read_to_string(&words).expect("its words");
    let named = segments[1].display().to_string();
    let lines: Vec<&str> = words.lines().filter(|line| line.contains(&named)).collect();
    let [line] = lines[..] else { panic!("not one line that names the file: {lines:?}") };
    assert!(line.contains("ERROR") && line.contains("at byte "), "{line}");
}
