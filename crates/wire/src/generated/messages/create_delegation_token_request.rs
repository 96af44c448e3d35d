// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 1 to 3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDelegationTokenRequest {
    /// Version 3.
    pub owner_principal_type: Option<String>,
    /// Version 3.
    pub owner_principal_name: Option<String>,
    pub renewers: Vec<CreatableRenewers>,
    pub max_lifetime_ms: i64,
}

impl Default for CreateDelegationTokenRequest {
    fn default() -> Self {
        Self {
            owner_principal_type: Some(String::new()),
            owner_principal_name: Some(String::new()),
            renewers: Vec::new(),
            max_lifetime_ms: 0,
        }
    }
}

impl Element for CreateDelegationTokenRequest {
    const SIZE_MIN: usize = 10;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version == 3 {
            it.owner_principal_type = input.nullable_string()?;
        }
        if version == 3 {
            it.owner_principal_name = input.nullable_string()?;
        }
        it.renewers = input.array(version)?;
        it.max_lifetime_ms = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version == 3 {
            out.nullable_string(self.owner_principal_type.as_deref())?;
        } else if self.owner_principal_type.as_deref() != Some("") {
            return Err(EncodeError::FieldNotInVersion {
                field: "CreateDelegationTokenRequest.OwnerPrincipalType",
                version,
            });
        }
        if version == 3 {
            out.nullable_string(self.owner_principal_name.as_deref())?;
        } else if self.owner_principal_name.as_deref() != Some("") {
            return Err(EncodeError::FieldNotInVersion {
                field: "CreateDelegationTokenRequest.OwnerPrincipalName",
                version,
            });
        }
        out.array(&self.renewers, version)?;
        out.i64(self.max_lifetime_ms);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableRenewers {
    pub principal_type: String,
    pub principal_name: String,
}

impl Element for CreatableRenewers {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.principal_type = input.string()?;
        it.principal_name = input.string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.principal_type)?;
        out.string(&self.principal_name)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for CreateDelegationTokenRequest {
    const NAME: &'static str = "CreateDelegationTokenRequest";
    const VERSIONS: VersionRange = VersionRange::new(1, 3);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 3);
}

impl Request for CreateDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::CreateDelegationToken;
    type Response = super::CreateDelegationTokenResponse;
}
