use serde::{Deserialize, Serialize};

use model::BrokerEpoch;

use super::BadForm;

/// `.kafka_cleanshutdown`: the log directory was closed in order, so no segment needs a scan (KIP-966).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanShutdown {
    /// `None` when the broker had none, or an older Kafka wrote the marker.
    pub broker_epoch: Option<BrokerEpoch>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    version: i32,
    broker_epoch: i64,
}

impl CleanShutdown {
    pub fn encode(self) -> Result<Vec<u8>, BadForm> {
        let broker_epoch = self.broker_epoch.map_or(-1, BrokerEpoch::to_wire);
        serde_json::to_vec(&Content { version: 0, broker_epoch }).map_err(|_| BadForm)
    }

    /// Any content marks a clean stop; one that cannot be read just has no epoch.
    pub fn decode(bytes: &[u8]) -> Self {
        let content = serde_json::from_slice::<Content>(bytes).ok();
        let broker_epoch = content.and_then(|content| BrokerEpoch::from_wire(content.broker_epoch));
        Self { broker_epoch }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_has_kafkas_fields() {
        let marker = CleanShutdown { broker_epoch: BrokerEpoch::from_wire(7) };
        let bytes = marker.encode().unwrap();
        assert_eq!(bytes, br#"{"version":0,"brokerEpoch":7}"#);
        assert_eq!(CleanShutdown::decode(&bytes), marker);
        assert_eq!(CleanShutdown::decode(b"").broker_epoch, None);
    }
}
