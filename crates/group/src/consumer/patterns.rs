//! Subscriptions by pattern. The broker says which names fit; what fits is written down, so that the assignment made from
//! it can be understood from the log.

use std::sync::Arc;

use super::heartbeat::View;
use super::{ConsumerChange, Draft, MemberMetadata, ResolvedPattern};
use crate::{GroupError, GroupId, Soft};

/// Resolves the member's pattern if nobody has, and all of the group's once names or time have moved on.
pub(super) fn update(
    draft: &mut Draft<'_>,
    member: &MemberMetadata,
    before: Option<&MemberMetadata>,
    view: View<'_>,
    soft: &Soft,
    group: &GroupId,
) -> Result<(), GroupError> {
    if let Some(pattern) = member.pattern()
        && !draft.group().patterns.contains_key(pattern)
    {
        resolve(draft, pattern, view)?;
    }
    if let Some(old) = before.and_then(MemberMetadata::pattern)
        && member.pattern() != Some(old)
    {
        draft.forget_pattern(old);
    }
    let is_known = soft.consumers.get(group).is_some_and(|consumer| consumer.knows_names(view));
    if !is_known && !draft.group().patterns.is_empty() {
        let patterns: Vec<Arc<str>> = draft.group().patterns.keys().cloned().collect();
        for pattern in &patterns {
            // One that another program took and that is none here keeps what it was resolved to.
            let _ = resolve(draft, pattern, view);
        }
    }
    Ok(())
}

fn resolve(draft: &mut Draft<'_>, pattern: &Arc<str>, view: View<'_>) -> Result<(), GroupError> {
    let topics = view.cluster.matching(pattern).map_err(|_| GroupError::InvalidPattern)?;
    if draft.group().patterns.get(pattern).is_some_and(|known| known.topics == topics) {
        return Ok(());
    }
    let version = i64::try_from(view.cluster.version()).unwrap_or(i64::MAX);
    let resolved = ResolvedPattern { topics, version, resolved_at: Some(view.now.wall) };
    draft.change(ConsumerChange::Pattern(pattern.clone(), Some(Arc::new(resolved))));
    Ok(())
}
