//! Identity, topics, policies, metrics and what fits nowhere else.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Identity, topics, policies, metrics and what fits nowhere else.
    NODE, Broker:
    /// Java class that may refuse changes of settings.
    "alter.config.policy.class.name": Class = null(), any(), ReadOnly, NoneYet;
    /// Whether a topic is made when a client first asks for it.
    "auto.create.topics.enable": Boolean = text("true"), any(), ReadOnly, Restart;
    /// Older name of node.id.
    "broker.id": Int = text("-1"), any(), ReadOnly, Restart;
    /// Name of the rack, or zone, that this broker stands in.
    "broker.rack": Text = null(), any(), ReadOnly, Restart;
    /// Java class that decides on quotas.
    "client.quota.callback.class": Class = null(), any(), ReadOnly, NoneYet;
    /// Names of Java classes that fill in placeholders.
    "config.providers": List = text(""), items(), ClusterWide, NoneYet;
    /// Whether a stopping broker hands its partitions over first.
    "controlled.shutdown.enable": Boolean = text("true"), any(), ReadOnly, Restart;
    /// Java class that may refuse topics.
    "create.topic.policy.class.name": Class = null(), any(), ReadOnly, NoneYet;
    /// Replicas of a topic that does not say how many.
    "default.replication.factor": Int = text("1"), any(), ReadOnly, Restart;
    /// Whether topics may be deleted.
    "delete.topic.enable": Boolean = text("true"), any(), ReadOnly, Restart;
    /// How long a broker tries to register before it gives up.
    "initial.broker.registration.timeout.ms": Int = text("60000"), any(), ReadOnly, NoneYet;
    /// How often the Java reporters of the old kind are asked.
    "kafka.metrics.polling.interval.secs": Int = text("10"), at_least(1), ReadOnly, NoneYet;
    /// Java classes that report metrics, of the old kind.
    "kafka.metrics.reporters": List = text(""), items(), ReadOnly, NoneYet;
    /// Java classes that report metrics.
    "metric.reporters": List =
        text("org.apache.kafka.common.metrics.JmxReporter"), items(), ClusterWide, NoneYet;
    /// Windows over which a rate is taken.
    "metrics.num.samples": Int = text("2"), at_least(1), ReadOnly, NoneYet;
    /// How detailed the metrics are that are taken.
    "metrics.recording.level": Text = text("INFO"), any(), ReadOnly, NoneYet;
    /// Length of one such window.
    "metrics.sample.window.ms": Long = text("30000"), at_least(1), ReadOnly, NoneYet;
    /// Number of this node, unique in the cluster.
    "node.id": Int = required(), at_least(0), ReadOnly, Restart;
    /// Partitions of a topic that does not say how many.
    "num.partitions": Int = text("1"), at_least(1), ReadOnly, Restart;
    /// What this node is: broker, controller, or both.
    "process.roles": List =
        required(), one_or_more_of(&["broker", "controller"]), ReadOnly, Restart;
    /// Time after which a start that is not done is given up.
    "server.max.startup.time.ms": Long =
        text("9223372036854775807"), at_least(0), ReadOnly, NoneYet, internal;
    /// Size of the largest report of metrics that a client may send.
    "telemetry.max.bytes": Int = text("1048576"), at_least(1), ReadOnly, NoneYet;
    /// Whether versions of requests that may still change are offered.
    "unstable.api.versions.enable": Boolean = text("false"), any(), ReadOnly, NoneYet, internal;
    /// Whether levels of features that may still change are allowed.
    "unstable.feature.versions.enable": Boolean = text("false"), any(), ReadOnly, NoneYet, internal;
    /// Windows over which the speed of moves between disks is taken.
    "alter.log.dirs.replication.quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "alter.log.dirs.replication.quota.window.size.seconds": Int =
        text("1"), at_least(1), ReadOnly, NoneYet;
    /// Windows over which the rate of changes to topics is taken.
    "controller.quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "controller.quota.window.size.seconds": Int = text("1"), at_least(1), ReadOnly, NoneYet;
    /// Windows over which a client's use is taken.
    "quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "quota.window.size.seconds": Int = text("1"), at_least(1), ReadOnly, NoneYet;
    /// Windows over which the speed of throttled replication is taken.
    "replication.quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "replication.quota.window.size.seconds": Int = text("1"), at_least(1), ReadOnly, NoneYet;
}
