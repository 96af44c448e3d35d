//! The same request to Apache Kafka and to Ottla, and their answers side by side.
//!
//! Answers are compared as text, field by field. Fields that may differ between two brokers (ids, clocks, addresses,
//! message texts) are masked by name, see [`MASKED`].

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::Uuid;
use wire::messages::{MetadataRequest, MetadataResponse, metadata_request};
use wire::{ApiKey, Message, Request, RequestHeader};

use crate::Failed;

/// How long Apache Kafka may take to see a change of the metadata that it has answered.
const CHANGE_PATIENCE: Duration = Duration::from_secs(5);

/// Fields whose values two brokers need not share: ids, clocks, addresses, directories and message texts.
const MASKED: &[&str] = &[
    "acknowledge_error_message",
    "batch_index_error_message",
    "broker_epoch",
    "client_host",
    "cluster_id",
    "error_message",
    "host",
    "last_caught_up_timestamp",
    "last_fetch_timestamp",
    "log_append_time_ms",
    "log_dir",
    "member_id",
    "leader",
    "port",
    "producer_id",
    "replica_directory_id",
    "session_id",
    "topic_id",
    "total_bytes",
    "usable_bytes",
];

/// Longest answer that is read.
const ANSWER_SIZE_MAX: usize = 64 << 20;

/// What a broker did with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer with masked fields as `_`, one field a line.
    Answered(String),
    /// It closed the connection instead.
    Closed,
}

/// The answers of Kafka and of Ottla; `None` where the connection was closed.
pub type Both<T> = (Option<T>, Option<T>);

/// One of the two brokers, and what the cases must remember of it: its ids are its own.
pub struct Side {
    address: String,
    client_id: String,
    connection: Option<TcpStream>,
    correlation: i32,
    /// Texts that later requests repeat, such as member ids.
    pub memory: BTreeMap<String, String>,
}

impl Side {
    pub fn new(address: String) -> Self {
        Self::named(address, "compare")
    }

    /// As [`Self::new`], of a client that calls itself so.
    pub fn named(address: String, client_id: &str) -> Self {
        let client_id = client_id.to_owned();
        Self { address, client_id, connection: None, correlation: 0, memory: BTreeMap::new() }
    }

    /// Sends a request and reads the answer; `None` when the broker closed the connection.
    pub fn call<R: Request>(
        &mut self,
        request: &R,
        version: i16,
    ) -> Result<Option<R::Response>, Failed> {
        let mut body = Vec::new();
        request
            .encode(&mut body, version)
            .map_err(|error| Failed(format!("encode {} v{version}: {error}", R::NAME)))?;
        let Some(answer) = self.exchange(R::KEY, version, &body)? else { return Ok(None) };
        let response_header = R::KEY.response_header_version(version);
        let body = answer.slice(if response_header == 1 { 5 } else { 4 }..);
        let decoded = R::Response::decode_exact(&body, version);
        decoded.map(Some).map_err(|error| {
            Failed(format!("{}: decode {} v{version}: {error}", self.address, R::NAME))
        })
    }

    /// Sends a request frame with this body; the answer begins with the correlation id.
    pub fn exchange(
        &mut self,
        key: ApiKey,
        version: i16,
        body: &[u8],
    ) -> Result<Option<Bytes>, Failed> {
        let frame = self.frame(key, version, body)?;
        let stream = self.connected()?;
        let answer = send_and_read(&stream, &frame);
        match answer {
            Ok(bytes) => {
                self.connection = Some(stream);
                if bytes[..4] != self.correlation.to_be_bytes() {
                    return Err(Failed(format!(
                        "{}: answer with another correlation id",
                        self.address
                    )));
                }
                Ok(Some(bytes))
            }
            Err(error) if closed(&error) => Ok(None),
            Err(error) => {
                Err(Failed(format!("{}: {} v{version}: {error}", self.address, key.name())))
            }
        }
    }

    /// Sends a request and goes away before its answer comes.
    pub fn call_and_hang_up<R: Request>(
        &mut self,
        request: &R,
        version: i16,
    ) -> Result<(), Failed> {
        let mut body = Vec::new();
        let encoded = request.encode(&mut body, version);
        encoded.map_err(|error| Failed(format!("encode {} v{version}: {error}", R::NAME)))?;
        let frame = self.frame(R::KEY, version, &body)?;
        let mut stream = self.connected()?;
        let sent = stream.write_all(&frame).and_then(|()| stream.shutdown(Shutdown::Write));
        sent.map_err(|error| Failed(format!("{}: {} v{version}: {error}", self.address, R::NAME)))
    }

    fn frame(&mut self, key: ApiKey, version: i16, body: &[u8]) -> Result<Vec<u8>, Failed> {
        self.correlation += 1;
        let header = RequestHeader {
            api_key: key.code(),
            api_version: version,
            correlation_id: self.correlation,
            client_id: Some(self.client_id.clone()),
        };
        let mut frame = vec![0; 4];
        header
            .encode(&mut frame, key.request_header_version(version))
            .map_err(|error| Failed(format!("encode header: {error}")))?;
        frame.extend_from_slice(body);
        let size =
            u32::try_from(frame.len() - 4).map_err(|_| Failed("request too large".into()))?;
        frame[..4].copy_from_slice(&size.to_be_bytes());
        Ok(frame)
    }

    fn connected(&mut self) -> Result<TcpStream, Failed> {
        match self.connection.take() {
            Some(stream) => Ok(stream),
            None => TcpStream::connect(&self.address)
                .map_err(|e| Failed(format!("connect to {}: {e}", self.address))),
        }
    }

    /// The id of a topic on this side.
    pub fn topic_id(&mut self, name: &str) -> Uuid {
        let topic = metadata_request::MetadataRequestTopic {
            name: Some(name.into()),
            topic_id: Uuid::ZERO,
        };
        let request = MetadataRequest {
            topics: Some(vec![topic]),
            allow_auto_topic_creation: false,
            ..Default::default()
        };
        let response: Option<MetadataResponse> = self.call(&request, 12).ok().flatten();
        response.and_then(|r| r.topics.first().map(|t| t.topic_id)).unwrap_or(Uuid::ZERO)
    }
}

fn closed(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | BrokenPipe)
}

fn send_and_read(mut stream: &TcpStream, frame: &[u8]) -> std::io::Result<Bytes> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    stream.write_all(frame)?;
    let mut size = [0; 4];
    stream.read_exact(&mut size)?;
    let size = usize::try_from(i32::from_be_bytes(size)).unwrap_or(usize::MAX);
    if !(4..=ANSWER_SIZE_MAX).contains(&size) {
        return Err(std::io::Error::other(format!("an answer of {size} bytes")));
    }
    let mut answer = vec![0; size];
    stream.read_exact(&mut answer)?;
    Ok(answer.into())
}

/// Counts what was compared, and keeps what differed.
pub struct Comparison {
    pub kafka: Side,
    pub ottla: Side,
    cases: BTreeMap<(i16, i16), u32>,
    differences: Vec<String>,
}

impl Comparison {
    pub fn new(kafka: String, ottla: String) -> Self {
        Self {
            kafka: Side::new(kafka),
            ottla: Side::new(ottla),
            cases: BTreeMap::new(),
            differences: Vec::new(),
        }
    }

    /// Sends what `build` makes for each side and compares the answers; gives them, Kafka's first.
    pub fn case<R: Request>(
        &mut self,
        words: &str,
        version: i16,
        build: impl FnMut(&mut Side) -> R,
    ) -> Result<Both<R::Response>, Failed>
    where
        R::Response: std::fmt::Debug,
    {
        self.case_within(Duration::ZERO, words, version, build)
    }

    /// As [`Self::case`], of answers whose order means nothing: `tidy` brings both into one.
    pub fn case_tidied<R: Request>(
        &mut self,
        words: &str,
        version: i16,
        mut build: impl FnMut(&mut Side) -> R,
        tidy: impl Fn(&mut R::Response),
    ) -> Result<Both<R::Response>, Failed>
    where
        R::Response: std::fmt::Debug,
    {
        let mut outcomes = Vec::new();
        let mut responses = Vec::new();
        for side in [&mut self.kafka, &mut self.ottla] {
            let request = build(side);
            let mut response = side.call(&request, version)?;
            response.iter_mut().for_each(&tidy);
            outcomes.push(outcome(response.as_ref()));
            responses.push(response);
        }
        *self.cases.entry((R::KEY.code(), version)).or_default() += 1;
        if outcomes[0] != outcomes[1] {
            let what = difference(&outcomes[0], &outcomes[1]);
            self.differences.push(format!("{} v{version}, {words}:\n{what}", R::KEY.name()));
        }
        let found = responses.pop().flatten();
        Ok((responses.pop().flatten(), found))
    }

    /// As [`Self::case`], of what a change of the metadata has done: Apache Kafka answers the change before its broker has
    /// taken it over, so it is asked again for a while when it answers otherwise.
    pub fn case_after_change<R: Request>(
        &mut self,
        words: &str,
        version: i16,
        build: impl FnMut(&mut Side) -> R,
    ) -> Result<Both<R::Response>, Failed>
    where
        R::Response: std::fmt::Debug,
    {
        self.case_within(CHANGE_PATIENCE, words, version, build)
    }

    fn case_within<R: Request>(
        &mut self,
        patience: Duration,
        words: &str,
        version: i16,
        mut build: impl FnMut(&mut Side) -> R,
    ) -> Result<Both<R::Response>, Failed>
    where
        R::Response: std::fmt::Debug,
    {
        let request = build(&mut self.kafka);
        let mut wanted = self.kafka.call(&request, version)?;
        let end = Instant::now() + patience;
        let of_kafka = request;
        let request = build(&mut self.ottla);
        let found = self.ottla.call(&request, version);
        *self.cases.entry((R::KEY.code(), version)).or_default() += 1;
        let mut wanted_text = outcome(wanted.as_ref());
        let found_text = match &found {
            Ok(response) => outcome(response.as_ref()),
            Err(error) => Outcome::Answered(error.to_string()),
        };
        while wanted_text != found_text && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
            wanted = self.kafka.call(&of_kafka, version)?;
            wanted_text = outcome(wanted.as_ref());
        }
        if wanted_text != found_text {
            let what = difference(&wanted_text, &found_text);
            self.differences.push(format!("{} v{version}, {words}:\n{what}", R::KEY.name()));
        }
        Ok((wanted, found.unwrap_or(None)))
    }

    /// Compares two values that a case took out of answers itself.
    pub fn note<T: std::fmt::Debug + PartialEq>(&mut self, words: &str, wanted: &T, found: &T) {
        if wanted != found {
            self.differences.push(format!("{words}:\n  Kafka: {wanted:?}\n  Ottla: {found:?}"));
        }
    }

    /// As [`Self::note`], of texts of several lines.
    pub fn note_text(&mut self, words: &str, wanted: &str, found: &str) {
        if wanted != found {
            self.differences
                .push(format!("{words}:\n  Kafka:\n    {wanted}\n  Ottla:\n    {found}"));
        }
    }

    /// How much has differed so far.
    pub fn difference_count(&self) -> usize {
        self.differences.len()
    }

    /// What differed after so many counts for nothing: Apache Kafka itself has failed.
    pub fn excuse(&mut self, count: usize) {
        self.differences.truncate(count);
    }

    /// What differed, and a line of counts.
    pub fn finish(self) -> (Vec<String>, String) {
        let apis: std::collections::BTreeSet<i16> =
            self.cases.keys().map(|(key, _)| *key).collect();
        let total: u32 = self.cases.values().sum();
        let thin: Vec<String> = self
            .cases
            .iter()
            .filter(|(_, count)| **count < 2)
            .map(|((key, version), _)| {
                format!("{} v{version}", ApiKey::from_code(*key).map_or("?", ApiKey::name))
            })
            .collect();
        let mut line = format!(
            "compared {total} answers of {} APIs and {} versions; {} differ",
            apis.len(),
            self.cases.len(),
            self.differences.len()
        );
        if !thin.is_empty() {
            line += &format!("; one answer only: {}", thin.join(", "));
        }
        (self.differences, line)
    }
}

fn outcome<M: std::fmt::Debug>(message: Option<&M>) -> Outcome {
    message.map_or(Outcome::Closed, |message| Outcome::Answered(masked(&format!("{message:#?}"))))
}

/// Replaces the values of [`MASKED`] fields, which may span lines, by `_`.
pub fn masked(text: &str) -> String {
    let mut kept = String::new();
    let mut until: Option<String> = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(end) = &until {
            if line == end {
                until = None;
            }
            continue;
        }
        let field = line.trim_start();
        let indent = &line[..line.len() - field.len()];
        let name = field.split(": ").next().unwrap_or(field);
        // Settings of Ottla's own stand beside Kafka's in lists of all settings.
        if lines.peek().is_some_and(|next| next.trim_start().starts_with("name: \"ottla.")) {
            until = Some(format!("{indent}}},"));
        } else if MASKED.contains(&name) && field.contains(": ") {
            kept += &format!("{indent}{name}: _,\n");
            if field.ends_with('(') {
                until = Some(format!("{indent}),"));
            }
        } else {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

/// The lines of two outcomes that differ.
fn difference(wanted: &Outcome, found: &Outcome) -> String {
    let (Outcome::Answered(wanted), Outcome::Answered(found)) = (wanted, found) else {
        let word = |outcome: &Outcome| match outcome {
            Outcome::Answered(text) => text.clone(),
            Outcome::Closed => "closed the connection".into(),
        };
        return format!("  Kafka: {}\n  Ottla: {}", word(wanted), word(found));
    };
    let (wanted, found): (Vec<&str>, Vec<&str>) =
        (wanted.lines().collect(), found.lines().collect());
    let first = wanted
        .iter()
        .zip(&found)
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| wanted.len().min(found.len()));
    let from = first.saturating_sub(4);
    let show = |lines: &[&str]| -> String {
        lines.iter().skip(from).take(14).map(|line| format!("    {line}\n")).collect()
    };
    format!("  Kafka:\n{}  Ottla:\n{}", show(&wanted), show(&found))
}
