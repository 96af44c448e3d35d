use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use model::BrokerEpoch;
use storage::StorageError;
use transport::{Running, Server};

use crate::{Broker, LoopHandler, LoopMessage};

/// A broker at work: its loops, committers and upkeep. Dropping it stops the threads, without leaving the log
/// directories clean.
pub struct Serving {
    broker: Arc<Broker>,
    loops: Option<Running<LoopMessage>>,
    committers: Vec<JoinHandle<()>>,
    drainers: Vec<JoinHandle<()>>,
    upkeep: Vec<JoinHandle<()>>,
    cleaners: Vec<JoinHandle<()>>,
    groups: Option<JoinHandle<()>>,
    transactions: Vec<JoinHandle<()>>,
    shares: Vec<JoinHandle<()>>,
    blocking: Vec<JoinHandle<()>>,
}

/// Starts to serve what `server` listens on: one thread per loop, three per log directory, one for groups, two for
/// transactions and for share groups, one for what looks into files, one for lag and as many cleaners as the settings say.
/// The broker must know an image of the metadata by then, or clients are told that there are no topics.
pub fn serve(broker: &Arc<Broker>, server: Server<LoopMessage>) -> io::Result<Serving> {
    broker.set_loops(server.handles());
    let mut serving = Serving {
        broker: Arc::clone(broker),
        loops: None,
        committers: Vec::new(),
        drainers: Vec::new(),
        upkeep: Vec::new(),
        cleaners: Vec::new(),
        groups: Some(broker.groups().start()?),
        transactions: vec![broker.transactions().coordinator().start()?],
        shares: vec![broker.shares().coordinator().start()?],
        blocking: Vec::new(),
    };
    let markers = spawn(broker, "transaction-ends".to_owned(), |broker| {
        broker.transactions().completions().work(broker);
    })?;
    serving.transactions.push(markers);
    let shares = spawn(broker, "share-partitions".to_owned(), |broker| {
        broker.shares().work(broker);
    })?;
    serving.shares.push(shares);
    let blocking = spawn(broker, "blocking".to_owned(), |broker| broker.blocking().work())?;
    serving.blocking.push(blocking);
    let lag = spawn(broker, "lag".to_owned(), |broker| broker.lag_answers().work())?;
    serving.blocking.push(lag);
    for number in 0..broker.committers().len() {
        let committer = spawn(broker, format!("commit-{number}"), move |broker| {
            if let Some(committer) = broker.committers().get(number) {
                committer.run(broker);
            }
        })?;
        serving.committers.push(committer);
        let drainer = spawn(broker, format!("drain-{number}"), move |broker| {
            if let Some(drainer) = broker.drainers().get(number) {
                drainer.run(broker);
            }
        })?;
        serving.drainers.push(drainer);
        let upkeep = spawn(broker, format!("upkeep-{number}"), move |broker| {
            if let Some(upkeep) = broker.upkeep().get(number) {
                upkeep.run(broker);
            }
        })?;
        serving.upkeep.push(upkeep);
    }
    let cleaner = broker.config().settings().log.cleaner;
    for number in 0..if cleaner.enabled { cleaner.threads } else { 0 } {
        let cleaner = spawn(broker, format!("clean-{number}"), move |broker| {
            broker.cleaner().run(number as usize, broker);
        })?;
        serving.cleaners.push(cleaner);
    }
    let of_loop = Arc::clone(broker);
    let running = server.start(broker.clock(), broker.arena(), move |handle| {
        LoopHandler::new(Arc::clone(&of_loop), handle.number())
    })?;
    serving.loops = Some(running);
    Ok(serving)
}

fn spawn(
    broker: &Arc<Broker>,
    name: String,
    run: impl FnOnce(&Arc<Broker>) + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let broker = Arc::clone(broker);
    std::thread::Builder::new().name(name).spawn(move || run(&broker))
}

/// Leaves the log directories of a broker clean that was never served. Gives those that could not be left so.
pub fn close_unserved(broker: &Broker, broker_epoch: Option<BrokerEpoch>) -> Vec<StorageError> {
    let dirs = broker.partitions().dirs().filter(|dir| !dir.is_offline());
    let mut ends = Vec::new();
    dirs.filter_map(|dir| dir.close(broker.partitions(), broker_epoch, &mut ends).err()).collect()
}

impl Serving {
    /// Stops in order: no more requests, what was appended is committed, each log directory is drained, synced and marked
    /// clean. Gives the directories that could not be left clean, which the next start recovers.
    pub fn stop(mut self, broker_epoch: Option<BrokerEpoch>) -> Vec<StorageError> {
        self.stop_threads();
        close_unserved(&self.broker, broker_epoch)
    }

    fn stop_threads(&mut self) {
        // First, so that parked requests are refused while there are loops to say so.
        self.broker.groups().stop();
        self.broker.transactions().coordinator().stop();
        self.broker.transactions().completions().stop();
        self.broker.shares().coordinator().stop();
        self.broker.shares().stop();
        if let Some(loops) = self.loops.take() {
            loops.stop();
        }
        self.broker.cleaner().stop();
        self.broker.upkeep().iter().for_each(crate::upkeep::Upkeep::stop);
        self.broker.drainers().iter().for_each(crate::drainer::Drainer::stop);
        self.broker.committers().iter().for_each(crate::committer::Committer::stop);
        if !self.blocking.is_empty() {
            self.broker.blocking().stop();
            self.broker.lag_answers().stop();
        }
        let threads = self.committers.drain(..).chain(self.drainers.drain(..));
        let threads = threads.chain(self.upkeep.drain(..)).chain(self.cleaners.drain(..));
        let threads = threads.chain(self.transactions.drain(..)).chain(self.shares.drain(..));
        for thread in threads.chain(self.groups.take()).chain(self.blocking.drain(..)) {
            // A thread that panicked has said so on its own.
            let _: std::thread::Result<()> = thread.join();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop_threads();
    }
}
