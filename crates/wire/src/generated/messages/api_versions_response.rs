// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 5, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsResponse {
    pub error_code: i16,
    pub api_keys: Vec<ApiVersion>,
    /// Versions 1 to 5, left out elsewhere.
    pub throttle_time_ms: i32,
    /// Versions 3 to 5, tag 0, left out elsewhere.
    pub supported_features: Vec<SupportedFeatureKey>,
    /// Versions 3 to 5, tag 1, left out elsewhere.
    pub finalized_features_epoch: i64,
    /// Versions 3 to 5, tag 2, left out elsewhere.
    pub finalized_features: Vec<FinalizedFeatureKey>,
    /// Versions 3 to 5, tag 3, left out elsewhere.
    pub zk_migration_ready: bool,
}

impl Default for ApiVersionsResponse {
    fn default() -> Self {
        Self {
            error_code: 0,
            api_keys: Vec::new(),
            throttle_time_ms: 0,
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
            zk_migration_ready: false,
        }
    }
}

impl Element for ApiVersionsResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.api_keys = input.array(version)?;
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.supported_features = input.array(version)?,
                1 => it.finalized_features_epoch = input.i64()?,
                2 => it.finalized_features = input.array(version)?,
                3 => it.zk_migration_ready = input.bool()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        out.array(&self.api_keys, version)?;
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 3 && !self.supported_features.is_empty() {
            out.tagged_field(&mut tags, 0, |out| out.array(&self.supported_features, version))?;
        }
        if version >= 3 && self.finalized_features_epoch != -1 {
            out.tagged_field(&mut tags, 1, |out| {
                out.i64(self.finalized_features_epoch);
                Ok(())
            })?;
        }
        if version >= 3 && !self.finalized_features.is_empty() {
            out.tagged_field(&mut tags, 2, |out| out.array(&self.finalized_features, version))?;
        }
        if version >= 3 && self.zk_migration_ready {
            out.tagged_field(&mut tags, 3, |out| {
                out.bool(self.zk_migration_ready);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ApiVersion {
    pub api_key: i16,
    pub min_version: i16,
    pub max_version: i16,
}

impl Element for ApiVersion {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.api_key = input.i16()?;
        it.min_version = input.i16()?;
        it.max_version = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i16(self.api_key);
        out.i16(self.min_version);
        out.i16(self.max_version);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SupportedFeatureKey {
    pub name: String,
    pub min_version: i16,
    pub max_version: i16,
}

impl Element for SupportedFeatureKey {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.min_version = input.i16()?;
        it.max_version = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i16(self.min_version);
        out.i16(self.max_version);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FinalizedFeatureKey {
    pub name: String,
    pub max_version_level: i16,
    pub min_version_level: i16,
}

impl Element for FinalizedFeatureKey {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.max_version_level = input.i16()?;
        it.min_version_level = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i16(self.max_version_level);
        out.i16(self.min_version_level);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ApiVersionsResponse {
    const NAME: &'static str = "ApiVersionsResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 5);
}
