use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, SeededRandom, TopicName, Uuid};
use parking_lot::Mutex;

use crate::partition::Partition;
use crate::partition_error::PartitionError;

/// One partition that a fetch asks for, and what its session remembers of it.
#[derive(Clone, Debug)]
pub(crate) struct FetchTarget {
    /// Empty where the request names the topic by an id that is not known.
    pub(crate) name: Option<TopicName>,
    /// Zero where the request names the topic by a name that is not known.
    pub(crate) topic_id: Uuid,
    pub(crate) partition: i32,
    pub(crate) asked: Asked,
    /// What the last answer said; `None` before the first, which says everything.
    pub(crate) told: Option<Told>,
    /// The partition as the loop found it in its image of `generation`.
    pub(crate) found: Option<(u64, Result<Arc<Partition>, PartitionError>)>,
    /// The fetch waits on it.
    pub(crate) parked: bool,
}

/// What a request says of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) offset: i64,
    pub(crate) size_max: i32,
    pub(crate) leader_epoch: i32,
    pub(crate) last_fetched_epoch: i32,
}

/// What an answer said of a partition, beside records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) high_watermark: i64,
    pub(crate) log_start: i64,
}

/// The partitions of one client, so that it need not name them in each fetch (KIP-227).
#[derive(Debug, Default)]
pub(crate) struct FetchSession {
    pub(crate) id: i32,
    /// What the next request must say.
    epoch: i32,
    /// Topics are named by id. May not change (KIP-516).
    by_id: bool,
    pub(crate) targets: Vec<FetchTarget>,
    places_by_id: BTreeMap<Uuid, BTreeMap<i32, usize>>,
    places_by_name: BTreeMap<TopicName, BTreeMap<i32, usize>>,
    /// Where the next answer begins: after the partition that answered last, so that no one starves.
    pub(crate) start: usize,
    created: Instant,
    used: Instant,
}

impl FetchSession {
    /// Sets what a request says of a partition.
    pub(crate) fn ask(&mut self, target: FetchTarget) {
        match self.place(
            target.topic_id,
            target.name.as_ref().map(TopicName::as_str),
            target.partition,
        ) {
            Some(place) => {
                if let Some(known) = self.targets.get_mut(place) {
                    known.asked = target.asked;
                }
            }
            None => {
                let place = self.targets.len();
                self.note(&target, place);
                self.targets.push(target);
            }
        }
    }

    /// The place of a partition that is in the session already, whose entry is then changed without making one.
    pub(crate) fn place(&self, id: Uuid, name: Option<&str>, partition: i32) -> Option<usize> {
        let places =
            if self.by_id { self.places_by_id.get(&id) } else { self.places_by_name.get(name?) };
        places?.get(&partition).copied()
    }

    pub(crate) fn forget(&mut self, id: Uuid, name: &str, partition: i32) {
        let Some(place) = self.place(id, Some(name), partition) else { return };
        let target = self.targets.swap_remove(place);
        self.unnote(&target);
        if let Some(moved) = self.targets.get(place).cloned() {
            self.note(&moved, place);
        }
        if self.start >= self.targets.len() {
            self.start = 0;
        }
    }

    fn note(&mut self, target: &FetchTarget, place: usize) {
        if self.by_id {
            let places = self.places_by_id.entry(target.topic_id).or_default();
            places.insert(target.partition, place);
        } else if let Some(name) = &target.name {
            let places = self.places_by_name.entry(name.clone()).or_default();
            places.insert(target.partition, place);
        }
    }

    fn unnote(&mut self, target: &FetchTarget) {
        if self.by_id {
            if let Some(places) = self.places_by_id.get_mut(&target.topic_id) {
                places.remove(&target.partition);
                if places.is_empty() {
                    self.places_by_id.remove(&target.topic_id);
                }
            }
        } else if let Some(name) = &target.name
            && let Some(places) = self.places_by_name.get_mut(name)
        {
            places.remove(&target.partition);
            if places.is_empty() {
                self.places_by_name.remove(name);
            }
        }
    }
}

/// Why a session cannot be used; the whole answer is this error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionError {
    /// Kafka's FETCH_SESSION_ID_NOT_FOUND, 70.
    #[error("unknown fetch session")]
    Unknown,
    /// Kafka's INVALID_FETCH_SESSION_EPOCH, 71.
    #[error("not the session's next epoch")]
    Epoch,
    /// Kafka's FETCH_SESSION_TOPIC_ID_ERROR, 106.
    #[error("the session names topics otherwise")]
    TopicIds,
}

pub(crate) type SharedSession = Arc<Mutex<FetchSession>>;

/// All fetch sessions of a broker.
pub(crate) struct FetchSessions(Mutex<Sessions>);

struct Sessions {
    by_id: HashMap<i32, SharedSession>,
    count_max: usize,
    random: SeededRandom,
}

/// A session unused for so long may be pushed out by a new one. Kafka's own figure.
const EVICTION_AFTER: Duration = Duration::from_secs(120);

impl FetchSessions {
    /// `seed` makes session ids that clients of an earlier life of the broker do not have.
    pub(crate) fn new(count_max: usize, seed: u64) -> Self {
        let random = SeededRandom::new(seed);
        Self(Mutex::new(Sessions { by_id: HashMap::new(), count_max, random }))
    }

    pub(crate) fn remove(&self, id: i32) {
        self.0.lock().by_id.remove(&id);
    }

    /// A new session for these partitions; `None` when there are too many others.
    pub(crate) fn create(
        &self,
        now: Instant,
        by_id: bool,
        targets: &mut Vec<FetchTarget>,
    ) -> Option<SharedSession> {
        let mut sessions = self.0.lock();
        if sessions.by_id.len() >= sessions.count_max && !sessions.evict(now, targets.len()) {
            return None;
        }
        let id = sessions.new_id();
        let mut session = FetchSession {
            id,
            epoch: 1,
            by_id,
            created: now,
            used: now,
            ..FetchSession::default()
        };
        for target in targets.drain(..) {
            session.ask(target);
        }
        let session = Arc::new(Mutex::new(session));
        sessions.by_id.insert(id, Arc::clone(&session));
        Some(session)
    }

    /// The session of an incremental fetch, whose epoch is then the next one.
    pub(crate) fn next(
        &self,
        now: Instant,
        id: i32,
        epoch: i32,
        by_id: bool,
    ) -> Result<SharedSession, SessionError> {
        let session = self.0.lock().by_id.get(&id).cloned().ok_or(SessionError::Unknown)?;
        let mut locked = session.lock();
        if locked.epoch != epoch {
            return Err(SessionError::Epoch);
        }
        if locked.by_id != by_id {
            return Err(SessionError::TopicIds);
        }
        // After the largest number comes 1: 0 asks for a new session.
        locked.epoch = epoch.checked_add(1).unwrap_or(1);
        locked.used = now;
        drop(locked);
        Ok(session)
    }
}

impl Sessions {
    fn new_id(&mut self) -> i32 {
        loop {
            let id = i32::try_from(self.random.below(i32::MAX.unsigned_abs().into())).unwrap_or(0);
            if id > 0 && !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    /// Makes room: the session that was unused longest, if long enough, else the smallest that is smaller than the new
    /// one and has existed long enough.
    fn evict(&mut self, now: Instant, size: usize) -> bool {
        let all = self.by_id.iter().filter_map(|(id, session)| {
            let session = session.try_lock()?;
            Some((*id, session.used, session.created, session.targets.len()))
        });
        let all: Vec<_> = all.collect();
        let unused = all.iter().min_by_key(|(_, used, ..)| *used);
        if let Some((id, used, ..)) = unused
            && now.since(*used) > EVICTION_AFTER
        {
            self.by_id.remove(id);
            return true;
        }
        let old = all.iter().filter(|(_, _, created, _)| now.since(*created) > EVICTION_AFTER);
        let smallest = old.min_by_key(|(.., count)| *count);
        if let Some((id, .., count)) = smallest
            && *count < size
        {
            self.by_id.remove(id);
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: &str, partition: i32) -> FetchTarget {
        let asked = Asked { offset: 0, size_max: 1, leader_epoch: -1, last_fetched_epoch: -1 };
        FetchTarget {
            name: TopicName::new(name).ok(),
            topic_id: Uuid::ZERO,
            partition,
            asked,
            told: None,
            found: None,
            parked: false,
        }
    }

    fn sessions(count_max: usize) -> FetchSessions {
        FetchSessions::new(count_max, 7)
    }

    #[test]
    fn epochs_of_a_session_count_up_and_wrap_to_one() {
        let sessions = sessions(10);
        let session = sessions.create(Instant::ZERO, false, &mut vec![target("t", 0)]).unwrap();
        let id = session.lock().id;
        let next = |epoch| sessions.next(Instant::ZERO, id, epoch, false).map(|_| ());
        assert_eq!(next(1), Ok(()));
        assert_eq!(next(1), Err(SessionError::Epoch));
        session.lock().epoch = i32::MAX;
        assert_eq!(next(i32::MAX), Ok(()));
        assert_eq!(next(1), Ok(()));
        let by_id = sessions.next(Instant::ZERO, id, 2, true).map(|_| ());
        assert_eq!(by_id, Err(SessionError::TopicIds));
        sessions.remove(id);
        assert_eq!(next(2), Err(SessionError::Unknown));
    }

    #[test]
    fn forgetting_a_partition_keeps_the_others_findable() {
        let sessions = sessions(10);
        let mut targets = vec![target("a", 0), target("a", 1), target("b", 0)];
        let session = sessions.create(Instant::ZERO, false, &mut targets).unwrap();
        let mut session = session.lock();
        session.forget(Uuid::ZERO, "a", 0);
        assert_eq!(session.targets.len(), 2);
        for (name, partition) in [("a", 1), ("b", 0)] {
            let place = session.place(Uuid::ZERO, Some(name), partition).unwrap();
            assert_eq!(session.targets[place].partition, partition);
            assert_eq!(session.targets[place].name.as_ref().unwrap().as_str(), name);
        }
        assert_eq!(session.place(Uuid::ZERO, Some("a"), 0), None);
    }

    #[test]
    fn a_full_cache_gives_up_only_what_is_unused_or_smaller_and_old() {
        let sessions = sessions(1);
        let first = sessions.create(Instant::ZERO, false, &mut vec![target("a", 0)]).unwrap();
        let soon = Instant::ZERO.plus(Duration::from_secs(1));
        assert!(sessions.create(soon, false, &mut vec![target("b", 0), target("b", 1)]).is_none());
        let later = Instant::ZERO.plus(Duration::from_secs(121));
        let id = first.lock().id;
        assert!(sessions.next(later, id, 1, false).is_ok());
        // Used just now, but old, and the new one is larger.
        assert!(sessions.create(later, false, &mut vec![target("b", 0)]).is_none());
        assert!(sessions.create(later, false, &mut vec![target("b", 0), target("b", 1)]).is_some());
    }
}
