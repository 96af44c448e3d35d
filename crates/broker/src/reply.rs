use std::fmt;
use std::sync::Arc;

use model::Instant;
use transport::{Answer, AnswerKey, ConnectionKey, LoopHandle};
use wire::{ApiKey, EncodeError, Message};

use crate::Broker;
use crate::loop_message::{Kind, LoopMessage};

/// The way to answer one request, from any thread and at any later time.
///
/// The client's next requests may wait for this answer, so one that is dropped closes the connection.
#[derive(Debug)]
pub struct ReplyTo {
    home: LoopHandle<LoopMessage>,
    connection: ConnectionKey,
    slot: AnswerKey,
    key: ApiKey,
    version: i16,
    correlation_id: i32,
    timing: Timing,
    answered: bool,
}

/// For the metrics: since when, and whose.
#[derive(Clone)]
pub(crate) struct Timing {
    pub(crate) broker: Arc<Broker>,
    pub(crate) arrived: Instant,
}

impl fmt::Debug for Timing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Timing({:?})", self.arrived)
    }
}

impl ReplyTo {
    pub(crate) fn new(
        home: LoopHandle<LoopMessage>,
        (connection, slot): (ConnectionKey, AnswerKey),
        key: ApiKey,
        version: i16,
        correlation_id: i32,
        timing: Timing,
    ) -> Self {
        Self { home, connection, slot, key, version, correlation_id, timing, answered: false }
    }

    /// The version of the request, which its answer has too.
    pub fn version(&self) -> i16 {
        self.version
    }

    pub fn key(&self) -> ApiKey {
        self.key
    }

    /// Answers with the response of this API. One that cannot be written in the request's version closes the connection.
    pub fn send(self, response: &impl Message) {
        let version = self.version;
        self.send_in(response, version);
    }

    /// Nobody waits for the answer any more.
    pub(crate) fn abandon(mut self) {
        self.answered = true;
    }

    /// Answers in another version than the request's: only ApiVersions does.
    pub(crate) fn send_in(self, response: &impl Message, version: i16) {
        self.send_as(version, |answer| response.encode(answer.bytes(), version));
    }

    /// Answers with what `write` puts behind the header in the request's version.
    pub(crate) fn send_written(
        self,
        write: impl FnOnce(&mut Answer, i16) -> Result<(), EncodeError>,
    ) {
        let version = self.version;
        self.send_as(version, |answer| write(answer, version));
    }

    fn send_as(mut self, version: i16, write: impl FnOnce(&mut Answer) -> Result<(), EncodeError>) {
        let mut answer = Answer::default();
        let bytes = answer.bytes();
        bytes.extend_from_slice(&self.correlation_id.to_be_bytes());
        if self.key.response_header_version(version) == 1 {
            // No tagged fields.
            bytes.push(0);
        }
        match write(&mut answer) {
            Ok(()) => {
                self.answered = true;
                let Timing { broker, arrived } = &self.timing;
                let took = broker.clock().now().since(*arrived);
                broker.requests(self.home.number()).answered(self.key, took);
                self.home.answer(self.slot, Some(answer));
            }
            Err(error) => {
                tracing::error!(api = %self.key, version, %error, "encode response");
            }
        }
    }
}

impl Drop for ReplyTo {
    fn drop(&mut self) {
        if !self.answered {
            tracing::warn!(api = %self.key, version = self.version, "request was not answered");
            self.home.send(LoopMessage(Kind::Close(self.connection)));
        }
    }
}
