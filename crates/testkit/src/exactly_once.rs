//! Consume-transform-produce in transactions through kills of the broker and of the client: as many outputs as inputs.

use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::killed::held_in;
use crate::suites::{prepare_python, python};
use crate::{Failed, Ottla, Step};

const PROGRAM: &str = "exactly_once.py";
const OUTPUTS: &str = "outputs";
const PARTITION_COUNT: i32 = 4;
/// How long the outputs may not grow.
const PATIENCE: Duration = Duration::from_secs(180);
/// Of so many kills of the broker one takes the client too.
const CLIENT_KILL_EVERY: usize = 3;

/// What one run came to.
#[derive(Debug)]
pub struct Moved {
    pub broker_kills: usize,
    pub client_kills: usize,
    /// Lives of the client that ended with an error, and were followed by another.
    pub gave_up: usize,
    pub took: Duration,
    /// What the client that read the outputs back said.
    pub said: String,
}

/// Moves `count` inputs, killing the broker `kill_count` times at even distances. Fails unless each has one output.
pub fn move_through_kills(
    ottla: &mut Ottla,
    count: usize,
    kill_count: usize,
) -> Result<Moved, Failed> {
    prepare_python()?;
    let bootstrap = ottla.bootstrap();
    program(&bootstrap, "load", count).run()?;
    let began = Instant::now();
    let mut mover = Mover { bootstrap: bootstrap.clone(), count, gave_up: 0, child: None };
    let mut client_kills = 0;
    for kill in 1..=kill_count {
        // End markers count as offsets too, so that this is a little early, as it may be.
        let wanted = u64::try_from(count * kill / (kill_count + 1)).unwrap_or(u64::MAX);
        mover
            .until(|| Ok(held_in(&bootstrap, OUTPUTS, PARTITION_COUNT)?.unwrap_or(0) >= wanted))?;
        ottla.kill()?;
        if kill % CLIENT_KILL_EVERY == 0 {
            mover.kill();
            client_kills += 1;
        }
        ottla.restart()?;
    }
    mover.finish()?;
    let took = began.elapsed();
    let said = program(&bootstrap, "check", count).run()?.trim().to_owned();
    Ok(Moved { broker_kills: kill_count, client_kills, gave_up: mover.gave_up, took, said })
}

fn program(bootstrap: &str, what: &str, count: usize) -> Step {
    python(PROGRAM).args([bootstrap, what, &count.to_string()])
}

/// The client that moves; it is started again whenever it gave up. It ends with this.
struct Mover {
    bootstrap: String,
    count: usize,
    gave_up: usize,
    child: Option<Child>,
}

impl Mover {
    /// Whether it has moved everything.
    fn look(&mut self) -> Result<bool, Failed> {
        if let Some(child) = &mut self.child {
            match child.try_wait().map_err(|error| Failed(format!("wait: {error}")))? {
                None => return Ok(false),
                Some(status) if status.success() => return Ok(true),
                Some(_) => self.gave_up += 1,
            }
        }
        let step = program(&self.bootstrap, "move", self.count);
        self.child = Some(step.spawn(Stdio::null(), Stdio::null())?);
        Ok(false)
    }

    fn until(&mut self, mut holds: impl FnMut() -> Result<bool, Failed>) -> Result<(), Failed> {
        let end = Instant::now() + PATIENCE;
        while !holds()? {
            if self.look()? {
                return Err(Failed("the client was done before the broker was killed".to_owned()));
            }
            wait(end)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failed> {
        let end = Instant::now() + PATIENCE;
        while !self.look()? {
            wait(end)?;
        }
        Ok(())
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended, which is fine here.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.kill();
    }
}

fn wait(end: Instant) -> Result<(), Failed> {
    if Instant::now() > end {
        return Err(Failed(format!("the outputs were not there after {PATIENCE:?}")));
    }
    thread::sleep(Duration::from_millis(10));
    Ok(())
}
