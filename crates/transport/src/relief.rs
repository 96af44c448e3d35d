//! What a loop does when memory for input is short: it frees what its connections hold, as far as that can be done without
//! hurting anybody, and closes those that hold some and do not move.

use crate::connection::Carry;
use crate::handler::ConnectionKey;
use crate::input::large_frame;
use crate::limits;
use crate::loop_io::{LoopIo, Timer};

impl<M> LoopIo<M> {
    /// Lets the connection wait for memory, and asks all loops to free some.
    pub(crate) fn starve(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && !connection.starved
        {
            connection.starved = true;
            self.starved.push(key);
        }
        // Here and nowhere later: the loop may be about to sleep, and nothing else would wake it.
        if !self.starved_timer {
            self.starved_timer = true;
            self.timers.set(self.now.plus(limits::STARVED_REST), Timer::Starved);
        }
        if self.now >= self.next_relief {
            self.pressure.call();
            for other in &self.others {
                other.notify();
            }
        }
    }

    /// Lets the connections that found no memory try again, those first that have waited longest.
    pub(crate) fn feed_starved(&mut self) {
        self.starved_timer = false;
        let mut starved = std::mem::take(&mut self.starved);
        for key in starved.drain(..) {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.starved = false;
                self.look_at(key);
            }
        }
        self.starved = starved;
    }

    /// Frees memory if some loop has asked for it.
    pub(crate) fn relieve_if_called(&mut self) {
        let calls = self.pressure.calls();
        if calls == self.calls_heard || self.now < self.next_relief {
            return;
        }
        self.calls_heard = calls;
        self.next_relief = self.now.plus(limits::RELIEF_INTERVAL);
        for key in self.connections.keys().collect::<Vec<_>>() {
            self.relieve(key);
        }
    }

    /// Whether the large frame that the connection's input begins with may be received; true where there is none.
    pub(crate) fn may_receive(&mut self, key: ConnectionKey) -> bool {
        let Some(connection) = self.connections.get(key) else { return false };
        match &connection.carry {
            Carry::Copied(bytes) => {
                let large = large_frame(bytes, self.frame_size_max);
                large.is_none_or(|size| self.reserve(key, size))
            }
            Carry::Nothing | Carry::Small(_) | Carry::Region(_) => true,
        }
    }

    /// Lets a frame of `size` bytes be received, if not too many others are.
    pub(crate) fn reserve(&mut self, key: ConnectionKey, size: usize) -> bool {
        let Some(connection) = self.connections.get_mut(key) else { return false };
        if connection.admitted > 0 {
            return true;
        }
        let Ok(admitted) = u32::try_from(size) else { return false };
        if !self.pressure.admit(size, self.now, &mut connection.turn) {
            return false;
        }
        connection.admitted = admitted;
        true
    }

    fn relieve(&mut self, key: ConnectionKey) {
        let (now, pressure) = (self.now, &self.pressure);
        let Some(connection) = self.connections.get_mut(key) else { return };
        let mut freed = true;
        if let (Carry::Region(region), 0) = (&connection.carry, connection.admitted) {
            match pressure.copy(region.bytes()) {
                Some(copy) => connection.carry = Carry::Copied(copy),
                None => freed = false,
            }
        }
        if !connection.writable {
            freed &= self.answers.copy_shared(&connection.answers, pressure);
        }
        // One that waits for memory itself is not to blame, but if nothing else helps, some must go.
        let patience = if connection.starved || connection.queued {
            limits::STARVED_MAX
        } else {
            limits::SHORT_MEMORY_STALL_MAX
        };
        let holds = !freed || connection.admitted > 0;
        if holds && now.since(connection.last_moved) >= patience {
            self.close(key);
        }
    }
}
