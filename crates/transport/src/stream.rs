use std::io::{self, IoSlice, Read, Write};
use std::os::fd::AsFd;

use ::io::{File, send_file};
use mio::net::TcpStream;
use rustix::net::{SendAncillaryBuffer, SendFlags, sendmsg};

/// What carries a connection's bytes. TLS will be another variant: `send_file` then reads and encrypts.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
}

impl Stream {
    pub(crate) fn tcp(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
        }
    }

    pub(crate) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(into),
        }
    }

    /// Sends what the socket takes. `more` says that more follows at once, so that a small piece waits for it.
    pub(crate) fn write(&mut self, pieces: &[IoSlice<'_>], more: bool) -> io::Result<usize> {
        match self {
            Self::Plain(stream) if more => send_more(stream, pieces),
            Self::Plain(stream) => stream.write_vectored(pieces),
        }
    }

    /// Sends up to `size` bytes of `file` from `position`. `Ok(0)` means that the file ends there.
    pub(crate) fn send_file(
        &self,
        file: &dyn File,
        position: u64,
        size: usize,
    ) -> io::Result<usize> {
        let Some(file) = file.as_fd() else { return Err(io::ErrorKind::Unsupported.into()) };
        match self {
            Self::Plain(stream) => send_file(stream.as_fd(), file, &mut { position }, size),
        }
    }
}

/// A send that tells the kernel to wait for what follows before it fills up the last packet.
fn send_more(stream: &TcpStream, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
    let flags = SendFlags::MORE | SendFlags::NOSIGNAL;
    Ok(sendmsg(stream, pieces, &mut SendAncillaryBuffer::default(), flags)?)
}
