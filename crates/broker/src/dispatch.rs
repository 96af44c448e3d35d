use std::sync::Arc;

use bytes::Bytes;
use io::arena::Region;
use transport::{AnswerKey, ConnectionKey, Handler, LoopIo, Pipelining};
use wire::{ApiKey, RequestHeaderView};

use crate::api::{self, api_versions};
use crate::{Broker, Client, LoopMessage, ReplyTo};

/// The broker on one event loop: takes frames apart and hands them to their APIs.
pub struct LoopHandler {
    broker: Arc<Broker>,
}

/// Why a connection is closed over a request, as Kafka does it.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Undecodable(#[from] wire::DecodeError),
    #[error("api {key} version {version} is not served")]
    NotServed { key: i16, version: i16 },
}

impl LoopHandler {
    pub fn new(broker: Arc<Broker>) -> Self {
        Self { broker }
    }

    fn dispatch(
        &self,
        io: &LoopIo<LoopMessage>,
        at: (ConnectionKey, AnswerKey),
        frame: &Region,
    ) -> Result<(), Refused> {
        let (code, version, correlation_id) = head(frame)?;
        let not_served = Refused::NotServed { key: code, version };
        let Some(key) = ApiKey::from_code(code) else { return Err(not_served) };
        let reply = || ReplyTo::new(io.handle().clone(), at, key, version, correlation_id);
        if !api::takes(key, version) {
            if key == ApiKey::ApiVersions {
                api_versions::refuse_version(reply());
                return Ok(());
            }
            return Err(not_served);
        }
        let (header, body) = RequestHeaderView::parse(frame)?;
        let Some(peer) = io.peer(at.0) else { return Ok(()) };
        let client = Client {
            id: header.client_id.map(ToOwned::to_owned),
            address: peer.address,
            local: peer.local,
            listener: peer.listener,
        };
        let body = Bytes::copy_from_slice(body);
        match api::call(&self.broker, key, version, &body, client, reply) {
            Some(result) => Ok(result?),
            None => Err(not_served),
        }
    }
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
        if let Err(error) = self.dispatch(io, (connection, slot), &frame) {
            let peer = io.peer(connection).map(|peer| peer.address);
            tracing::debug!(?peer, %error, "close connection over a request");
            io.close(connection);
        }
    }

    fn message(&mut self, io: &mut LoopIo<LoopMessage>, message: LoopMessage) {
        match message {
            LoopMessage::Close(connection) => io.close(connection),
        }
    }

    fn timeout(&mut self, _io: &mut LoopIo<LoopMessage>, _token: u64) {}

    fn close(&mut self, _io: &mut LoopIo<LoopMessage>, _connection: ConnectionKey) {}

    fn round_end(&mut self, _io: &mut LoopIo<LoopMessage>, _idle: bool) -> bool {
        false
    }
}
