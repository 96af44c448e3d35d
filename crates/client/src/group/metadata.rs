/// Who commits offsets of a group within a transaction: [`GroupConsumer::metadata`](super::GroupConsumer::metadata) of a
/// member, whose offsets are refused once the group gave it up (KIP-447); or nobody in particular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerGroupMetadata {
    /// The group's name.
    pub group: String,
    /// The member's generation, or its epoch in a group of KIP-848; -1 for no member.
    pub generation: i32,
    /// Empty for no member.
    pub member_id: String,
    /// Of a static member (KIP-345).
    pub instance_id: Option<String>,
}

impl ConsumerGroupMetadata {
    /// Commits for a group without being its member, which fences nobody.
    pub fn new(group: impl Into<String>) -> Self {
        let (group, member_id) = (group.into(), String::new());
        Self { group, generation: -1, member_id, instance_id: None }
    }
}
