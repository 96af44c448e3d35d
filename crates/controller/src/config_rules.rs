use metadata::{ConfigKind, ConfigResource, ConfigValues};

use crate::refusal::Refusal;

/// What the controller has to know about settings. The servers answer from their table of settings.
pub trait ConfigRules: Send + Sync {
    /// Whether `resource` may have exactly these settings after those in `before`.
    fn check(
        &self,
        resource: &ConfigResource,
        before: &ConfigValues,
        after: &ConfigValues,
    ) -> Result<(), Refusal>;

    /// Whether the setting is a list, to which single items can be added.
    fn is_list(&self, kind: ConfigKind, name: &str) -> bool;

    /// What holds for a resource of this kind that has no value of its own: from the files of this node, or the
    /// default. `None` when there is neither.
    fn default_value(&self, kind: ConfigKind, name: &str) -> Option<String>;
}
