use std::io::ErrorKind;

use crate::answer::LENGTH_SIZE;
use crate::arena::{ArenaFull, Region};
use crate::connection::Carry;
use crate::handler::{ConnectionKey, Handler, Pipelining};
use crate::limits;
use crate::loop_io::LoopIo;

/// What stands at the head of a connection's input.
enum Head {
    /// A frame of so many bytes, without its length, is there whole.
    Whole(usize),
    /// So many bytes with its length make the frame; some are missing. `LENGTH_SIZE` while that itself is not there.
    Unfinished(usize),
    /// Not a length that a request may have.
    Refused(i32),
}

fn head(input: &[u8], size_max: usize) -> Head {
    let Some(length) = input.first_chunk::<LENGTH_SIZE>() else {
        return Head::Unfinished(LENGTH_SIZE);
    };
    let length = i32::from_be_bytes(*length);
    match usize::try_from(length) {
        Ok(size) if size > 0 && size <= size_max => {
            if input.len() - LENGTH_SIZE >= size {
                Head::Whole(size)
            } else {
                Head::Unfinished(LENGTH_SIZE + size)
            }
        }
        _ => Head::Refused(length),
    }
}

/// The size, length included, of the large frame that `input` begins with, if enough of it is there to keep room for all.
pub(crate) fn large_frame(input: &[u8], size_max: usize) -> Option<usize> {
    match head(input, size_max) {
        Head::Unfinished(need)
            if need > limits::READ_SIZE_MAX && input.len() >= limits::ADMISSION_SIZE_MIN =>
        {
            Some(need)
        }
        _ => None,
    }
}

/// What one read found.
enum Found {
    Bytes,
    Nothing,
    Broken,
}

/// Why taking in stopped.
enum Stop {
    /// Nothing more can be done until the kernel, an answer or a timer says so.
    Waits,
    /// The turn is over and there may be more.
    TurnOver,
    Starved,
    Close,
    /// A frame of this length is not taken.
    Refused(i32),
}

/// Takes in what the connection's client sent, as far as order, bounds and memory allow, and hands whole frames to the
/// handler.
pub(crate) fn take_in<H: Handler>(
    io: &mut LoopIo<H::Message>,
    handler: &mut H,
    key: ConnectionKey,
) {
    let Some(connection) = io.connections.get_mut(key) else { return };
    // One that waits for memory has its turn when the others have that wait.
    if !connection.takes_input() || connection.starved {
        return;
    }
    if !io.may_receive(key) {
        return io.starve(key);
    }
    let Some(connection) = io.connections.get_mut(key) else { return };
    let carry = std::mem::take(&mut connection.carry);
    let mut region = match io.workspace(carry) {
        Ok(region) => region,
        Err((ArenaFull, carry)) => {
            if let Some(connection) = io.connections.get_mut(key) {
                connection.carry = carry;
            }
            return io.starve(key);
        }
    };
    let stop = work(io, handler, key, &mut region);
    // The handler may have closed the connection.
    if io.connections.get(key).is_none() {
        return io.arena.give_back(&mut region);
    }
    let carry = io.keep(key, region);
    let Some(connection) = io.connections.get_mut(key) else { return };
    connection.carry = carry;
    match stop {
        Stop::Waits => {
            if connection.input_ended && connection.answers.count == 0 {
                io.close(key);
            }
        }
        Stop::TurnOver => io.look_at(key),
        Stop::Starved => io.starve(key),
        Stop::Close => io.close(key),
        Stop::Refused(length) => {
            let length_max = io.frame_size_max;
            handler.refused(io, key, length, length_max);
            io.close(key);
        }
    }
}

fn work<H: Handler>(
    io: &mut LoopIo<H::Message>,
    handler: &mut H,
    key: ConnectionKey,
    region: &mut Region,
) -> Stop {
    let mut budget = limits::TURN_READ_SIZE_MAX;
    loop {
        let need = hand_over(io, handler, key, region);
        if let Some(freed) = io.freed.take() {
            region.reclaim(freed);
        }
        let need = match need {
            Ok(need) => need,
            Err(stop) => return stop,
        };
        let Some(connection) = io.connections.get_mut(key) else { return Stop::Waits };
        if connection.input_ended || !connection.readable {
            return Stop::Waits;
        }
        if budget == 0 {
            return Stop::TurnOver;
        }
        if make_room(io, key, region, need).is_err() {
            return Stop::Starved;
        }
        let before = region.len();
        match io.read(key, region) {
            Found::Bytes => budget = budget.saturating_sub(region.len() - before),
            Found::Nothing => return Stop::Waits,
            Found::Broken => return Stop::Close,
        }
    }
}

/// Hands over whole frames; returns the size of the frame, with its length, that is not whole.
fn hand_over<H: Handler>(
    io: &mut LoopIo<H::Message>,
    handler: &mut H,
    key: ConnectionKey,
    region: &mut Region,
) -> Result<usize, Stop> {
    loop {
        let size = match head(region.bytes(), io.frame_size_max) {
            Head::Whole(size) => size,
            Head::Unfinished(need) => return Ok(need),
            Head::Refused(length) => return Err(Stop::Refused(length)),
        };
        let Some(connection) = io.connections.get_mut(key) else { return Err(Stop::Waits) };
        if !connection.takes_input() {
            return Err(Stop::Waits);
        }
        let whole = region.bytes().get(LENGTH_SIZE..LENGTH_SIZE + size).unwrap_or_default();
        let alone = handler.pipelining(whole) == Pipelining::Alone;
        if alone && connection.answers.waiting > 0 {
            return Err(Stop::Waits);
        }
        let admitted = std::mem::take(&mut connection.admitted);
        if admitted > 0 {
            io.pressure.leave(admitted as usize);
        }
        let slot = io.answers.open(&mut connection.answers, key, alone);
        let length = region.split_front(LENGTH_SIZE);
        io.release(length);
        let frame = region.split_front(size);
        handler.frame(io, key, slot, frame);
    }
}

/// Room in `region` for the rest of a frame of `need` bytes, or as much of it as its bytes so far deserve.
fn make_room<M>(
    io: &mut LoopIo<M>,
    key: ConnectionKey,
    region: &mut Region,
    need: usize,
) -> Result<(), ArenaFull> {
    let have = region.len();
    // Memory follows the bytes that came, not those that were promised: at most three times as much.
    let mut room = need.saturating_sub(have).clamp(1, (3 * have).max(limits::READ_SIZE_MIN));
    let mut want = (have + room).max(limits::READ_SIZE_MAX);
    if need == LENGTH_SIZE {
        // Nobody knows how much comes.
        room = limits::READ_SIZE_MIN;
    } else if large_frame(region.bytes(), io.frame_size_max).is_some() {
        if !io.reserve(key, need) {
            return Err(ArenaFull);
        }
        // All of it at once: admitted frames never wait for one another, and their bytes are moved once at most.
        (room, want) = (need - have, need);
    }
    if region.spare_len() >= room || io.arena.grow(region, room) {
        return Ok(());
    }
    let mut larger = io.arena.region(have + room, want)?;
    let fits = larger.extend_from_slice(region.bytes());
    assert!(fits, "a region has the room that was asked for");
    *region = larger;
    Ok(())
}

impl<M> LoopIo<M> {
    /// A region that begins with what the connection had left.
    fn workspace(&mut self, carry: Carry) -> Result<Region, (ArenaFull, Carry)> {
        let small = match carry {
            Carry::Region(region) => return Ok(region),
            Carry::Copied(bytes) => {
                let min = bytes.len() + limits::READ_SIZE_MIN;
                let Ok(mut region) = self.arena.region(min, bytes.len() + limits::READ_SIZE_MAX)
                else {
                    return Err((ArenaFull, Carry::Copied(bytes)));
                };
                let fits = region.extend_from_slice(&bytes);
                assert!(fits, "a region has the room that was asked for");
                return Ok(region);
            }
            Carry::Nothing => Vec::new(),
            Carry::Small(bytes) => bytes,
        };
        let min = small.len() + limits::READ_SIZE_MIN;
        match self.arena.region(min, limits::READ_SIZE_MAX) {
            Ok(mut region) => {
                let fits = region.extend_from_slice(&small);
                assert!(fits, "a region has the room that was asked for");
                if small.capacity() > 0 {
                    self.spare_carries.put(small);
                }
                Ok(region)
            }
            Err(full) if small.is_empty() => Err((full, Carry::Nothing)),
            Err(full) => Err((full, Carry::Small(small))),
        }
    }

    /// What to keep of a region until the connection is looked at again.
    fn keep(&mut self, key: ConnectionKey, mut region: Region) -> Carry {
        let connection = self.connections.get(key);
        if region.len() > limits::SMALL_CARRY_SIZE_MAX {
            // The room of an admitted frame stays with it.
            if connection.is_none_or(|connection| connection.admitted == 0) {
                self.arena.give_back(&mut region);
            }
            return Carry::Region(region);
        }
        let carry = if region.is_empty() {
            Carry::Nothing
        } else {
            let mut small = self.spare_carries.take();
            small.extend_from_slice(region.bytes());
            Carry::Small(small)
        };
        self.arena.give_back(&mut region);
        carry
    }

    fn read(&mut self, key: ConnectionKey, region: &mut Region) -> Found {
        let Some(connection) = self.connections.get_mut(key) else { return Found::Broken };
        let room = region.spare();
        let room_size = room.len();
        match connection.stream.read(room) {
            Ok(0) => {
                connection.input_ended = true;
                connection.readable = false;
                Found::Nothing
            }
            Ok(size) => {
                connection.last_moved = self.now;
                // Less than there was room for: the kernel had no more, and will say so when it has.
                if size < room_size && !connection.end_announced {
                    connection.readable = false;
                }
                region.commit(size);
                Found::Bytes
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                connection.readable = false;
                Found::Nothing
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Found::Bytes,
            Err(_) => Found::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_no_request_has_is_refused() {
        assert!(matches!(head(&(-1_i32).to_be_bytes(), 100), Head::Refused(_)));
        assert!(matches!(head(&0_i32.to_be_bytes(), 100), Head::Refused(_)));
        assert!(matches!(head(&101_i32.to_be_bytes(), 100), Head::Refused(_)));
        assert!(matches!(head(&100_i32.to_be_bytes(), 100), Head::Unfinished(104)));
        assert!(matches!(head(&[0, 0, 0], 100), Head::Unfinished(4)));
        assert!(matches!(head(&[0, 0, 0, 1, 7, 0], 100), Head::Whole(1)));
    }
}
