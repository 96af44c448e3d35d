use std::collections::{BTreeMap, BTreeSet};

use group::{GroupId, MemberId};
use model::PartitionId;

use super::epoch::{NextEpoch, SessionEpoch};
use super::share_session::ShareSession;
use crate::{SESSION_PARTITION_COUNT_MAX, SESSION_PARTITION_TOTAL_MAX};

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionKey {
    pub group: GroupId,
    pub member: MemberId,
}

/// The share sessions of a broker.
///
/// Invariants (KIP-932):
/// - a member has at most one session, and it belongs to one connection;
/// - each request of a session is taken once, in order;
/// - there are never more sessions, or partitions in them, than the bounds say.
#[derive(Debug)]
pub struct ShareSessions {
    sessions: BTreeMap<SessionKey, ShareSession>,
    by_connection: BTreeMap<u64, BTreeSet<SessionKey>>,
    partition_total: usize,
    /// `group.share.max.share.sessions`
    session_count_max: usize,
}

/// What a ShareFetch is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFetch {
    /// In the order in which they are to be read. Empty for the last request of a session, which only acknowledges.
    pub partitions: Vec<PartitionId>,
    pub kind: FetchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchKind {
    /// The answer names all partitions.
    Full,
    /// The answer names those for which [`ShareSessions::answers`] says so.
    Incremental,
    /// When the acknowledgements are done the session is to be closed.
    Final,
}

/// A session that has ended; what its member holds of these partitions is to be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedSession {
    pub key: SessionKey,
    pub partitions: Vec<PartitionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    #[error("the member has no share session")]
    NotFound,
    #[error("the share session expects another epoch")]
    InvalidEpoch,
    /// A new session has nothing to acknowledge.
    #[error("the request that opens a share session acknowledges records")]
    AcknowledgesAtOpening,
    #[error("a share session has too many partitions")]
    TooManyPartitions,
    #[error("the broker has as many share sessions as it may")]
    LimitReached,
}

impl ShareSessions {
    pub const fn new(session_count_max: usize) -> Self {
        Self {
            sessions: BTreeMap::new(),
            by_connection: BTreeMap::new(),
            partition_total: 0,
            session_count_max,
        }
    }

    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Partitions in all sessions together.
    pub const fn partition_total(&self) -> usize {
        self.partition_total
    }

    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// Takes a ShareFetch.
    pub fn fetch(
        &mut self,
        key: &SessionKey,
        connection: u64,
        epoch: SessionEpoch,
        request: FetchRequest<'_>,
    ) -> Result<SessionFetch, SessionError> {
        match epoch {
            SessionEpoch::Initial => self.open(key, connection, request),
            SessionEpoch::Next(epoch) => self.go_on(key, epoch, request),
            SessionEpoch::Final => match self.sessions.contains_key(key) {
                true => Ok(SessionFetch { partitions: Vec::new(), kind: FetchKind::Final }),
                false => Err(SessionError::NotFound),
            },
        }
    }

    /// Takes a ShareAcknowledge. Whether the session is to be closed when it is done.
    pub fn acknowledge(
        &mut self,
        key: &SessionKey,
        epoch: SessionEpoch,
    ) -> Result<bool, SessionError> {
        if epoch == SessionEpoch::Initial {
            return Err(SessionError::InvalidEpoch);
        }
        let session = self.sessions.get_mut(key).ok_or(SessionError::NotFound)?;
        match epoch {
            SessionEpoch::Next(epoch) if epoch == session.expected => {
                session.expected = epoch.next();
                Ok(false)
            }
            SessionEpoch::Next(_) | SessionEpoch::Initial => Err(SessionError::InvalidEpoch),
            SessionEpoch::Final => Ok(true),
        }
    }

    /// Of a request whose epoch means nothing.
    pub fn refusal_of_odd_epoch(&self, key: &SessionKey) -> SessionError {
        match self.sessions.contains_key(key) {
            true => SessionError::InvalidEpoch,
            false => SessionError::NotFound,
        }
    }

    /// Whether the answer to an incremental ShareFetch names the partition. News are records, errors, and how
    /// acknowledgements went; a partition that is new in the session is named once without.
    pub fn answers(&mut self, key: &SessionKey, partition: PartitionId, has_news: bool) -> bool {
        match self.sessions.get_mut(key) {
            Some(session) => session.answers(partition, has_news),
            None => has_news,
        }
    }

    /// The member has closed its session, or has left the group.
    pub fn close(&mut self, key: &SessionKey) -> Option<ClosedSession> {
        let session = self.sessions.remove(key)?;
        self.partition_total -= session.partition_count();
        if let Some(keys) = self.by_connection.get_mut(&session.connection) {
            keys.remove(key);
            if keys.is_empty() {
                self.by_connection.remove(&session.connection);
            }
        }
        Some(ClosedSession { key: key.clone(), partitions: session.into_partitions() })
    }

    pub fn connection_closed(&mut self, connection: u64) -> Vec<ClosedSession> {
        let keys = self.by_connection.remove(&connection).unwrap_or_default();
        keys.iter().filter_map(|key| self.close(key)).collect()
    }

    /// An older session of the member ends with that; what it holds stays held until its locks end, as in Kafka.
    fn open(
        &mut self,
        key: &SessionKey,
        connection: u64,
        request: FetchRequest<'_>,
    ) -> Result<SessionFetch, SessionError> {
        if request.acknowledges {
            return Err(SessionError::AcknowledgesAtOpening);
        }
        let _older = self.close(key);
        let session = ShareSession::new(connection, request.add);
        self.check_size(session.partition_count(), 0)?;
        if self.sessions.len() >= self.session_count_max {
            return Err(SessionError::LimitReached);
        }
        let partitions = session.rotated(NextEpoch::FIRST);
        self.partition_total += session.partition_count();
        self.sessions.insert(key.clone(), session);
        self.by_connection.entry(connection).or_default().insert(key.clone());
        Ok(SessionFetch { partitions, kind: FetchKind::Full })
    }

    fn go_on(
        &mut self,
        key: &SessionKey,
        epoch: NextEpoch,
        request: FetchRequest<'_>,
    ) -> Result<SessionFetch, SessionError> {
        let session = self.sessions.get(key).ok_or(SessionError::NotFound)?;
        if epoch != session.expected {
            return Err(SessionError::InvalidEpoch);
        }
        let before = session.partition_count();
        self.check_size(session.count_with(request.add), before)?;
        let session = self.sessions.get_mut(key).ok_or(SessionError::NotFound)?;
        session.expected = epoch.next();
        session.update(request.add, request.forget);
        let partitions = session.rotated(epoch);
        self.partition_total = self.partition_total - before + session.partition_count();
        Ok(SessionFetch { partitions, kind: FetchKind::Incremental })
    }

    fn check_size(&self, partition_count: usize, before: usize) -> Result<(), SessionError> {
        if partition_count > SESSION_PARTITION_COUNT_MAX {
            return Err(SessionError::TooManyPartitions);
        }
        if self.partition_total - before + partition_count > SESSION_PARTITION_TOTAL_MAX {
            return Err(SessionError::LimitReached);
        }
        Ok(())
    }
}

/// The part of a ShareFetch that concerns the session.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchRequest<'a> {
    /// Partitions that the request names, whether they are new or not.
    pub add: &'a [PartitionId],
    pub forget: &'a [PartitionId],
    /// Acknowledgements come along.
    pub acknowledges: bool,
}
