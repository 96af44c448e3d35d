//! Ottla's own settings; their names begin with `ottla.`.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Ottla's own settings of a node.
    NODE, Broker:
    /// When an answered batch is safe: `fsync` once it is on disk, `os` once the system has it, as in Kafka.
    "ottla.durability": Text = text("fsync"), one_of(&["fsync", "os"]), ClusterWide, Live;
    /// Where metrics and health are served over HTTP, as HOST:PORT, :PORT or off.
    "ottla.http.listen": Text = text(":8080"), http_address(), ReadOnly, Restart;
    /// File that log lines go to; without one they go to standard output.
    "ottla.log.file": Text = null(), not_empty(), ReadOnly, Restart;
    /// Log files that are kept, the current one among them.
    "ottla.log.file.count": Int = text("10"), between(1, 1_000), ReadOnly, Restart;
    /// Size at which the log file is set aside and a new one begun.
    "ottla.log.file.max.bytes": Long = text("104857600"), at_least(4_096), ReadOnly, Restart;
    /// How a log line looks: as Kafka's, or one JSON object.
    "ottla.log.format": Text = text("kafka"), one_of(&["kafka", "json"]), ReadOnly, Restart;
    /// Least important level that is logged, for every logger that has none of its own.
    "ottla.log.level": Text =
        text("INFO"), one_of_any_case(&["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]), ReadOnly, Restart;
    /// Memory for produced bytes that are not yet in segments and for the newest ones; -1 chooses by the machine.
    "ottla.memory.bytes": Long = text("-1"), at_least(-1), ReadOnly, Restart;
    /// Partitions of groups that `/metrics` shows one by one, of consumers' groups and of share groups each: whole groups, those that are furthest behind first; a group without offsets counts as one.
    "ottla.metrics.group.partitions.max": Int = text("5000"), at_least(0), ClusterWide, Live;
    /// Whether compressed batches are looked into on arrival: `strict` always, `normal` only where the log needs it.
    "ottla.validate": Text = text("normal"), one_of(&["normal", "strict"]), ClusterWide, Live;
}

declare! {
    /// Ottla's own settings of a topic.
    TOPIC, Topic:
    /// When an answered batch is safe: `fsync` once it is on disk, `os` once the system has it, as in Kafka.
    "ottla.durability": Text = text("fsync"), one_of(&["fsync", "os"]), PerTopic, Live; from "ottla.durability";
    /// Records without a value, which delete their key in a compacted topic: taken, refused, or taken only with a header `ottla.delete`, of any value, which says that the deletion is meant.
    "ottla.null.value": Text = text("allow"), one_of(&["allow", "header", "reject"]), PerTopic, Live;
    /// Whether compressed batches are looked into on arrival: `strict` always, `normal` only where the log needs it.
    "ottla.validate": Text = text("normal"), one_of(&["normal", "strict"]), PerTopic, Live; from "ottla.validate";
}
