use model::Uuid;

use crate::limits::STRING_SIZE_MAX;
use crate::{Element, EncodeError};

type Result<T> = std::result::Result<T, EncodeError>;

/// Appends the protocol's primitives to a buffer, which the caller may recycle: nothing else is allocated.
///
/// A message can be written piece by piece: [`Writer::array_count`], then each element's fields or
/// [`Element::write`], then [`Writer::no_tagged_fields`] at the end of each struct.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    flexible: bool,
}

/// The open tagged fields of one struct: made by [`Writer::begin_tagged_fields`], given back to
/// [`Writer::end_tagged_fields`].
#[derive(Debug)]
#[must_use = "the count of tagged fields is written at their end"]
pub struct TaggedFields {
    count_position: usize,
    count: u8,
}

impl<'a> Writer<'a> {
    pub const fn new(out: &'a mut Vec<u8>, flexible: bool) -> Self {
        Self { out, flexible }
    }

    pub const fn is_flexible(&self) -> bool {
        self.flexible
    }

    /// Bytes in the buffer, those before this writer included.
    pub const fn position(&self) -> usize {
        self.out.len()
    }

    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.out.push(u8::from(value));
    }

    #[inline]
    pub fn i8(&mut self, value: i8) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn i16(&mut self, value: i16) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn i32(&mut self, value: i32) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn i64(&mut self, value: i64) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn f64(&mut self, value: f64) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn uuid(&mut self, value: Uuid) {
        self.raw(value.as_bytes());
    }

    #[inline]
    pub fn unsigned_varint(&mut self, value: u32) {
        let (bytes, size) = unsigned_varint(value);
        self.out.extend(bytes.iter().take(size));
    }

    /// The length of bytes or records, or an array's count. What it counts must follow, from here or from elsewhere.
    #[inline]
    pub fn length(&mut self, length: usize) -> Result<()> {
        let Ok(narrow) = i32::try_from(length) else {
            return Err(EncodeError::TooLong { size: length });
        };
        if self.flexible {
            // At most 2³¹ − 1, so one more fits.
            self.unsigned_varint(narrow.unsigned_abs() + 1);
        } else {
            self.i32(narrow);
        }
        Ok(())
    }

    /// The length of bytes, of records, or of an array that is null.
    #[inline]
    pub fn null_length(&mut self) {
        if self.flexible { self.out.push(0) } else { self.i32(-1) }
    }

    #[inline]
    pub fn string(&mut self, text: &str) -> Result<()> {
        let size = text.len();
        let narrow = match i16::try_from(size) {
            Ok(narrow) if size <= STRING_SIZE_MAX => narrow,
            _ => return Err(EncodeError::TooLong { size }),
        };
        if self.flexible {
            self.unsigned_varint(u32::from(narrow.unsigned_abs()) + 1);
        } else {
            self.i16(narrow);
        }
        self.raw(text.as_bytes());
        Ok(())
    }

    #[inline]
    pub fn nullable_string(&mut self, text: Option<&str>) -> Result<()> {
        match text {
            Some(text) => self.string(text)?,
            None if self.flexible => self.out.push(0),
            None => self.i16(-1),
        }
        Ok(())
    }

    /// A nullable string with a length of two bytes whatever the version: the request header's client id.
    pub fn plain_nullable_string(&mut self, text: Option<&str>) -> Result<()> {
        let flexible = std::mem::replace(&mut self.flexible, false);
        let result = self.nullable_string(text);
        self.flexible = flexible;
        result
    }

    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.length(bytes.len())?;
        self.raw(bytes);
        Ok(())
    }

    #[inline]
    pub fn nullable_bytes(&mut self, bytes: Option<&[u8]>) -> Result<()> {
        match bytes {
            Some(bytes) => self.bytes(bytes)?,
            None => self.null_length(),
        }
        Ok(())
    }

    /// The count of an array whose elements follow.
    #[inline]
    pub fn array_count(&mut self, count: usize) -> Result<()> {
        self.length(count)
    }

    pub fn array<T: Element>(&mut self, array: &[T], version: i16) -> Result<()> {
        self.array_count(array.len())?;
        array.iter().try_for_each(|element| element.write(self, version))
    }

    pub fn nullable_array<T: Element>(&mut self, array: Option<&[T]>, version: i16) -> Result<()> {
        match array {
            Some(array) => self.array(array, version)?,
            None => self.null_length(),
        }
        Ok(())
    }

    pub fn nullable_struct<T: Element>(&mut self, value: Option<&T>, version: i16) -> Result<()> {
        match value {
            Some(value) => {
                self.i8(1);
                value.write(self, version)?;
            }
            None => self.i8(-1),
        }
        Ok(())
    }

    /// A struct in a tagged field: there Kafka marks null by 0 and a struct by 1.
    pub fn nullable_tagged_struct<T: Element>(
        &mut self,
        value: Option<&T>,
        version: i16,
    ) -> Result<()> {
        self.unsigned_varint(u32::from(value.is_some()));
        value.map_or(Ok(()), |value| value.write(self, version))
    }

    /// Ends a struct that sets no tagged field.
    #[inline]
    pub fn no_tagged_fields(&mut self) {
        if self.flexible {
            self.out.push(0);
        }
    }

    /// Starts the tagged fields that end a struct of a flexible version.
    #[inline]
    pub fn begin_tagged_fields(&mut self) -> TaggedFields {
        let count_position = self.out.len();
        self.no_tagged_fields();
        TaggedFields { count_position, count: 0 }
    }

    /// One tagged field, whose value `write` appends. Tags must come in ascending order; a struct sets at most 127.
    pub fn tagged_field(
        &mut self,
        fields: &mut TaggedFields,
        tag: u32,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        assert!(self.flexible);
        assert!(fields.count < 0x7f);
        fields.count += 1;
        self.unsigned_varint(tag);
        let size_position = self.out.len();
        self.out.push(0);
        write(self)?;
        let size = self.out.len() - size_position - 1;
        let Ok(size) = u32::try_from(size) else { return Err(EncodeError::TooLong { size }) };
        // Nearly every tagged field is shorter than 128 bytes, so that the byte reserved above is the whole size.
        let (bytes, width) = unsigned_varint(size);
        self.out.splice(size_position..=size_position, bytes.into_iter().take(width));
        Ok(())
    }

    #[inline]
    pub fn end_tagged_fields(&mut self, fields: TaggedFields) {
        if let Some(count) = self.out.get_mut(fields.count_position) {
            *count = fields.count;
        }
    }
}

/// The bytes of a variable-length integer and how many of them count.
#[inline]
fn unsigned_varint(mut value: u32) -> ([u8; 5], usize) {
    let mut bytes = [0; 5];
    let mut size = 0;
    for byte in &mut bytes {
        let [low, ..] = value.to_le_bytes();
        size += 1;
        value >>= 7;
        if value == 0 {
            *byte = low & 0x7f;
            break;
        }
        *byte = low | 0x80;
    }
    (bytes, size)
}
