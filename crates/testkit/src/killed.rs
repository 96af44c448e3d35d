//! Real records through a broker that is killed while they come, with Ottla's own command line.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{ListOffsetsRequest, ListOffsetsResponse};

use crate::compare::Side;
use crate::packages::PackageRecords;
use crate::{Failed, Ottla, Step, program};

const TOPIC: &str = "packages";
const PARTITION_COUNT: i32 = 4;
/// Asks ListOffsets for the end.
const LATEST: i64 = -1;
/// How long the producer may make no progress.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one run came to.
#[derive(Debug)]
pub struct Killed {
    pub record_count: usize,
    /// Records that the log held at each kill.
    pub kills: Vec<u64>,
    /// From the producer's start to its end, the broker's absences included.
    pub produced_in: Duration,
    pub consumed_in: Duration,
}

/// Produces the records from a file, kills the broker (SIGKILL) `kill_count` times at even distances, starts it again each
/// time, and reads back. Fails unless every record came back equal, once, and per key in its order.
pub fn produce_through_kills(
    ottla: &mut Ottla,
    records: &PackageRecords,
    kill_count: usize,
) -> Result<Killed, Failed> {
    let folder = TempDir::new().map_err(|error| Failed(format!("make a folder: {error}")))?;
    let file = folder.path().join("records");
    records.write(&file)?;
    let bootstrap = ottla.bootstrap();
    let partitions = PARTITION_COUNT.to_string();
    command(&bootstrap, &["topic", "create", TOPIC, "--partitions", &partitions])?.run()?;
    let began = Instant::now();
    let mut producer = Producer::start(&bootstrap, file, folder)?;
    let total = u64::try_from(records.count()).unwrap_or(u64::MAX);
    let parts = u64::try_from(kill_count).unwrap_or(u64::MAX).saturating_add(1);
    let mut kills = Vec::new();
    for part in 1..parts {
        producer.wait_until_held(&bootstrap, total / parts * part)?;
        ottla.kill()?;
        producer.must_run("was done before the broker was killed")?;
        ottla.restart()?;
        kills.push(held(&bootstrap)?.unwrap_or(0));
    }
    producer.finish()?;
    let produced_in = began.elapsed();
    let began = Instant::now();
    let read = ["consume", TOPIC, "--until-end", "--with", "key"];
    let back = command(&bootstrap, &read)?.run()?;
    let consumed_in = began.elapsed();
    records.compare(&back)?;
    Ok(Killed { record_count: records.count(), kills, produced_in, consumed_in })
}

fn command(bootstrap: &str, arguments: &[&str]) -> Result<Step, Failed> {
    Ok(Step::new(program()?).args(arguments).args(["--bootstrap", bootstrap]))
}

/// The command that produces. It ends with this.
struct Producer {
    child: Child,
    complaints: PathBuf,
    _folder: TempDir,
}

impl Producer {
    fn start(bootstrap: &str, file: PathBuf, folder: TempDir) -> Result<Self, Failed> {
        let complaints = folder.path().join("complaints");
        let complained = std::fs::File::create(&complaints)
            .map_err(|error| Failed(format!("make a file: {error}")))?;
        let arguments = ["produce", TOPIC, "--key-separator", "\\t", "--codec", "lz4"];
        let step = command(bootstrap, &arguments)?.args(["--file".as_ref(), file.as_os_str()]);
        let child = step.spawn(Stdio::null(), complained.into())?;
        Ok(Self { child, complaints, _folder: folder })
    }

    fn words(&self) -> String {
        std::fs::read_to_string(&self.complaints).unwrap_or_default()
    }

    fn must_run(&mut self, otherwise: &str) -> Result<(), Failed> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            ended => Err(Failed(format!("the producer {otherwise}: {ended:?} {}", self.words()))),
        }
    }

    /// Waits until the topic holds `count` records.
    fn wait_until_held(&mut self, bootstrap: &str, count: u64) -> Result<(), Failed> {
        let end = Instant::now() + PATIENCE;
        while held(bootstrap)?.is_none_or(|held| held < count) {
            self.must_run(&format!("ended before {count} records were there"))?;
            if Instant::now() > end {
                return Err(Failed(format!("no {count} records after {PATIENCE:?}")));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Failed> {
        let status = self.child.wait().map_err(|error| Failed(format!("wait: {error}")))?;
        if status.success() {
            return Ok(());
        }
        Err(Failed(format!("the producer ended with {status}: {}", self.words())))
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        // It may have ended, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn held(bootstrap: &str) -> Result<Option<u64>, Failed> {
    held_in(bootstrap, TOPIC, PARTITION_COUNT)
}

/// Offsets that consumers may read in all partitions; `None` when the broker closes the connection.
pub(crate) fn held_in(
    bootstrap: &str,
    topic: &str,
    partition_count: i32,
) -> Result<Option<u64>, Failed> {
    let partition = |partition_index| ListOffsetsPartition {
        partition_index,
        timestamp: LATEST,
        ..ListOffsetsPartition::default()
    };
    let topic = ListOffsetsTopic {
        name: topic.to_owned(),
        partitions: (0..partition_count).map(partition).collect(),
    };
    let request = ListOffsetsRequest { topics: vec![topic], ..ListOffsetsRequest::default() };
    let response: Option<ListOffsetsResponse> =
        Side::new(bootstrap.to_owned()).call(&request, 7)?;
    Ok(response.map(|response| {
        let partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
        partitions.map(|partition| u64::try_from(partition.offset).unwrap_or(0)).sum()
    }))
}
