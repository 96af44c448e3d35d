//! The whole input of a connection, in pieces, to a real server on the loopback device.
#![allow(clippy::unwrap_used, reason = "a server that cannot be started is no finding")]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use io::SystemClock;
use io::arena::{Arena, Region};
use model::SeededRandom;
use transport::{AnswerKey, Config, ConnectionKey, Handler, LoopIo, Pipelining, Server, SlabKey};

use crate::mutate::size;
use crate::target::Verdict;

/// Bytes of a frame that the server takes at most.
const FRAME_SIZE_MAX: usize = 10_000;

struct Echo;

impl Handler for Echo {
    type Message = ();

    fn open(&mut self, _io: &mut LoopIo<()>, _connection: ConnectionKey) {}

    fn pipelining(&self, frame: &[u8]) -> Pipelining {
        match frame.first() {
            Some(first) if first % 3 == 0 => Pipelining::Alone,
            _ => Pipelining::Overlaps,
        }
    }

    fn frame(
        &mut self,
        io: &mut LoopIo<()>,
        _connection: ConnectionKey,
        slot: AnswerKey,
        frame: Region,
    ) {
        let mut answer = io.answer_buffer();
        answer.bytes().extend_from_slice(&frame);
        io.answer(slot, Some(answer));
    }

    fn refused(&mut self, _: &mut LoopIo<()>, _: ConnectionKey, _length: i32, _length_max: usize) {}

    fn message(&mut self, _io: &mut LoopIo<()>, _message: ()) {}

    fn timeout(&mut self, _io: &mut LoopIo<()>, _token: u64) {}

    fn close(&mut self, _io: &mut LoopIo<()>, _: ConnectionKey, _note: Option<SlabKey>) {}

    fn round_end(&mut self, _io: &mut LoopIo<()>, _idle: bool) -> bool {
        false
    }
}

/// One server for the whole process.
fn server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let config = Config { request_size_max: FRAME_SIZE_MAX, ..Config::default() };
        let server = Server::bind(config, &["127.0.0.1:0".parse().unwrap()], 1).unwrap();
        let address = server.addresses()[0];
        let clock = Arc::new(SystemClock::new()) as _;
        let running = server.start(&clock, &Arena::new(8 << 20), |_| Echo).unwrap();
        std::mem::forget(running);
        address
    })
}

/// How the input is cut, then frames.
pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut input = vec![0; 4];
    random.fill(&mut input);
    for _ in 0..random.below(8) {
        let longest = if random.one_in(4) { 3_000 } else { 60 };
        let mut body = vec![0; size(random.below(longest) + 1)];
        random.fill(&mut body);
        input.extend(u32::try_from(body.len()).unwrap_or(0).to_be_bytes());
        input.extend(body);
    }
    input
}

/// Whole frames up to the first length that none may have; then nothing.
fn expected(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let size = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
        if size == 0 || size > FRAME_SIZE_MAX {
            return (out, false);
        }
        let Some((body, after)) = after.split_at_checked(size) else { return (out, false) };
        out.extend_from_slice(length);
        out.extend_from_slice(body);
        rest = after;
    }
    (out, rest.is_empty())
}

pub(super) fn echo(input: &[u8]) -> Verdict {
    let Some((cuts, input)) = input.split_first_chunk::<4>() else { return Verdict::Refused };
    let (expected, whole) = expected(input);
    let mut stream = TcpStream::connect(server()).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut rest = input;
    for cut in cuts.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((usize::from(*cut) * 8 + 1).min(rest.len()));
        // A server that closes early resets what is still on its way.
        if stream.write_all(piece).is_err() {
            break;
        }
        rest = after;
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    assert!(expected.starts_with(&answer), "an answer that was not asked for");
    if whole {
        assert!(read.is_ok(), "a client that sent whole frames is cut off: {read:?}");
        assert_eq!(answer.len(), expected.len(), "answers are missing");
    }
    if whole { Verdict::Taken } else { Verdict::Refused }
}
