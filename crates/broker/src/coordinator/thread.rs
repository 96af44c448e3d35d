use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::Shared;
use super::alarm::Call;
use super::load::Loading;
use super::shard::Shard;

pub(super) fn start(shared: Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("group-coordinator".to_owned()).spawn(move || run(&shared))
}

/// Loads shards, one piece of a log at a time, and carries out deadlines in between.
fn run(shared: &Shared) {
    let mut loads: VecDeque<Loading> = VecDeque::new();
    loop {
        match shared.alarm.wait(|| shared.clock.now(), !loads.is_empty()) {
            Call::Stop => return,
            Call::Deadlines => {
                for shard in shared.all_shards() {
                    shared.alarm.set(shard.carry_out_deadlines());
                }
            }
            Call::Load(shards) => {
                loads.extend(shards.into_iter().map(Loading::new));
                if let Some(loading) = loads.pop_front() {
                    loads.extend(load_on(loading));
                }
            }
        }
    }
}

/// Reads on; gives the load back while there is more.
fn load_on(mut loading: Loading) -> Option<Loading> {
    if loading.shard().is_gone() {
        return None;
    }
    match loading.step() {
        Ok(false) => Some(loading),
        Ok(true) => {
            let shard = Arc::clone(loading.shard());
            shard.loaded(loading);
            None
        }
        Err(error) => {
            let shard: &Arc<Shard> = loading.shard();
            let partition = shard.partition();
            tracing::error!(%partition, %error, "groups of the partition are unavailable");
            shard.load_failed();
            None
        }
    }
}
