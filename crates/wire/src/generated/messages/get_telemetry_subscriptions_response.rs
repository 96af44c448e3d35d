// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GetTelemetrySubscriptionsResponse {
    pub throttle_time_ms: i32,
    pub error_code: i16,
    pub client_instance_id: Uuid,
    pub subscription_id: i32,
    pub accepted_compression_types: Vec<i8>,
    pub push_interval_ms: i32,
    pub telemetry_max_bytes: i32,
    pub delta_temporality: bool,
    pub requested_metrics: Vec<String>,
}

impl Element for GetTelemetrySubscriptionsResponse {
    const SIZE_MIN: usize = 38;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.error_code = input.i16()?;
        it.client_instance_id = input.uuid()?;
        it.subscription_id = input.i32()?;
        it.accepted_compression_types = input.array(version)?;
        it.push_interval_ms = input.i32()?;
        it.telemetry_max_bytes = input.i32()?;
        it.delta_temporality = input.bool()?;
        it.requested_metrics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i16(self.error_code);
        out.uuid(self.client_instance_id);
        out.i32(self.subscription_id);
        out.array(&self.accepted_compression_types, version)?;
        out.i32(self.push_interval_ms);
        out.i32(self.telemetry_max_bytes);
        out.bool(self.delta_temporality);
        out.array(&self.requested_metrics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for GetTelemetrySubscriptionsResponse {
    const NAME: &'static str = "GetTelemetrySubscriptionsResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}
