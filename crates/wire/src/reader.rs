use bytes::Bytes;
use model::Uuid;

use crate::limits::{DECODED_ARRAYS_SIZE_MAX, STRING_SIZE_MAX};
use crate::{DecodeError, Element};

type Result<T> = std::result::Result<T, DecodeError>;

/// Reads the protocol's primitives from bytes, front to back.
///
/// Whether lengths are compact (variable-length, plus one) or of fixed size follows from [`Reader::set_flexible`], which
/// [`crate::Message::decode`] calls for the version it decodes. Every length and count is checked against the
/// bytes that are there before anything is allocated.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    position: usize,
    /// Where reading stops: the end of the data, or of the tagged field that is being read.
    end: usize,
    shared: Option<&'a Bytes>,
    flexible: bool,
    memory_left: usize,
}

impl<'a> Reader<'a> {
    /// Reads borrowed bytes; owned `Bytes` fields become copies.
    pub const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            position: 0,
            end: data.len(),
            shared: None,
            flexible: false,
            memory_left: DECODED_ARRAYS_SIZE_MAX,
        }
    }

    /// Reads a shared buffer; owned `Bytes` fields become slices of it, without a copy.
    pub fn shared(data: &'a Bytes) -> Self {
        Self { shared: Some(data), ..Self::new(data) }
    }

    /// Bounds the memory that decoded arrays may take, in bytes.
    pub const fn limit_memory(&mut self, size_max: usize) {
        self.memory_left = size_max;
    }

    /// Chooses the encoding of lengths and whether structs end in tagged fields.
    pub const fn set_flexible(&mut self, flexible: bool) {
        self.flexible = flexible;
    }

    pub const fn is_flexible(&self) -> bool {
        self.flexible
    }

    /// Bytes read so far.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Bytes not yet read.
    pub const fn left(&self) -> usize {
        self.end - self.position
    }

    /// The bytes not yet read, without reading them.
    pub fn rest(&self) -> &'a [u8] {
        self.data.get(self.position..self.end).unwrap_or_default()
    }

    /// That everything was read.
    pub const fn finish(&self) -> Result<()> {
        if self.left() == 0 {
            Ok(())
        } else {
            Err(DecodeError::TrailingBytes { count: self.left() })
        }
    }

    /// The next `size` bytes.
    #[inline]
    pub fn take(&mut self, size: usize) -> Result<&'a [u8]> {
        let (position, left) = (self.position, self.left());
        let truncated = DecodeError::Truncated { position, needed: size, left };
        if size > left {
            return Err(truncated);
        }
        let bytes = self.data.get(position..position + size).ok_or(truncated)?;
        self.position += size;
        Ok(bytes)
    }

    #[inline]
    fn fixed<const SIZE: usize>(&mut self) -> Result<[u8; SIZE]> {
        let mut bytes = [0; SIZE];
        bytes.copy_from_slice(self.take(SIZE)?);
        Ok(bytes)
    }

    /// Any byte but 0 is true.
    #[inline]
    pub fn bool(&mut self) -> Result<bool> {
        Ok(self.i8()? != 0)
    }

    #[inline]
    pub fn i8(&mut self) -> Result<i8> {
        Ok(i8::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn i16(&mut self) -> Result<i16> {
        Ok(i16::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn i64(&mut self) -> Result<i64> {
        Ok(i64::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn f64(&mut self) -> Result<f64> {
        Ok(f64::from_be_bytes(self.fixed()?))
    }

    #[inline]
    pub fn uuid(&mut self) -> Result<Uuid> {
        Ok(Uuid::from_bytes(self.fixed()?))
    }

    /// Seven bits a byte, lowest first; at most five bytes.
    #[inline]
    pub fn unsigned_varint(&mut self) -> Result<u32> {
        let position = self.position;
        let mut value = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.fixed()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::Varint { position })
    }

    /// A length that may be null: compact as length plus one, else as `wide` reads it.
    #[inline]
    fn length(&mut self, wide: impl FnOnce(&mut Self) -> Result<i32>) -> Result<Option<usize>> {
        let position = self.position;
        let length = if self.flexible {
            i64::from(self.unsigned_varint()?) - 1
        } else {
            i64::from(wide(self)?)
        };
        match usize::try_from(length) {
            Ok(length) => Ok(Some(length)),
            Err(_) if length == -1 => Ok(None),
            Err(_) => Err(DecodeError::NegativeLength { position }),
        }
    }

    #[inline]
    fn present<T>(&self, value: Option<T>) -> Result<T> {
        value.ok_or(DecodeError::Null { position: self.position })
    }

    #[inline]
    pub fn nullable_str(&mut self) -> Result<Option<&'a str>> {
        let Some(size) = self.length(|reader| reader.i16().map(i32::from))? else {
            return Ok(None);
        };
        let position = self.position;
        if size > STRING_SIZE_MAX {
            return Err(DecodeError::StringTooLong { position, size });
        }
        match str::from_utf8(self.take(size)?) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(DecodeError::Utf8 { position }),
        }
    }

    #[inline]
    pub fn str(&mut self) -> Result<&'a str> {
        let text = self.nullable_str()?;
        self.present(text)
    }

    pub fn nullable_string(&mut self) -> Result<Option<String>> {
        Ok(self.nullable_str()?.map(str::to_owned))
    }

    pub fn string(&mut self) -> Result<String> {
        Ok(self.str()?.to_owned())
    }

    /// A nullable string with a length of two bytes whatever the version: the request header's client id.
    pub fn plain_nullable_str(&mut self) -> Result<Option<&'a str>> {
        let flexible = std::mem::replace(&mut self.flexible, false);
        let text = self.nullable_str();
        self.flexible = flexible;
        text
    }

    #[inline]
    pub fn nullable_slice(&mut self) -> Result<Option<&'a [u8]>> {
        match self.length(Self::i32)? {
            Some(size) => self.take(size).map(Some),
            None => Ok(None),
        }
    }

    #[inline]
    pub fn slice(&mut self) -> Result<&'a [u8]> {
        let slice = self.nullable_slice()?;
        self.present(slice)
    }

    pub fn nullable_bytes(&mut self) -> Result<Option<Bytes>> {
        let slice = self.nullable_slice()?;
        Ok(slice.map(|slice| match self.shared {
            Some(shared) => shared.slice(self.position - slice.len()..self.position),
            None => Bytes::copy_from_slice(slice),
        }))
    }

    pub fn bytes(&mut self) -> Result<Bytes> {
        let bytes = self.nullable_bytes()?;
        self.present(bytes)
    }

    /// The count of an array whose elements take at least `element_size_min` bytes each; `None` for null.
    #[inline]
    pub fn nullable_count(&mut self, element_size_min: usize) -> Result<Option<usize>> {
        let position = self.position;
        match self.length(Self::i32)? {
            Some(count) if count.saturating_mul(element_size_min.max(1)) > self.left() => {
                Err(DecodeError::ArrayTooLong { position, count })
            }
            count => Ok(count),
        }
    }

    pub fn nullable_array<T: Element>(&mut self, version: i16) -> Result<Option<Vec<T>>> {
        let Some(count) = self.nullable_count(T::SIZE_MIN)? else { return Ok(None) };
        self.memory_left = count
            .checked_mul(size_of::<T>())
            .and_then(|size| self.memory_left.checked_sub(size))
            .ok_or(DecodeError::Memory { position: self.position })?;
        let mut array = Vec::with_capacity(count);
        for _ in 0..count {
            array.push(T::read(self, version)?);
        }
        Ok(Some(array))
    }

    pub fn array<T: Element>(&mut self, version: i16) -> Result<Vec<T>> {
        let array = self.nullable_array(version)?;
        self.present(array)
    }

    /// A struct behind a byte that is negative for null.
    pub fn nullable_struct<T: Element>(&mut self, version: i16) -> Result<Option<T>> {
        if self.i8()? < 0 { Ok(None) } else { T::read(self, version).map(Some) }
    }

    /// A struct in a tagged field, where Kafka puts a variable-length 0 for null and 1 before the struct.
    pub fn nullable_tagged_struct<T: Element>(&mut self, version: i16) -> Result<Option<T>> {
        match i32::try_from(self.unsigned_varint()?) {
            Ok(1..) => T::read(self, version).map(Some),
            _ => Ok(None),
        }
    }

    /// The tagged fields that end a struct, if the version is flexible. `read` gets each tag and says whether it knows it;
    /// unknown fields are skipped. A repeated tag is read again, as Kafka reads it.
    #[inline]
    pub fn tagged_fields(
        &mut self,
        mut read: impl FnMut(&mut Self, u32) -> Result<bool>,
    ) -> Result<()> {
        if !self.flexible {
            return Ok(());
        }
        for _ in 0..self.unsigned_varint()? {
            let tag = self.unsigned_varint()?;
            let size = self.unsigned_varint()?;
            let (position, left) = (self.position, self.left());
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            if size > left {
                return Err(DecodeError::Truncated { position, needed: size, left });
            }
            let outer_end = std::mem::replace(&mut self.end, position + size);
            if !read(self, tag)? {
                self.position = self.end;
            }
            if self.position != self.end {
                return Err(DecodeError::TaggedFieldSize { position: self.end });
            }
            self.end = outer_end;
        }
        Ok(())
    }

    /// Skips the tagged fields of a struct that knows none.
    #[inline]
    pub fn skip_tagged_fields(&mut self) -> Result<()> {
        self.tagged_fields(|_, _| Ok(false))
    }
}
