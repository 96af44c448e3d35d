use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::Shared;
use super::alarm::Call;
use super::load::Loading;
use super::machine::Machine;
use super::shard::Shard;

pub(super) fn start<M: Machine>(shared: Arc<Shared<M>>) -> std::io::Result<JoinHandle<()>> {
    let name = format!("{}-coordinator", M::KIND);
    std::thread::Builder::new().name(name).spawn(move || run(&shared))
}

/// Loads shards, one piece of a log at a time, and carries out deadlines in between.
fn run<M: Machine>(shared: &Shared<M>) {
    let mut loads: VecDeque<Loading<M>> = VecDeque::new();
    loop {
        match shared.alarm.wait(&*shared.clock, !loads.is_empty()) {
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
fn load_on<M: Machine>(mut loading: Loading<M>) -> Option<Loading<M>> {
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
            let shard: &Arc<Shard<M>> = loading.shard();
            let partition = shard.partition();
            tracing::error!(%partition, %error, "read {} shard", M::KIND);
            shard.load_failed();
            None
        }
    }
}
