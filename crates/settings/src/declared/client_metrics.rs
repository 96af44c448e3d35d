//! What clients are asked to report about themselves.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// What clients are asked to report about themselves.
    CLIENT_METRICS, ClientMetrics:
    /// How often the matching clients report.
    "interval.ms": Int = text("300000"), between(100, 3_600_000), PerSubscription, NoneYet;
    /// Which clients report: patterns over their id, software, address.
    "match": List = text(""), client_patterns(), PerSubscription, NoneYet;
    /// Beginnings of the names of metrics that are asked for; * for all.
    "metrics": List = text(""), items(), PerSubscription, NoneYet;
}
