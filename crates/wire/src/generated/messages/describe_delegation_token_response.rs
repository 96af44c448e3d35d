// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeDelegationTokenResponse {
    pub error_code: i16,
    pub tokens: Vec<DescribedDelegationToken>,
    pub throttle_time_ms: i32,
}

impl Element for DescribeDelegationTokenResponse {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.tokens = input.array(version)?;
        it.throttle_time_ms = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        out.array(&self.tokens, version)?;
        out.i32(self.throttle_time_ms);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedDelegationToken {
    pub principal_type: String,
    pub principal_name: String,
    /// Version 3.
    pub token_requester_principal_type: String,
    /// Version 3.
    pub token_requester_principal_name: String,
    pub issue_timestamp: i64,
    pub expiry_timestamp: i64,
    pub max_timestamp: i64,
    pub token_id: String,
    pub hmac: Bytes,
    pub renewers: Vec<DescribedDelegationTokenRenewer>,
}

impl Element for DescribedDelegationToken {
    const SIZE_MIN: usize = 30;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.principal_type = input.string()?;
        it.principal_name = input.string()?;
        if version == 3 {
            it.token_requester_principal_type = input.string()?;
        }
        if version == 3 {
            it.token_requester_principal_name = input.string()?;
        }
        it.issue_timestamp = input.i64()?;
        it.expiry_timestamp = input.i64()?;
        it.max_timestamp = input.i64()?;
        it.token_id = input.string()?;
        it.hmac = input.bytes()?;
        it.renewers = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.principal_type)?;
        out.string(&self.principal_name)?;
        if version == 3 {
            out.string(&self.token_requester_principal_type)?;
        } else if !self.token_requester_principal_type.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeDelegationTokenResponse.DescribedDelegationToken.TokenRequesterPrincipalType",
                version,
            });
        }
        if version == 3 {
            out.string(&self.token_requester_principal_name)?;
        } else if !self.token_requester_principal_name.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeDelegationTokenResponse.DescribedDelegationToken.TokenRequesterPrincipalName",
                version,
            });
        }
        out.i64(self.issue_timestamp);
        out.i64(self.expiry_timestamp);
        out.i64(self.max_timestamp);
        out.string(&self.token_id)?;
        out.bytes(&self.hmac)?;
        out.array(&self.renewers, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedDelegationTokenRenewer {
    pub principal_type: String,
    pub principal_name: String,
}

impl Element for DescribedDelegationTokenRenewer {
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

impl Message for DescribeDelegationTokenResponse {
    const NAME: &'static str = "DescribeDelegationTokenResponse";
    const VERSIONS: VersionRange = VersionRange::new(1, 3);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 3);
}
