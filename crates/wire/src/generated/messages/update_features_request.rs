// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateFeaturesRequest {
    pub timeout_ms: i32,
    pub feature_updates: Vec<FeatureUpdateKey>,
    /// Versions 1 to 2.
    pub validate_only: bool,
}

impl Default for UpdateFeaturesRequest {
    fn default() -> Self {
        Self { timeout_ms: 60_000, feature_updates: Vec::new(), validate_only: false }
    }
}

impl Element for UpdateFeaturesRequest {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.timeout_ms = input.i32()?;
        it.feature_updates = input.array(version)?;
        if version >= 1 {
            it.validate_only = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.timeout_ms);
        out.array(&self.feature_updates, version)?;
        if version >= 1 {
            out.bool(self.validate_only);
        } else if self.validate_only {
            return Err(EncodeError::FieldNotInVersion {
                field: "UpdateFeaturesRequest.ValidateOnly",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct FeatureUpdateKey {
    pub feature: String,
    pub max_version_level: i16,
    /// Version 0.
    pub allow_downgrade: bool,
    /// Versions 1 to 2.
    pub upgrade_type: i8,
}

impl Default for FeatureUpdateKey {
    fn default() -> Self {
        Self {
            feature: String::new(),
            max_version_level: 0,
            allow_downgrade: false,
            upgrade_type: 1,
        }
    }
}

impl Element for FeatureUpdateKey {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.feature = input.string()?;
        it.max_version_level = input.i16()?;
        if version == 0 {
            it.allow_downgrade = input.bool()?;
        }
        if version >= 1 {
            it.upgrade_type = input.i8()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.feature)?;
        out.i16(self.max_version_level);
        if version == 0 {
            out.bool(self.allow_downgrade);
        } else if self.allow_downgrade {
            return Err(EncodeError::FieldNotInVersion {
                field: "UpdateFeaturesRequest.FeatureUpdateKey.AllowDowngrade",
                version,
            });
        }
        if version >= 1 {
            out.i8(self.upgrade_type);
        } else if self.upgrade_type != 1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "UpdateFeaturesRequest.FeatureUpdateKey.UpgradeType",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for UpdateFeaturesRequest {
    const NAME: &'static str = "UpdateFeaturesRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Request for UpdateFeaturesRequest {
    const KEY: ApiKey = ApiKey::UpdateFeatures;
    type Response = super::UpdateFeaturesResponse;
}
