use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::io::arena::{Arena, Region};
use ::io::{Disk, File, Open, RealDisk, SystemClock};
use transport::{
    AnswerKey, Config, ConnectionKey, Handler, LoopHandle, LoopIo, Part, Pipelining, Running,
    Server, SlabKey,
};

/// What the first byte of a test request asks for.
pub(crate) const ECHO: u8 = b'e';
/// An echo that does not overlap with other requests.
pub(crate) const ECHO_ALONE: u8 = b'a';
/// Answered by the next [`RELEASE`], from another thread.
pub(crate) const HOLD: u8 = b'h';
/// As [`HOLD`], and not overlapping.
pub(crate) const HOLD_ALONE: u8 = b'H';
/// Answers what was held, then itself.
pub(crate) const RELEASE: u8 = b'r';
/// Wants no answer.
pub(crate) const SILENT: u8 = b's';
/// Answers with its bytes shared from the arena, between two own bytes.
pub(crate) const SHARED: u8 = b'S';
/// Answers with a whole file of [`FILE_SIZE`] bytes.
pub(crate) const FILE: u8 = b'f';
/// Mutes its connection for a moment.
pub(crate) const MUTE: u8 = b'm';
/// Answers with the number of bytes in the request.
pub(crate) const COUNT: u8 = b'c';
/// Closes its connection.
pub(crate) const CLOSE: u8 = b'x';

pub(crate) const FILE_SIZE: usize = 3_000_000;
pub(crate) const MUTE_MS: u64 = 150;

struct TestHandler {
    handles: Vec<LoopHandle<Message>>,
    held: Vec<(AnswerKey, Vec<u8>)>,
    file: Arc<dyn File>,
    refused: Refused,
}

/// Lengths that were refused, each with the longest that is taken.
type Refused = Arc<Mutex<Vec<(i32, usize)>>>;

pub(crate) enum Message {
    Release,
}

fn bytes_answer(io: &mut LoopIo<Message>, slot: AnswerKey, bytes: &[u8]) {
    let mut answer = io.answer_buffer();
    answer.bytes().extend_from_slice(bytes);
    io.answer(slot, Some(answer));
}

impl Handler for TestHandler {
    type Message = Message;

    fn open(&mut self, _io: &mut LoopIo<Message>, _connection: ConnectionKey) {}

    fn pipelining(&self, frame: &[u8]) -> Pipelining {
        match frame.first() {
            Some(&ECHO_ALONE | &HOLD_ALONE) => Pipelining::Alone,
            _ => Pipelining::Overlaps,
        }
    }

    fn frame(
        &mut self,
        io: &mut LoopIo<Message>,
        connection: ConnectionKey,
        slot: AnswerKey,
        mut frame: Region,
    ) {
        match frame.bytes()[0] {
            ECHO | ECHO_ALONE => bytes_answer(io, slot, &frame),
            HOLD | HOLD_ALONE => self.held.push((slot, frame.to_vec())),
            RELEASE => {
                let handles = self.handles.clone();
                // Another thread, as a partition's or a coordinator's would be.
                std::thread::spawn(move || {
                    handles.iter().for_each(|handle| handle.send(Message::Release));
                });
                bytes_answer(io, slot, &frame);
            }
            SILENT => io.answer(slot, None),
            SHARED => {
                let mut answer = io.answer_buffer();
                answer.bytes().push(b'<');
                answer.push(Part::Shared(frame.share(0..frame.len())));
                answer.bytes().push(b'>');
                io.answer(slot, Some(answer));
            }
            FILE => {
                let mut answer = io.answer_buffer();
                answer.bytes().push(b'<');
                let file = Arc::clone(&self.file);
                answer.push(Part::File { file, position: 0, size: FILE_SIZE });
                io.answer(slot, Some(answer));
            }
            MUTE => {
                io.mute(connection, io.now().plus(Duration::from_millis(MUTE_MS)));
                bytes_answer(io, slot, &frame);
            }
            COUNT => bytes_answer(io, slot, frame.len().to_string().as_bytes()),
            _ => io.close(connection),
        }
    }

    fn refused(
        &mut self,
        _io: &mut LoopIo<Message>,
        _connection: ConnectionKey,
        length: i32,
        length_max: usize,
    ) {
        self.refused.lock().unwrap().push((length, length_max));
    }

    fn message(&mut self, io: &mut LoopIo<Message>, Message::Release: Message) {
        for (slot, bytes) in std::mem::take(&mut self.held) {
            bytes_answer(io, slot, &bytes);
        }
    }

    fn timeout(&mut self, _io: &mut LoopIo<Message>, _token: u64) {}

    fn close(
        &mut self,
        _io: &mut LoopIo<Message>,
        _connection: ConnectionKey,
        _note: Option<SlabKey>,
    ) {
    }

    fn round_end(&mut self, _io: &mut LoopIo<Message>, _idle: bool) -> bool {
        false
    }
}

pub(crate) struct TestServer {
    _running: Running<Message>,
    address: SocketAddr,
    pub(crate) refused: Refused,
}

impl TestServer {
    pub(crate) fn start(config: Config) -> Self {
        let server = Server::bind(config, &["127.0.0.1:0".parse().unwrap()], 2).unwrap();
        let address = server.addresses()[0];
        let directory = tempfile::tempdir().unwrap();
        let file = RealDisk.open(&directory.path().join("file"), Open::CREATE).unwrap();
        file.write_at(&vec![7; FILE_SIZE], 0).unwrap();
        let handles = server.handles();
        let refused = Refused::default();
        let seen = Arc::clone(&refused);
        let running = server
            .start(&(Arc::new(SystemClock::new()) as _), &Arena::new(32 << 20), move |_| {
                TestHandler {
                    handles: handles.clone(),
                    held: Vec::new(),
                    file: Arc::clone(&file),
                    refused: Arc::clone(&seen),
                }
            })
            .unwrap();
        Self { _running: running, address, refused }
    }

    pub(crate) fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Client(stream)
    }
}

pub(crate) struct Client(pub(crate) TcpStream);

pub(crate) fn framed(requests: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (kind, body) in requests {
        bytes.extend_from_slice(&i32::try_from(body.len() + 1).unwrap().to_be_bytes());
        bytes.push(*kind);
        bytes.extend_from_slice(body);
    }
    bytes
}

impl Client {
    pub(crate) fn send(&mut self, requests: &[(u8, &[u8])]) {
        self.0.write_all(&framed(requests)).unwrap();
    }

    pub(crate) fn answer(&mut self) -> Vec<u8> {
        self.try_answer().unwrap()
    }

    /// `None` when the server closed the connection instead.
    pub(crate) fn try_answer(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; usize::try_from(i32::from_be_bytes(length)).unwrap()];
        self.0.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    pub(crate) fn is_closed(&mut self) -> bool {
        match self.0.read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
