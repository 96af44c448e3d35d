//! The broker's life as the controller sees it: it registers, beats, and asks before it stops (KIP-631).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use controller::{BrokerHeartbeat, HeartbeatReply, RegisterBroker};
use metadata::{Endpoint, FeatureRange};
use model::{BrokerEpoch, BrokerId, Offset, Uuid};
use quorum::Quorum;
use storage::LogDir;

use crate::limits::{CONTROLLED_SHUTDOWN_WAIT, QUORUM_ANSWER_WAIT};

/// What the broker says of itself.
pub(crate) struct Introduction {
    pub(crate) cluster_id: String,
    pub(crate) id: BrokerId,
    pub(crate) incarnation: Uuid,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) rack: Option<String>,
    /// The online ones, and their ids.
    pub(crate) log_dirs: Vec<(Arc<LogDir>, Uuid)>,
    pub(crate) features: BTreeMap<String, FeatureRange>,
    pub(crate) previous_epoch: Option<BrokerEpoch>,
    pub(crate) heartbeat_interval: Duration,
}

/// The broker is registered, and a thread says that it lives.
pub(crate) struct Registration {
    pub(crate) epoch: BrokerEpoch,
    stop: Sender<bool>,
    thread: JoinHandle<()>,
}

/// Why the broker could not begin to serve.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    #[error("the controller refuses this broker: {0}")]
    Refused(#[from] controller::Refusal),
    #[error("the controller cannot be asked: {0}")]
    Unavailable(#[from] quorum::Unavailable),
    #[error("the controller did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("start the thread of heartbeats: {0}")]
    Thread(std::io::Error),
}

impl Registration {
    /// Registers, waits until the broker may serve, and begins to beat.
    pub(crate) fn begin(quorum: &Quorum, own: Introduction) -> Result<Self, RegistrationError> {
        let request = RegisterBroker {
            cluster_id: own.cluster_id,
            id: own.id,
            incarnation: own.incarnation,
            endpoints: own.endpoints,
            features: own.features,
            rack: own.rack,
            log_dirs: own.log_dirs.iter().map(|(_, id)| *id).collect(),
            cordoned_log_dirs: None,
            previous_epoch: own.previous_epoch,
        };
        let epoch = ask(|done| quorum.submit(request, done))??;
        let beating = Beating { quorum: quorum.clone(), id: own.id, epoch, log_dirs: own.log_dirs };
        let mut reply = beating.beat(false)?;
        if reply.fenced {
            // The first one only showed that the registration was read.
            reply = beating.beat(false)?;
        }
        tracing::info!(epoch = %epoch, fenced = reply.fenced, "register broker");
        let (stop, stopped) = mpsc::channel();
        let interval = own.heartbeat_interval;
        let thread = std::thread::Builder::new()
            .name("heartbeat".to_owned())
            .spawn(move || beating.run(interval, &stopped))
            .map_err(RegistrationError::Thread)?;
        Ok(Self { epoch, stop, thread })
    }

    /// Beats no more. Before that, when `hand_over`, asks the controller to take leadership away and waits until it did,
    /// for a bounded time.
    pub(crate) fn end(self, hand_over: bool) {
        // The thread may have broken; the join says so.
        let _ = self.stop.send(hand_over);
        if self.thread.join().is_err() {
            tracing::warn!("the thread of heartbeats broke");
        }
    }
}

/// The thread that says that the broker lives.
struct Beating {
    quorum: Quorum,
    id: BrokerId,
    epoch: BrokerEpoch,
    log_dirs: Vec<(Arc<LogDir>, Uuid)>,
}

impl Beating {
    fn run(self, interval: Duration, stopped: &Receiver<bool>) {
        let hand_over = loop {
            match stopped.recv_timeout(interval) {
                Ok(hand_over) => break hand_over,
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(error) = self.beat(false) {
                tracing::warn!(%error, "heartbeat");
            }
        };
        if hand_over {
            self.hand_over();
        }
    }

    fn hand_over(&self) {
        let mut waited = Duration::ZERO;
        loop {
            match self.beat(true) {
                Ok(reply) if reply.should_shut_down => return,
                Ok(_) => {}
                Err(error) => return tracing::warn!(%error, "controlled shutdown"),
            }
            if waited >= CONTROLLED_SHUTDOWN_WAIT {
                return tracing::warn!("stop without having handed over all partitions");
            }
            let pause = Duration::from_millis(20);
            std::thread::sleep(pause);
            waited += pause;
        }
    }

    fn beat(&self, want_shut_down: bool) -> Result<HeartbeatReply, RegistrationError> {
        let offline = self.log_dirs.iter().filter(|(dir, _)| dir.is_offline());
        let request = BrokerHeartbeat {
            id: self.id,
            epoch: self.epoch,
            metadata_end: self.metadata_end(),
            want_fence: false,
            want_shut_down,
            offline_log_dirs: offline.map(|(_, id)| *id).collect(),
        };
        Ok(ask(|done| self.quorum.submit(request, done))??)
    }

    /// The image is published before any reply leaves, so everything committed is applied.
    fn metadata_end(&self) -> Option<Offset> {
        Some(self.quorum.status().high_watermark)
    }
}

/// Waits for the answer of the quorum's thread.
fn ask<R: Send + 'static>(
    submit: impl FnOnce(Box<dyn FnOnce(Result<R, quorum::Unavailable>) + Send>),
) -> Result<R, RegistrationError> {
    let (answer, answered) = mpsc::sync_channel(1);
    submit(Box::new(move |result| {
        // Nobody waits for it any more if it is not taken.
        let _ = answer.try_send(result);
    }));
    match answered.recv_timeout(QUORUM_ANSWER_WAIT) {
        Ok(result) => Ok(result?),
        Err(_) => Err(RegistrationError::Silent(QUORUM_ANSWER_WAIT)),
    }
}
