use std::io::{self, IoSlice, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

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

    /// The socket itself, where file ranges can go straight to it.
    pub(crate) fn socket(&self) -> BorrowedFd<'_> {
        match self {
            Self::Plain(stream) => stream.as_fd(),
        }
    }
}

/// A send that tells the kernel to wait for what follows before it fills up the last packet.
fn send_more(stream: &TcpStream, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
    let flags = SendFlags::MORE | SendFlags::NOSIGNAL;
    Ok(sendmsg(stream, pieces, &mut SendAncillaryBuffer::default(), flags)?)
}
