use crate::{ApiKey, DecodeError, Reader};

pub use crate::records::header::{RequestHeader, ResponseHeader};

/// The header of a request, read in place. Keys and versions that are not known are kept as they came: what to answer
/// them is the server's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestHeaderView<'a> {
    pub api_key: i16,
    pub api_version: i16,
    pub correlation_id: i32,
    pub client_id: Option<&'a str>,
}

impl<'a> RequestHeaderView<'a> {
    /// Splits a frame in its header and the body of the request.
    pub fn parse(frame: &'a [u8]) -> Result<(Self, &'a [u8]), DecodeError> {
        let mut input = Reader::new(frame);
        let header = Self {
            api_key: input.i16()?,
            api_version: input.i16()?,
            correlation_id: input.i32()?,
            client_id: input.plain_nullable_str()?,
        };
        let version = header.key().map(|key| key.request_header_version(header.api_version));
        if version == Some(2) {
            input.set_flexible(true);
            input.skip_tagged_fields()?;
        }
        Ok((header, input.rest()))
    }

    /// `None` for an API that is not known.
    pub fn key(&self) -> Option<ApiKey> {
        ApiKey::from_code(self.api_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn frame(key: ApiKey, version: i16, client_id: Option<&str>) -> Vec<u8> {
        let header = RequestHeader {
            api_key: key.code(),
            api_version: version,
            correlation_id: 7,
            client_id: client_id.map(str::to_owned),
        };
        let mut frame = Vec::new();
        header.encode(&mut frame, key.request_header_version(version)).unwrap();
        frame.extend(b"body");
        frame
    }

    #[test]
    fn a_header_is_split_from_its_body_in_either_version() {
        for version in [11, 12] {
            let frame = frame(ApiKey::Fetch, version, Some("me"));
            let (header, body) = RequestHeaderView::parse(&frame).unwrap();
            assert_eq!(header.key(), Some(ApiKey::Fetch));
            assert_eq!((header.api_version, header.correlation_id), (version, 7));
            assert_eq!(header.client_id, Some("me"));
            assert_eq!(body, b"body");
        }
    }

    #[test]
    fn the_client_id_keeps_its_old_length_in_flexible_headers() {
        let bytes = frame(ApiKey::Fetch, 12, Some("me"));
        assert_eq!(bytes, b"\0\x01\0\x0c\0\0\0\x07\0\x02me\0body");
        let bytes = frame(ApiKey::Fetch, 12, None);
        assert_eq!(bytes, b"\0\x01\0\x0c\0\0\0\x07\xff\xff\0body");
    }

    #[test]
    fn an_unknown_key_is_kept() {
        let (header, body) = RequestHeaderView::parse(b"\x7f\0\0\x01\0\0\0\x07\xff\xff!").unwrap();
        assert_eq!((header.api_key, header.key()), (0x7f00, None));
        assert_eq!(body, b"!");
    }

    #[test]
    fn a_header_cut_short_is_an_error() {
        let frame = frame(ApiKey::Fetch, 12, Some("me"));
        for size in 0..frame.len() - 4 {
            assert!(RequestHeaderView::parse(&frame[..size]).is_err());
        }
    }
}
