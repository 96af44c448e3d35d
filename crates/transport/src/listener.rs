use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};

use crate::config::Config;
use crate::connection::{Arrival, Peer};
use crate::counts::Admission;
use crate::event_loop::WAKER_TOKEN;
use crate::inbox::LoopHandle;
use crate::limits;
use crate::loop_io::{LoopIo, Timer};
use crate::pace::Pace;
use crate::stream::Stream;

/// A socket that listens, not yet served.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) socket: TcpListener,
    pub(crate) address: SocketAddr,
}

/// Begins to listen on `address`; port 0 takes a free one.
pub(crate) fn bind(address: SocketAddr, config: &Config) -> io::Result<Bound> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restarted broker takes its port back at once, from connections that still wait out their end.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        // Every address of the machine means those of IPv4 as well.
        socket.set_only_v6(false)?;
    }
    // Buffer sizes must be known before the handshake; accepted sockets inherit them.
    if let Some(size) = config.send_buffer_size {
        socket.set_send_buffer_size(size)?;
    }
    if let Some(size) = config.receive_buffer_size {
        socket.set_recv_buffer_size(size)?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(config.backlog).unwrap_or(i32::MAX))?;
    let socket = TcpListener::from_std(socket.into());
    let address = socket.local_addr()?;
    Ok(Bound { socket, address })
}

/// All listeners, on the loop that accepts. Connections go to the loop with the fewest.
pub(crate) struct Listeners<M> {
    bound: Vec<Bound>,
    loops: Vec<LoopHandle<M>>,
    pace: Pace,
    /// [`Timer::Accept`] is set.
    timer: bool,
    /// Connections are at their bound, or the process is out of descriptors: the rest waits in the backlog.
    held_back: bool,
}

/// Why accepting from a listener stopped.
enum Stop {
    NoneCame,
    /// There may be more, and the loop has other things to do.
    TurnOver,
    /// There may be more, and it must wait for so long.
    Rest(Duration),
}

impl<M> Listeners<M> {
    pub(crate) fn new(bound: Vec<Bound>, loops: Vec<LoopHandle<M>>, pace: Pace) -> Self {
        Self { bound, loops, pace, timer: false, held_back: false }
    }

    pub(crate) fn register(&mut self, registry: &mio::Registry) -> io::Result<()> {
        for (index, bound) in self.bound.iter_mut().enumerate() {
            registry.register(&mut bound.socket, token(index), mio::Interest::READABLE)?;
        }
        Ok(())
    }

    pub(crate) fn owns(&self, token: mio::Token) -> bool {
        token.0 >= WAKER_TOKEN.0 - limits::LISTENER_COUNT_MAX
    }

    pub(crate) fn wants_another_try(&self, io: &LoopIo<M>) -> bool {
        self.held_back && io.counts.total() < io.config.connection_count_max
    }

    /// Accepts what has come, as long as it may.
    pub(crate) fn accept(&mut self, io: &mut LoopIo<M>) {
        self.held_back = false;
        let mut again: Option<Duration> = None;
        for index in 0..self.bound.len() {
            let rest = match self.accept_from(io, index) {
                Stop::NoneCame => continue,
                Stop::TurnOver => Duration::ZERO,
                Stop::Rest(rest) => {
                    self.held_back = true;
                    rest
                }
            };
            again = Some(again.map_or(rest, |soonest| soonest.min(rest)));
        }
        if let Some(again) = again
            && !self.timer
        {
            self.timer = true;
            io.timers.set(io.now.plus(again), Timer::Accept);
        }
    }

    /// The timer that [`Self::accept`] set has fired.
    pub(crate) fn accept_again(&mut self, io: &mut LoopIo<M>) {
        self.timer = false;
        self.accept(io);
    }

    fn accept_from(&mut self, io: &LoopIo<M>, index: usize) -> Stop {
        for _ in 0..limits::ACCEPT_COUNT_MAX {
            if io.counts.total() >= io.config.connection_count_max {
                return Stop::Rest(limits::ACCEPT_REST);
            }
            let Some(bound) = self.bound.get(index) else { return Stop::NoneCame };
            if let Some(rest) = self.pace.wait(io.now) {
                return Stop::Rest(rest);
            }
            match bound.socket.accept() {
                Ok((stream, address)) => {
                    self.pace.count(io.now);
                    self.hand_over(io, index, stream, plain(address));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Stop::NoneCame,
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::ConnectionAborted
                            | ErrorKind::ConnectionReset
                            | ErrorKind::Interrupted
                    ) => {}
                // Out of descriptors or memory: others must go first.
                Err(_) => return Stop::Rest(limits::ACCEPT_REST),
            }
        }
        Stop::TurnOver
    }

    fn hand_over(&self, io: &LoopIo<M>, index: usize, stream: TcpStream, address: SocketAddr) {
        if io.counts.admit(&io.config, address.ip()) != Admission::Admitted {
            return;
        }
        let Ok(local) = prepare(&stream) else {
            return io.counts.left(address.ip());
        };
        let listener = u8::try_from(index).unwrap_or(u8::MAX);
        let peer = Peer { address, local, listener };
        if let Some(least) = self.loops.iter().min_by_key(|handle| handle.connection_count()) {
            least.arrive(Arrival { stream: Stream::Plain(stream), peer });
        }
    }
}

/// Small answers leave at once, and a peer that vanished without a word is noticed by the kernel.
fn prepare(stream: &TcpStream) -> io::Result<SocketAddr> {
    stream.set_nodelay(true)?;
    let keepalive = TcpKeepalive::new().with_time(limits::KEEPALIVE_TIME);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)?;
    stream.local_addr().map(plain)
}

/// A client of IPv4 on a socket of both families is one of IPv4: limits count it so, and so it is told its address.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn token(index: usize) -> mio::Token {
    mio::Token(WAKER_TOKEN.0 - 1 - index)
}
