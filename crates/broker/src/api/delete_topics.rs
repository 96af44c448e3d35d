use std::collections::BTreeMap;
use std::sync::Arc;

use controller::{DeleteTopics, Refusal, TopicKey};
use model::{TopicId, Uuid};
use wire::ErrorCode;
use wire::messages::delete_topics_request::DeleteTopicState;
use wire::messages::delete_topics_response::DeletableTopicResult;
use wire::messages::{DeleteTopicsRequest, DeleteTopicsResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

/// From this version on a topic may be named by its id.
const TOPIC_ID_VERSION_MIN: i16 = 6;
/// Older clients do not know that deletion can be switched off.
const DELETION_DISABLED_VERSION_MIN: i16 = 3;

pub fn handle(broker: &Arc<Broker>, request: Request<DeleteTopicsRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let asked = if version >= TOPIC_ID_VERSION_MIN {
        message.topics
    } else {
        let named = message.topic_names.into_iter();
        named.map(|name| DeleteTopicState { name: Some(name), topic_id: Uuid::ZERO }).collect()
    };
    let (keys, mut responses) = sort_out(asked);
    let topics: Vec<TopicKey> = keys.clone();
    broker.quorum().submit(DeleteTopics { topics }, move |deleted| {
        match deleted {
            Ok(deleted) => {
                let results = keys.into_iter().zip(deleted);
                responses.extend(results.map(|(key, result)| answer(key, result, version)));
            }
            Err(why) => {
                let all = keys.into_iter();
                responses.extend(all.map(|key| failed(key, Outcome::unavailable(why))));
            }
        }
        reply.send(&DeleteTopicsResponse { responses, ..DeleteTopicsResponse::default() });
    });
}

/// The topics that are named once and in one way, and the answers to all others.
fn sort_out(asked: Vec<DeleteTopicState>) -> (Vec<TopicKey>, Vec<DeletableTopicResult>) {
    let mut counts: BTreeMap<(Option<String>, Uuid), usize> = BTreeMap::new();
    for topic in &asked {
        *counts.entry((topic.name.clone(), topic.topic_id)).or_default() += 1;
    }
    let (mut keys, mut refused) = (Vec::new(), Vec::new());
    for DeleteTopicState { name, topic_id } in asked {
        let Some(count) = counts.remove(&(name.clone(), topic_id)) else { continue };
        let mut refuse = |why: &str| {
            let name = name.clone();
            let outcome = Outcome::error(ErrorCode::InvalidRequest, why);
            refused.push(result(name, topic_id, outcome));
        };
        match (&name, TopicId::new(topic_id)) {
            (Some(_), Some(_)) => refuse("both name and id of a topic are given"),
            (None, None) => refuse("neither name nor id of a topic is given"),
            _ if count > 1 => refuse("the topic is named more than once"),
            (Some(name), None) => keys.push(TopicKey::Name(name.clone())),
            (None, Some(id)) => keys.push(TopicKey::Id(id)),
        }
    }
    (keys, refused)
}

fn answer(
    key: TopicKey,
    deleted: Result<(String, TopicId), Refusal>,
    version: i16,
) -> DeletableTopicResult {
    let outcome = Outcome::of(&deleted);
    match deleted {
        Ok((name, id)) => result(Some(name), id.uuid(), outcome),
        Err(Refusal::TopicDeletionDisabled) if version < DELETION_DISABLED_VERSION_MIN => {
            failed(key, Outcome::error(ErrorCode::InvalidRequest, "topic deletion is disabled"))
        }
        Err(_) => failed(key, outcome),
    }
}

fn failed(key: TopicKey, outcome: Outcome) -> DeletableTopicResult {
    match key {
        TopicKey::Name(name) => result(Some(name), Uuid::ZERO, outcome),
        TopicKey::Id(id) => result(None, id.uuid(), outcome),
    }
}

fn result(name: Option<String>, topic_id: Uuid, outcome: Outcome) -> DeletableTopicResult {
    DeletableTopicResult {
        name,
        topic_id,
        error_code: outcome.code,
        error_message: outcome.message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_once_and_in_one_way_reaches_the_controller() {
        let id = Uuid::from_bytes([1; 16]);
        let topic = |name: Option<&str>, topic_id| DeleteTopicState {
            name: name.map(str::to_owned),
            topic_id,
        };
        let (keys, refused) = sort_out(vec![
            topic(Some("a"), Uuid::ZERO),
            topic(Some("b"), Uuid::ZERO),
            topic(Some("a"), Uuid::ZERO),
            topic(Some("c"), id),
            topic(None, Uuid::ZERO),
            topic(None, id),
        ]);
        let by_id = TopicKey::Id(TopicId::new(id).unwrap());
        assert_eq!(keys, [TopicKey::Name("b".to_owned()), by_id]);
        assert_eq!(refused.len(), 3);
        assert!(refused.iter().all(|refused| refused.error_code == 42));
    }
}
