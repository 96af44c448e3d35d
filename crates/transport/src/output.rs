use std::io::{ErrorKind, IoSlice};

use crate::answer::Piece;
use crate::handler::ConnectionKey;
use crate::limits;
use crate::loop_io::LoopIo;

/// How a turn of sending ended.
pub(crate) enum Sent {
    /// Nothing is ready, or the socket takes no more for now.
    Rests,
    /// There is more, and the others have their turn first.
    TurnOver,
    Broken,
}

/// What one call did.
enum Call {
    Moved { size: usize, asked: usize },
    NothingReady,
    Blocked,
    Broken,
}

impl<M> LoopIo<M> {
    /// Sends the answers that are ready, in order, several with one call.
    pub(crate) fn send_ready(&mut self, key: ConnectionKey) -> Sent {
        let mut budget = limits::TURN_SEND_SIZE_MAX;
        loop {
            self.drop_silent(key);
            match self.send_once(key) {
                Call::Moved { size, asked } => {
                    self.advance(key, size);
                    let Some(connection) = self.connections.get_mut(key) else {
                        return Sent::Rests;
                    };
                    connection.last_moved = self.now;
                    // The socket's buffer is full; the kernel says when it is not.
                    connection.writable = size >= asked;
                    budget = budget.saturating_sub(size);
                    if budget == 0 {
                        return Sent::TurnOver;
                    }
                }
                Call::NothingReady => return Sent::Rests,
                Call::Blocked => {
                    if let Some(connection) = self.connections.get_mut(key) {
                        connection.writable = false;
                    }
                    return Sent::Rests;
                }
                Call::Broken => return Sent::Broken,
            }
        }
    }

    /// Takes slots that want no answer off the head.
    fn drop_silent(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        while self.answers.head_is_silent(&connection.answers) {
            self.answers.pop(&mut connection.answers);
        }
    }

    fn send_once(&mut self, key: ConnectionKey) -> Call {
        let Some(connection) = self.connections.get_mut(key) else { return Call::NothingReady };
        if !connection.writable || connection.answers.unsent == 0 {
            return Call::NothingReady;
        }
        let mut skip = connection.sent;
        let mut pieces = [IoSlice::new(&[]); limits::PIECE_COUNT_MAX];
        let (mut count, mut asked) = (0, 0);
        let mut file_follows = false;
        'gather: for answer in self.answers.ready(&connection.answers) {
            for piece in answer.pieces() {
                match piece {
                    Piece::Memory(bytes) => {
                        let Some(rest) = bytes.get(skip..).filter(|rest| !rest.is_empty()) else {
                            skip -= bytes.len();
                            continue;
                        };
                        skip = 0;
                        let Some(place) = pieces.get_mut(count) else { break 'gather };
                        *place = IoSlice::new(rest);
                        count += 1;
                        asked += rest.len();
                    }
                    Piece::File { size, .. } if size <= skip => skip -= size,
                    Piece::File { .. } if count > 0 => {
                        file_follows = true;
                        break 'gather;
                    }
                    Piece::File { file, position, size } => {
                        let asked = (size - skip).min(limits::FILE_PIECE_SIZE_MAX);
                        let from = position + skip as u64;
                        return call(
                            connection.stream.send_file(file.as_ref(), from, asked),
                            asked,
                        );
                    }
                }
            }
        }
        match pieces.get(..count) {
            Some([]) | None => Call::NothingReady,
            Some(pieces) => call(connection.stream.write(pieces, file_follows), asked),
        }
    }

    /// Counts `size` more bytes as sent and recycles the answers that have left.
    fn advance(&mut self, key: ConnectionKey, size: usize) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        connection.answers.unsent -= size;
        connection.sent += size;
        while self.answers.head_is_ready(&connection.answers) {
            let answer_size = self.answers.head_size(&connection.answers);
            if connection.sent < answer_size {
                return;
            }
            connection.sent -= answer_size;
            if let Some(answer) = self.answers.pop(&mut connection.answers) {
                connection.answers.files -= answer.file_count();
                self.spare_answers.put(answer);
            }
        }
    }
}

fn call(result: std::io::Result<usize>, asked: usize) -> Call {
    match result {
        // A file that is shorter than promised: the answer cannot be finished.
        Ok(0) => Call::Broken,
        Ok(size) => Call::Moved { size, asked },
        Err(error) if error.kind() == ErrorKind::WouldBlock => Call::Blocked,
        Err(error) if error.kind() == ErrorKind::Interrupted => Call::Moved { size: 0, asked: 0 },
        Err(_) => Call::Broken,
    }
}
