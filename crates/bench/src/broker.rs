//! The brokers that are measured, and what the system knows of their processes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use load::Process as ProcessOnSystem;
use testkit::{ApacheKafka, Failed, Ottla};

use crate::cgroup::Group;
use crate::requests::failed;

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Kafka,
    OttlaDurable,
    OttlaOs,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Kafka, Self::OttlaDurable, Self::OttlaOs];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kafka => "Apache Kafka",
            Self::OttlaDurable => "Ottla, durable",
            Self::OttlaOs => "Ottla, `os`",
        }
    }
}

/// A broker that just started; ended when dropped.
pub(crate) struct Running {
    process: Process,
    /// After the process, so that it is empty when it is removed.
    group: Option<Group>,
}

enum Process {
    Kafka(ApacheKafka),
    Ottla(Ottla),
}

/// The heap and collector of the official `kafka-server-start.sh`.
pub(crate) const JVM: &[&str] = &[
    "-Xmx1G",
    "-Xms1G",
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
];

/// Files of a deleted topic go after a second and not a minute, which would be in the middle of another broker's turn.
const DELETES_SOON: &str = "log.segment.delete.delay.ms=1000";

impl Running {
    pub(crate) fn start(kind: Kind) -> Result<Self, Failed> {
        Self::start_with(kind, &[])
    }

    /// With `settings` as `name=value` beside the defaults.
    pub(crate) fn start_with(kind: Kind, settings: &[&str]) -> Result<Self, Failed> {
        let mut settings = settings.to_vec();
        settings.push(DELETES_SOON);
        if kind == Kind::OttlaOs {
            settings.push("ottla.durability=os");
        }
        let process = match kind {
            Kind::Kafka => Process::Kafka(ApacheKafka::start_with(JVM, &settings)?),
            Kind::OttlaDurable | Kind::OttlaOs => Process::Ottla(Ottla::start(&settings)?),
        };
        let mut running = Self { process, group: None };
        running.group = Group::of(running.pid());
        Ok(running)
    }

    pub(crate) fn kill(&mut self) -> Result<(), Failed> {
        match &mut self.process {
            Process::Kafka(kafka) => kafka.kill(),
            Process::Ottla(ottla) => ottla.kill(),
        }
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(&mut self) -> Result<(), Failed> {
        match &mut self.process {
            Process::Kafka(kafka) => kafka.stop(),
            Process::Ottla(ottla) => ottla.stop(),
        }
    }

    /// Starts it again on the same data.
    pub(crate) fn restart(&mut self) -> Result<(), Failed> {
        match &mut self.process {
            Process::Kafka(kafka) => kafka.restart()?,
            Process::Ottla(ottla) => ottla.restart()?,
        }
        self.group = Group::of(self.pid());
        Ok(())
    }

    pub(crate) fn address(&self) -> String {
        match &self.process {
            Process::Kafka(kafka) => kafka.bootstrap(),
            Process::Ottla(ottla) => ottla.bootstrap(),
        }
    }

    /// When the process was made.
    pub(crate) const fn spawned(&self) -> Instant {
        match &self.process {
            Process::Kafka(kafka) => kafka.spawned(),
            Process::Ottla(ottla) => ottla.spawned(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        match &self.process {
            Process::Kafka(kafka) => kafka.data(),
            Process::Ottla(ottla) => ottla.data().to_owned(),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        match &self.process {
            Process::Kafka(kafka) => kafka.pid(),
            Process::Ottla(ottla) => ottla.pid(),
        }
    }

    fn on_system(&self) -> ProcessOnSystem {
        ProcessOnSystem::of(self.pid())
    }

    /// Time of CPU that the process used, user and system, threads that ended included: differences count.
    pub(crate) fn cpu(&self) -> Result<Duration, Failed> {
        match &self.group {
            Some(group) => group.cpu(),
            None => self.on_system().cpu().map_err(failed),
        }
    }

    /// Resident memory in MB.
    pub(crate) fn resident_megabytes(&self) -> Result<f64, Failed> {
        self.on_system().resident_bytes().map(megabytes).map_err(failed)
    }

    /// The most that was ever resident, in MB.
    pub(crate) fn peak_megabytes(&self) -> Result<f64, Failed> {
        self.on_system().peak_resident_bytes().map(megabytes).map_err(failed)
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
