//! The protocol's error codes as errors of this library.

use std::fmt;

use wire::ErrorCode;

/// A broker's refusal: a code, and what it said about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    raw: i16,
    /// What was refused, such as `topic orders`; empty when the request says it all.
    subject: String,
    /// The broker's own words.
    message: Option<String>,
}

/// What a client does about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Give it to the application.
    Fail,
    /// Wait and send again.
    Retry,
    /// Ask for metadata, then send to whoever leads now.
    FindLeader,
    /// Ask for the coordinator, then send there.
    FindCoordinator,
    /// Join the group again.
    Rejoin,
    /// Join the group again as a new member: the old id is worth nothing.
    RejoinAsNew,
}

impl Refused {
    /// `Ok` for the code that means no error.
    pub fn check(
        code: i16,
        subject: impl FnOnce() -> String,
        message: Option<&str>,
    ) -> Result<(), Self> {
        if code == ErrorCode::None.code() {
            return Ok(());
        }
        let message = message.map(str::trim).filter(|message| !message.is_empty());
        Err(Self { raw: code, subject: subject(), message: message.map(str::to_owned) })
    }

    /// `None` for a code that Apache Kafka 4.4 does not know.
    pub const fn code(&self) -> Option<ErrorCode> {
        ErrorCode::from_code(self.raw)
    }

    pub fn reaction(&self) -> Reaction {
        self.code().map_or(Reaction::Fail, reaction)
    }

    pub fn is_retriable(&self) -> bool {
        self.code().is_some_and(ErrorCode::is_retriable)
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.subject.is_empty() {
            write!(formatter, "{}: ", self.subject)?;
        }
        let Some(code) = self.code() else {
            return write!(
                formatter,
                "the broker answered with the unknown error code {}",
                self.raw
            );
        };
        let text = self.message.as_deref().unwrap_or_else(|| code.message());
        write!(formatter, "{} ({})", text.trim_end_matches('.'), code.name())?;
        match advice(code) {
            Some(advice) => write!(formatter, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// What the user of a client can do about a code, where the code itself does not say it.
pub const fn advice(code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::UnknownTopicOrPartition => "check the name, or create the topic",
        ErrorCode::MessageTooLarge | ErrorCode::RecordListTooLarge => {
            "make batches smaller, or raise max.message.bytes of the topic"
        }
        ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend => {
            "bring brokers back, or lower min.insync.replicas"
        }
        ErrorCode::InvalidReplicationFactor => "ask for no more replicas than there are brokers",
        ErrorCode::TopicAlreadyExists => "choose another name, or use the topic as it is",
        ErrorCode::NonEmptyGroup => "stop the members of the group first",
        ErrorCode::GroupIdNotFound => "check the name with a listing of the groups",
        ErrorCode::UnsupportedVersion => "the broker is older or newer than this request needs",
        ErrorCode::UnsupportedCompressionType => "choose another codec",
        ErrorCode::InvalidSessionTimeout => {
            "stay between group.min.session.timeout.ms and group.max.session.timeout.ms"
        }
        ErrorCode::TopicAuthorizationFailed
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::ClusterAuthorizationFailed => "ask whoever runs the cluster for the right",
        ErrorCode::KafkaStorageError => "see the broker's log: a disk failed or is full",
        ErrorCode::TopicDeletionDisabled => "set delete.topic.enable=true on the brokers",
        _ => return None,
    })
}

/// What to do about a code.
pub const fn reaction(code: ErrorCode) -> Reaction {
    match code {
        ErrorCode::NotLeaderOrFollower
        | ErrorCode::LeaderNotAvailable
        | ErrorCode::FencedLeaderEpoch
        | ErrorCode::UnknownLeaderEpoch
        | ErrorCode::UnknownTopicOrPartition
        | ErrorCode::UnknownTopicId
        | ErrorCode::InconsistentTopicId
        | ErrorCode::KafkaStorageError
        | ErrorCode::ReplicaNotAvailable
        | ErrorCode::NotController
        | ErrorCode::ListenerNotFound
        | ErrorCode::NetworkException => Reaction::FindLeader,
        ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable => Reaction::FindCoordinator,
        ErrorCode::RebalanceInProgress => Reaction::Rejoin,
        ErrorCode::IllegalGeneration | ErrorCode::UnknownMemberId => Reaction::RejoinAsNew,
        code if code.is_retriable() => Reaction::Retry,
        _ => Reaction::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_subject_the_brokers_words_the_code_and_what_to_do() {
        let refused = Refused::check(
            36,
            || "topic orders".to_owned(),
            Some("Topic 'orders' already exists."),
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "topic orders: Topic 'orders' already exists (TOPIC_ALREADY_EXISTS); choose another name, or use the topic as it is"
        );
    }

    #[test]
    fn a_code_of_a_later_kafka_is_named_by_its_number() {
        let refused = Refused::check(9_999, String::new, None).unwrap_err();
        assert_eq!(refused.code(), None);
        assert_eq!(refused.to_string(), "the broker answered with the unknown error code 9999");
        assert_eq!(refused.reaction(), Reaction::Fail);
    }

    #[test]
    fn no_error_is_no_error() {
        assert_eq!(Refused::check(0, String::new, None), Ok(()));
    }

    #[test]
    fn every_code_that_wants_another_server_is_retriable_or_rejoins() {
        for raw in -1..=133 {
            let Some(code) = ErrorCode::from_code(raw) else { continue };
            match reaction(code) {
                Reaction::Fail => assert!(!code.is_retriable(), "{code}"),
                Reaction::Rejoin | Reaction::RejoinAsNew => assert!(!code.is_retriable(), "{code}"),
                Reaction::Retry | Reaction::FindLeader | Reaction::FindCoordinator => {
                    assert!(code.is_retriable(), "{code}");
                }
            }
        }
    }
}
