// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterUserScramCredentialsRequest {
    pub deletions: Vec<ScramCredentialDeletion>,
    pub upsertions: Vec<ScramCredentialUpsertion>,
}

impl Element for AlterUserScramCredentialsRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.deletions = input.array(version)?;
        it.upsertions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.deletions, version)?;
        out.array(&self.upsertions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScramCredentialDeletion {
    pub name: String,
    pub mechanism: i8,
}

impl Element for ScramCredentialDeletion {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.mechanism = input.i8()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i8(self.mechanism);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScramCredentialUpsertion {
    pub name: String,
    pub mechanism: i8,
    pub iterations: i32,
    pub salt: Bytes,
    pub salted_password: Bytes,
}

impl Element for ScramCredentialUpsertion {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.mechanism = input.i8()?;
        it.iterations = input.i32()?;
        it.salt = input.bytes()?;
        it.salted_password = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i8(self.mechanism);
        out.i32(self.iterations);
        out.bytes(&self.salt)?;
        out.bytes(&self.salted_password)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for AlterUserScramCredentialsRequest {
    const NAME: &'static str = "AlterUserScramCredentialsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Request for AlterUserScramCredentialsRequest {
    const KEY: ApiKey = ApiKey::AlterUserScramCredentials;
    type Response = super::AlterUserScramCredentialsResponse;
}
