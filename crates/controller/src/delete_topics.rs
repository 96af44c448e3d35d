use metadata::MetadataRecord;
use model::TopicId;

use crate::controller::Controller;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// Takes topics away. Each is taken away or refused by itself; the caller has refused repeated ones.
#[derive(Clone, Debug)]
pub struct DeleteTopics {
    pub topics: Vec<TopicKey>,
}

/// A topic as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicKey {
    Name(String),
    Id(TopicId),
}

/// What became of each topic, in the request's order: its name and id once it is gone.
pub type DeleteTopicsReply = Vec<Result<(String, TopicId), Refusal>>;

impl Operation for DeleteTopics {
    type Reply = DeleteTopicsReply;

    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<Self::Reply> {
        let mut deleted: Vec<TopicId> = Vec::new();
        let reply = self
            .topics
            .iter()
            .map(|key| {
                let (name, id) = find(controller, key)?;
                if deleted.contains(&id) {
                    let why = "the topic is named more than once in the request".to_owned();
                    return Err(Refusal::InvalidRequest(why));
                }
                deleted.push(id);
                Ok((name, id))
            })
            .collect();
        let records = deleted.into_iter().map(|id| MetadataRecord::RemoveTopic { id }).collect();
        Decision { records, reply }
    }
}

fn find(controller: &Controller, key: &TopicKey) -> Result<(String, TopicId), Refusal> {
    if !controller.settings().topic_deletion {
        return Err(Refusal::TopicDeletionDisabled);
    }
    match key {
        TopicKey::Name(name) => {
            let topic = controller.image().topic(name).ok_or(Refusal::UnknownTopicOrPartition)?;
            Ok((name.clone(), topic.id))
        }
        TopicKey::Id(id) => {
            let name = controller.image().topic_name(*id).ok_or(Refusal::UnknownTopicId)?;
            Ok((name.to_string(), *id))
        }
    }
}
