use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use io::arena::Region;
use model::Instant;
use storage::LaneState;
use transport::{Answer, AnswerKey, ConnectionKey, Handler, LoopIo, Pipelining, SlabKey};
use wire::{ApiKey, RequestHeaderView};

use crate::api::{self, api_versions};
use crate::committer::Committer;
use crate::drainer::Drainer;
use crate::hot::{Hot, Timer};
use crate::loop_message::Kind;
use crate::partition::ClientMark;
use crate::reply::Timing;
use crate::upkeep::Upkeep;
use crate::{Broker, Client, LoopMessage, ReplyTo, limits};

/// What a request's header says, and where its body begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) key: ApiKey,
    pub(crate) version: i16,
    pub(crate) correlation_id: i32,
    /// When it was read.
    pub(crate) arrived: Instant,
    /// Position of the body in the frame.
    pub(crate) body: usize,
    /// The client calls itself as Kafka's own tools do that repair internal topics.
    pub(crate) client_is_admin: bool,
    /// Who fetches; `None` for other requests.
    pub(crate) client: Option<ClientMark>,
}

impl Head {
    /// Begins an answer to the request: its header.
    pub(crate) fn begin_answer(&self, answer: &mut Answer) {
        let bytes = answer.bytes();
        bytes.extend_from_slice(&self.correlation_id.to_be_bytes());
        if self.key.response_header_version(self.version) == 1 {
            // No tagged fields.
            bytes.push(0);
        }
    }
}

/// The client id with which Kafka lets a producer write to internal topics.
const ADMIN_CLIENT_ID: &str = "__admin_client";

/// The broker on one event loop: takes frames apart and hands them to their APIs.
pub struct LoopHandler {
    hot: Hot,
    /// Produces that wait because the log cannot follow. Bounded by the arena, which holds their bytes.
    stalled: VecDeque<Stalled>,
    stall_timer: bool,
}

/// A produce that was read and not taken in.
struct Stalled {
    at: (ConnectionKey, AnswerKey),
    head: Head,
    frame: Region,
}

/// Why a connection is closed over a request, as Kafka does it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error(transparent)]
    Undecodable(#[from] wire::DecodeError),
    #[error("api {key} version {version} is not served")]
    NotServed { key: i16, version: i16 },
}

impl LoopHandler {
    /// For the loop of this number.
    pub fn new(broker: Arc<Broker>, number: usize) -> Self {
        let home = u16::try_from(number).unwrap_or(u16::MAX);
        Self { hot: Hot::new(broker, home), stalled: VecDeque::new(), stall_timer: false }
    }

    fn dispatch(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        at: (ConnectionKey, AnswerKey),
        frame: Region,
    ) -> Result<(), Refused> {
        let (code, version, correlation_id) = head(&frame)?;
        let not_served = Refused::NotServed { key: code, version };
        let Some(key) = ApiKey::from_code(code) else { return Err(not_served) };
        if !api::takes(key, version) {
            if key == ApiKey::ApiVersions {
                let home = io.handle().clone();
                let timing = Timing { broker: Arc::clone(&self.hot.broker), arrived: io.now() };
                let reply = ReplyTo::new(home, at, key, version, correlation_id, timing);
                api_versions::refuse_version(reply);
                return Ok(());
            }
            return Err(not_served);
        }
        self.hot.requests().arrived(key);
        let (header, body) = RequestHeaderView::parse(&frame)?;
        let head = Head {
            key,
            version,
            correlation_id,
            arrived: io.now(),
            body: frame.len() - body.len(),
            client_is_admin: header.client_id == Some(ADMIN_CLIENT_ID),
            client: (key == ApiKey::Fetch).then(|| mark(io, at.0, header.client_id)).flatten(),
        };
        match key {
            ApiKey::Produce => self.produce(io, at, head, frame),
            ApiKey::Fetch => self.hot.fetch(io, at, head, &frame),
            _ => self.call(io, at, head, header.client_id, body),
        }
    }

    /// An API whose requests are decoded whole.
    fn call(
        &self,
        io: &LoopIo<LoopMessage>,
        at: (ConnectionKey, AnswerKey),
        head: Head,
        client_id: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refused> {
        let Some(peer) = io.peer(at.0) else { return Ok(()) };
        let client = Client {
            id: client_id.map(ToOwned::to_owned),
            address: peer.address,
            local: peer.local,
            listener: peer.listener,
        };
        let Head { key, version, correlation_id, .. } = head;
        let reply = || {
            let timing = Timing { broker: Arc::clone(&self.hot.broker), arrived: head.arrived };
            ReplyTo::new(io.handle().clone(), at, key, version, correlation_id, timing)
        };
        let body = Bytes::copy_from_slice(body);
        match api::call(&self.hot.broker, key, version, &body, client, reply) {
            Some(result) => Ok(result?),
            None => Err(Refused::NotServed { key: key.code(), version }),
        }
    }

    fn produce(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        at: (ConnectionKey, AnswerKey),
        head: Head,
        frame: Region,
    ) -> Result<(), Refused> {
        if !self.stalled.is_empty() || self.must_stall() {
            self.stalled.push_back(Stalled { at, head, frame });
            return Ok(());
        }
        self.hot.produce(io, at, head, frame)
    }

    /// Whether the log is too far behind. One that is full or has failed is not waited for: it refuses.
    fn must_stall(&self) -> bool {
        let behind = |committer: &Committer| {
            let lane = committer.dir().lane();
            lane.state() == LaneState::Running && lane.must_pause()
        };
        self.hot.broker.committers().iter().any(behind)
    }

    fn resume(&mut self, io: &mut LoopIo<LoopMessage>) {
        if self.stalled.is_empty() {
            return;
        }
        while !self.must_stall()
            && let Some(Stalled { at, head, frame }) = self.stalled.pop_front()
        {
            if io.connection_of(at.1).is_none() {
                continue;
            }
            let result = self.hot.produce(io, at, head, frame);
            close_if_refused(io, at.0, result);
        }
        if self.stalled.is_empty() {
            return;
        }
        self.hot.broker.drainers().iter().for_each(Drainer::call);
        self.hot.broker.upkeep().iter().for_each(Upkeep::call);
        if !self.stall_timer {
            self.stall_timer = true;
            io.set_timer(io.now().plus(limits::STALL_INTERVAL), Timer::Stall.to_token());
        }
    }
}

fn close_if_refused(
    io: &mut LoopIo<LoopMessage>,
    connection: ConnectionKey,
    result: Result<(), Refused>,
) {
    if let Err(error) = result {
        let peer = io.peer(connection).map(|peer| peer.address);
        tracing::debug!(?peer, %error, "close connection over a request");
        io.close(connection);
    }
}

fn mark(
    io: &LoopIo<LoopMessage>,
    connection: ConnectionKey,
    client_id: Option<&str>,
) -> Option<ClientMark> {
    Some(ClientMark::new(client_id.unwrap_or_default(), io.peer(connection)?.address.ip()))
}

/// Key, version and correlation id, which stand in the same place in every request.
fn head(frame: &[u8]) -> Result<(i16, i16, i32), wire::DecodeError> {
    let mut input = wire::Reader::new(frame);
    Ok((input.i16()?, input.i16()?, input.i32()?))
}

impl Handler for LoopHandler {
    type Message = LoopMessage;

    fn open(&mut self, _io: &mut LoopIo<LoopMessage>, _connection: ConnectionKey) {}

    fn pipelining(&self, frame: &[u8]) -> Pipelining {
        let produce = ApiKey::Produce.code().to_be_bytes();
        if frame.starts_with(&produce) { Pipelining::Overlaps } else { Pipelining::Alone }
    }

    fn frame(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        connection: ConnectionKey,
        slot: AnswerKey,
        frame: Region,
    ) {
        let result = self.dispatch(io, (connection, slot), frame);
        close_if_refused(io, connection, result);
    }

    fn refused(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        connection: ConnectionKey,
        length: i32,
        length_max: usize,
    ) {
        let client = io.peer(connection).map(|peer| tracing::field::display(peer.address));
        tracing::warn!(
            client,
            length,
            length_max,
            "close the connection: a request of this length is not taken; see socket.request.max.bytes and ottla.memory.bytes"
        );
    }

    fn message(&mut self, io: &mut LoopIo<LoopMessage>, message: LoopMessage) {
        match message.0 {
            Kind::Close(connection) => io.close(connection),
            Kind::Released(ticket, result) => self.hot.produce_released(io, ticket, &result),
            Kind::Joined(joined) => self.hot.joined(io, joined),
            Kind::Woken(ticket) => self.hot.fetches.wake(ticket),
        }
    }

    fn timeout(&mut self, io: &mut LoopIo<LoopMessage>, token: u64) {
        match Timer::from_token(token) {
            Timer::Produce(key) => self.hot.produce_timed_out(io, key),
            Timer::Fetch(key) => self.hot.fetch_timed_out(io, key),
            Timer::Stall => self.stall_timer = false,
        }
    }

    fn close(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        _connection: ConnectionKey,
        note: Option<SlabKey>,
    ) {
        if let Some(fetch) = note {
            self.hot.drop_fetch(io, fetch);
        }
    }

    fn round_end(&mut self, io: &mut LoopIo<LoopMessage>, idle: bool) -> bool {
        self.resume(io);
        let more = self.hot.commit(io, idle);
        self.hot.attempt_ready(io);
        more
    }
}
