// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::message::required;
use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 0 to 13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequest {
    /// Null in versions 1 to 13.
    pub topics: Option<Vec<MetadataRequestTopic>>,
    /// Versions 4 to 13.
    pub allow_auto_topic_creation: bool,
    /// Versions 8 to 10.
    pub include_cluster_authorized_operations: bool,
    /// Versions 8 to 13.
    pub include_topic_authorized_operations: bool,
}

impl Default for MetadataRequest {
    fn default() -> Self {
        Self {
            topics: Some(Vec::new()),
            allow_auto_topic_creation: true,
            include_cluster_authorized_operations: false,
            include_topic_authorized_operations: false,
        }
    }
}

impl Element for MetadataRequest {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topics =
            if version >= 1 { input.nullable_array(version)? } else { Some(input.array(version)?) };
        if version >= 4 {
            it.allow_auto_topic_creation = input.bool()?;
        }
        if (8..=10).contains(&version) {
            it.include_cluster_authorized_operations = input.bool()?;
        }
        if version >= 8 {
            it.include_topic_authorized_operations = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.nullable_array(self.topics.as_deref(), version)?
        } else {
            out.array(required(self.topics.as_deref(), "MetadataRequest.Topics")?, version)?
        };
        if version >= 4 {
            out.bool(self.allow_auto_topic_creation);
        } else if !self.allow_auto_topic_creation {
            return Err(EncodeError::FieldNotInVersion {
                field: "MetadataRequest.AllowAutoTopicCreation",
                version,
            });
        }
        if (8..=10).contains(&version) {
            out.bool(self.include_cluster_authorized_operations);
        } else if self.include_cluster_authorized_operations {
            return Err(EncodeError::FieldNotInVersion {
                field: "MetadataRequest.IncludeClusterAuthorizedOperations",
                version,
            });
        }
        if version >= 8 {
            out.bool(self.include_topic_authorized_operations);
        } else if self.include_topic_authorized_operations {
            return Err(EncodeError::FieldNotInVersion {
                field: "MetadataRequest.IncludeTopicAuthorizedOperations",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequestTopic {
    /// Versions 10 to 13, left out elsewhere.
    pub topic_id: Uuid,
    /// Null in versions 10 to 13.
    pub name: Option<String>,
}

impl Default for MetadataRequestTopic {
    fn default() -> Self {
        Self { topic_id: Uuid::ZERO, name: Some(String::new()) }
    }
}

impl Element for MetadataRequestTopic {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 10 {
            it.topic_id = input.uuid()?;
        }
        it.name = if version >= 10 { input.nullable_string()? } else { Some(input.string()?) };
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        if version >= 10 {
            out.nullable_string(self.name.as_deref())?
        } else {
            out.string(required(
                self.name.as_deref(),
                "MetadataRequest.MetadataRequestTopic.Name",
            )?)?
        };
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`MetadataRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct MetadataRequestView<'a> {
    pub topics: Option<ArrayView<'a, MetadataRequestTopicView<'a>>>,
    pub allow_auto_topic_creation: bool,
    pub include_cluster_authorized_operations: bool,
    pub include_topic_authorized_operations: bool,
}

impl Default for MetadataRequestView<'_> {
    fn default() -> Self {
        Self {
            topics: Some(ArrayView::empty()),
            allow_auto_topic_creation: true,
            include_cluster_authorized_operations: false,
            include_topic_authorized_operations: false,
        }
    }
}

impl<'a> View<'a> for MetadataRequestView<'a> {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topics = if version >= 1 {
            ArrayView::read_nullable(input, version)?
        } else {
            Some(ArrayView::read(input, version)?)
        };
        if version >= 4 {
            it.allow_auto_topic_creation = input.bool()?;
        }
        if (8..=10).contains(&version) {
            it.include_cluster_authorized_operations = input.bool()?;
        }
        if version >= 8 {
            it.include_topic_authorized_operations = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<MetadataRequestView<'_>> for MetadataRequest {
    fn from(it: MetadataRequestView<'_>) -> Self {
        Self {
            topics: it.topics.map(|array| array.iter().map(Into::into).collect()),
            allow_auto_topic_creation: it.allow_auto_topic_creation,
            include_cluster_authorized_operations: it.include_cluster_authorized_operations,
            include_topic_authorized_operations: it.include_topic_authorized_operations,
        }
    }
}

/// A [`MetadataRequestTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct MetadataRequestTopicView<'a> {
    pub topic_id: Uuid,
    pub name: Option<&'a str>,
}

impl Default for MetadataRequestTopicView<'_> {
    fn default() -> Self {
        Self { topic_id: Uuid::ZERO, name: Some("") }
    }
}

impl<'a> View<'a> for MetadataRequestTopicView<'a> {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 10 {
            it.topic_id = input.uuid()?;
        }
        it.name = if version >= 10 { input.nullable_str()? } else { Some(input.str()?) };
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<MetadataRequestTopicView<'_>> for MetadataRequestTopic {
    fn from(it: MetadataRequestTopicView<'_>) -> Self {
        Self { topic_id: it.topic_id, name: it.name.map(str::to_owned) }
    }
}

impl<'a> MetadataRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<MetadataRequest, Self>(data, version)
    }
}

impl Message for MetadataRequest {
    const NAME: &'static str = "MetadataRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 13);
    const FLEXIBLE: VersionRange = VersionRange::new(9, 13);
}

impl Request for MetadataRequest {
    const KEY: ApiKey = ApiKey::Metadata;
    type Response = super::MetadataResponse;
}
