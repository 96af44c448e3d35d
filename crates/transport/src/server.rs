use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use ::io::Clock;

use crate::answer::Answers;
use crate::arena::Arena;
use crate::config::Config;
use crate::counts::ConnectionCounts;
use crate::event_loop::{EventLoop, WAKER_TOKEN};
use crate::handler::Handler;
use crate::inbox::LoopHandle;
use crate::limits;
use crate::listener::{Bound, Listeners, bind};
use crate::loop_io::{LoopIo, SpareAnswers, SpareCarries};
use crate::pace::Pace;
use crate::pressure::Pressure;
use crate::slab::Slab;
use crate::timer_wheel::TimerWheel;

/// An address that cannot be listened on.
#[derive(Debug)]
pub struct BindError {
    pub address: SocketAddr,
    pub source: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "listen on {}", self.address)
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Listeners and loops before anything is served: clients that connect already wait in the backlog.
pub struct Server<M> {
    config: Arc<Config>,
    bound: Vec<Bound>,
    loops: Vec<(mio::Poll, LoopHandle<M>)>,
}

/// The loops while they run. Dropping it stops them.
pub struct Running<M> {
    handles: Vec<LoopHandle<M>>,
    threads: Vec<JoinHandle<()>>,
}

impl<M: Send + 'static> Server<M> {
    /// Listens on `addresses`, in this order, for `loop_count` loops.
    pub fn bind(
        config: Config,
        addresses: &[SocketAddr],
        loop_count: usize,
    ) -> Result<Self, BindError> {
        let failed = |address: SocketAddr| move |source| BindError { address, source };
        let any = addresses.first().copied().unwrap_or(UNSPECIFIED);
        if addresses.len() > limits::LISTENER_COUNT_MAX {
            return Err(failed(any)(io::Error::other("more listeners than a broker may have")));
        }
        let bound = addresses
            .iter()
            .map(|address| bind(*address, &config).map_err(failed(*address)))
            .collect::<Result<_, _>>()?;
        let loops = (0..loop_count.clamp(1, limits::LOOP_COUNT_MAX))
            .map(|number| {
                let poll = mio::Poll::new()?;
                let waker = mio::Waker::new(poll.registry(), WAKER_TOKEN)?;
                Ok((poll, LoopHandle::new(number, waker)))
            })
            .collect::<Result<_, _>>()
            .map_err(failed(any))?;
        Ok(Self { config: Arc::new(config), bound, loops })
    }

    /// Where clients can connect, in the order of the addresses given; with the ports taken where they were 0.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.bound.iter().map(|bound| bound.address).collect()
    }

    pub fn handles(&self) -> Vec<LoopHandle<M>> {
        self.loops.iter().map(|(_, handle)| handle.clone()).collect()
    }

    /// Starts the loops. `make_handler` is called once per loop, on its thread.
    pub fn start<H: Handler<Message = M>>(
        self,
        clock: &Arc<dyn Clock>,
        arena: &Arena,
        make_handler: impl Fn(&LoopHandle<M>) -> H + Clone + Send + 'static,
    ) -> io::Result<Running<M>> {
        let handles = self.handles();
        let mut running = Running { handles: handles.clone(), threads: Vec::new() };
        let counts = Arc::new(ConnectionCounts::default());
        let pace = Pace::per_second(self.config.connection_rate_max, clock.now());
        let mut listeners = Some(Listeners::new(self.bound, handles.clone(), pace));
        let pressure = Arc::new(Pressure::new(arena.usage().size_max));
        for (poll, handle) in self.loops {
            let mut listeners = listeners.take();
            if let Some(listeners) = &mut listeners {
                listeners.register(poll.registry())?;
            }
            let now = clock.now();
            let is_other = |other: &&LoopHandle<M>| other.number() != handle.number();
            let others = handles.iter().filter(is_other).cloned().collect();
            let io = LoopIo {
                config: Arc::clone(&self.config),
                handle,
                poll,
                clock: Arc::clone(clock),
                now,
                frame_size_max: self.config.request_size_max.min(arena.region_size_max()),
                arena: arena.writer(),
                freed: None,
                connections: Slab::default(),
                answers: Answers::default(),
                timers: TimerWheel::new(now),
                spare_answers: SpareAnswers::default(),
                spare_carries: SpareCarries::default(),
                queue: Vec::new(),
                to_send: Vec::new(),
                starved: Vec::new(),
                starved_timer: false,
                pressure: Arc::clone(&pressure),
                calls_heard: 0,
                next_relief: now,
                others,
                closed: Vec::new(),
                counts: Arc::clone(&counts),
            };
            let make_handler = make_handler.clone();
            let name = format!("loop-{}", io.handle.number());
            let thread = std::thread::Builder::new().name(name).spawn(move || {
                let handler = make_handler(&io.handle);
                EventLoop::new(io, handler, listeners).run();
            })?;
            running.threads.push(thread);
        }
        Ok(running)
    }
}

const UNSPECIFIED: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

impl<M> Running<M> {
    pub fn handles(&self) -> &[LoopHandle<M>] {
        &self.handles
    }

    /// Stops the loops and waits for their threads: answers that are ready are sent as far as sockets take them,
    /// then all connections close.
    pub fn stop(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        for handle in &self.handles {
            handle.stop();
        }
        for thread in self.threads.drain(..) {
            // A loop that panicked has said so on its own.
            let _: std::thread::Result<()> = thread.join();
        }
    }
}

impl<M> Drop for Running<M> {
    fn drop(&mut self) {
        self.finish();
    }
}
