//! A connection with several requests open, as the clients of real programs have.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use wire::{Message, Request, RequestHeader};

use crate::Failed;

/// Longest answer that is read.
const ANSWER_SIZE_MAX: usize = 64 << 20;

pub(crate) struct Pipeline {
    stream: TcpStream,
    sent: i32,
    answered: i32,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The connection is gone, or the answer does not come in time; what the open requests did is not known.
    Gone,
    /// An answer that no broker may give.
    Broken(Failed),
}

impl From<std::io::Error> for Trouble {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Self {
        Self::Broken(failed)
    }
}

/// A broker that is gone is what these tests are about; all else is a failure.
pub(crate) fn unless_gone(result: Result<(), Trouble>) -> Result<(), Failed> {
    match result {
        Ok(()) | Err(Trouble::Gone) => Ok(()),
        Err(Trouble::Broken(failed)) => Err(failed),
    }
}

impl Pipeline {
    pub(crate) fn connect(address: &str, patience: Duration) -> Result<Self, Trouble> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        Ok(Self { stream, sent: 0, answered: 0 })
    }

    pub(crate) fn send<R: Request>(&mut self, request: &R, version: i16) -> Result<(), Trouble> {
        self.sent += 1;
        let header = RequestHeader {
            api_key: R::KEY.code(),
            api_version: version,
            correlation_id: self.sent,
            client_id: Some("load".into()),
        };
        let mut frame = vec![0; 4];
        header
            .encode(&mut frame, R::KEY.request_header_version(version))
            .map_err(|error| encoding(&error))?;
        request.encode(&mut frame, version).map_err(|error| encoding(&error))?;
        let size = u32::try_from(frame.len() - 4).map_err(|error| encoding(&error))?;
        frame[..4].copy_from_slice(&size.to_be_bytes());
        Ok(self.stream.write_all(&frame)?)
    }

    /// The answer to the oldest request that has none.
    pub(crate) fn receive<R: Request>(&mut self, version: i16) -> Result<R::Response, Trouble> {
        self.answered += 1;
        let mut size = [0; 4];
        self.stream.read_exact(&mut size)?;
        let size = usize::try_from(i32::from_be_bytes(size)).unwrap_or(usize::MAX);
        if !(5..=ANSWER_SIZE_MAX).contains(&size) {
            return Err(Failed(format!("an answer of {size} bytes")).into());
        }
        let mut answer = vec![0; size];
        self.stream.read_exact(&mut answer)?;
        if answer[..4] != self.answered.to_be_bytes() {
            return Err(Failed("an answer with another correlation id".into()).into());
        }
        let start = if R::KEY.response_header_version(version) == 1 { 5 } else { 4 };
        let body = Bytes::from(answer).slice(start..);
        let decoded = R::Response::decode_exact(&body, version);
        Ok(decoded.map_err(|error| Failed(format!("decode {} v{version}: {error}", R::NAME)))?)
    }

    /// Sends and waits for the answer; nothing else may be open.
    pub(crate) fn call<R: Request>(
        &mut self,
        request: &R,
        version: i16,
    ) -> Result<R::Response, Trouble> {
        self.send(request, version)?;
        self.receive::<R>(version)
    }
}

fn encoding(error: &dyn std::fmt::Display) -> Trouble {
    Trouble::Broken(Failed(format!("encode a request: {error}")))
}
