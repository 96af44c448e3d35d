//! The brokers that are measured, and what the system knows of their processes.

use std::fs;
use std::time::Instant;

use testkit::{ApacheKafka, Failed, Ottla};

use crate::cgroup::Group;

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
const JVM: &[&str] = &[
    "-Xmx1G",
    "-Xms1G",
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
];

impl Running {
    pub(crate) fn start(kind: Kind) -> Result<Self, Failed> {
        let process = match kind {
            Kind::Kafka => Process::Kafka(ApacheKafka::start_with(JVM, &[])?),
            Kind::OttlaDurable => Process::Ottla(Ottla::start(&[])?),
            Kind::OttlaOs => Process::Ottla(Ottla::start(&["ottla.durability=os"])?),
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

    fn pid(&self) -> u32 {
        match &self.process {
            Process::Kafka(kafka) => kafka.pid(),
            Process::Ottla(ottla) => ottla.pid(),
        }
    }

    fn proc(&self, file: &str) -> Result<String, Failed> {
        let path = format!("/proc/{}/{file}", self.pid());
        fs::read_to_string(&path).map_err(|error| Failed(format!("read {path}: {error}")))
    }

    /// Seconds of CPU that the process used, user and system, threads that ended included: differences count.
    pub(crate) fn cpu_seconds(&self) -> Result<f64, Failed> {
        if let Some(group) = &self.group {
            return group.cpu_seconds();
        }
        let stat = self.proc("stat")?;
        // The program's name may hold spaces, so fields are counted behind it.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: Vec<u32> =
            fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        let [user, system] = ticks[..] else {
            return Err(Failed(format!("no times of CPU in {stat}")));
        };
        let per_second = u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100);
        Ok(f64::from(user + system) / f64::from(per_second))
    }

    /// Resident memory in MB.
    pub(crate) fn resident_megabytes(&self) -> Result<f64, Failed> {
        self.megabytes("VmRSS:")
    }

    /// The most that was ever resident, in MB.
    pub(crate) fn peak_megabytes(&self) -> Result<f64, Failed> {
        self.megabytes("VmHWM:")
    }

    fn megabytes(&self, name: &str) -> Result<f64, Failed> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u32>().ok());
        let kilobytes = kilobytes.ok_or_else(|| Failed(format!("no {name}")))?;
        Ok(f64::from(kilobytes) / 1024.0)
    }
}
