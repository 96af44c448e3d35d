use std::fmt;
use std::marker::PhantomData;

use model::Uuid;

use crate::{DecodeError, Message, Reader};

/// A value that borrows from the bytes it was read from.
pub trait View<'a>: Copy {
    /// The fewest bytes a value takes in any version.
    const SIZE_MIN: usize;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError>;
}

/// An array whose bytes were checked once and are read again as one goes through it, so that nothing is allocated.
#[derive(Clone, Copy)]
pub struct ArrayView<'a, T> {
    data: &'a [u8],
    count: usize,
    version: i16,
    flexible: bool,
    element: PhantomData<fn() -> T>,
}

impl<'a, T> ArrayView<'a, T> {
    pub const fn empty() -> Self {
        Self { data: &[], count: 0, version: 0, flexible: false, element: PhantomData }
    }

    pub const fn len(&self) -> usize {
        self.count
    }

    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<'a, T: View<'a>> ArrayView<'a, T> {
    pub fn iter(&self) -> ArrayViewIter<'a, T> {
        let mut input = Reader::new(self.data);
        input.set_flexible(self.flexible);
        ArrayViewIter { input, left: self.count, version: self.version, element: PhantomData }
    }

    pub(crate) fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let array = Self::read_nullable(input, version)?;
        let null = DecodeError::Null { position: input.position() };
        array.ok_or(null)
    }

    pub(crate) fn read_nullable(
        input: &mut Reader<'a>,
        version: i16,
    ) -> Result<Option<Self>, DecodeError> {
        let Some(count) = input.nullable_count(T::SIZE_MIN)? else { return Ok(None) };
        let rest = input.rest();
        let start = input.position();
        for _ in 0..count {
            T::read(input, version)?;
        }
        let data = rest.get(..input.position() - start).unwrap_or_default();
        let flexible = input.is_flexible();
        Ok(Some(Self { data, count, version, flexible, element: PhantomData }))
    }
}

impl<'a, T: View<'a>> IntoIterator for ArrayView<'a, T> {
    type Item = T;
    type IntoIter = ArrayViewIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: View<'a> + fmt::Debug> fmt::Debug for ArrayView<'a, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// The elements of an [`ArrayView`].
#[derive(Clone, Debug)]
pub struct ArrayViewIter<'a, T> {
    input: Reader<'a>,
    left: usize,
    version: i16,
    element: PhantomData<fn() -> T>,
}

impl<'a, T: View<'a>> Iterator for ArrayViewIter<'a, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        let element = T::read(&mut self.input, self.version);
        // These bytes were read once when the array was made.
        debug_assert!(element.is_ok());
        element.ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<'a, T: View<'a>> ExactSizeIterator for ArrayViewIter<'a, T> {}

/// Reads bytes that are one request, `V` being the view of the owned message `M`.
pub(crate) fn parse_view<'a, M: Message, V: View<'a>>(
    data: &'a [u8],
    version: i16,
) -> Result<V, DecodeError> {
    if !M::VERSIONS.contains(version) {
        let (message, versions) = (M::NAME, M::VERSIONS);
        return Err(DecodeError::Version { message, versions, version });
    }
    let mut input = Reader::new(data);
    input.set_flexible(M::FLEXIBLE.contains(version));
    let view = V::read(&mut input, version)?;
    input.finish()?;
    Ok(view)
}

macro_rules! primitive_view {
    ($($type:ty, $method:ident, $size:expr;)*) => {$(
        impl<'a> View<'a> for $type {
            const SIZE_MIN: usize = $size;

            #[inline]
            fn read(input: &mut Reader<'a>, _: i16) -> Result<Self, DecodeError> {
                input.$method()
            }
        }
    )*};
}

primitive_view! {
    i8, i8, 1;
    i16, i16, 2;
    i32, i32, 4;
    i64, i64, 8;
    Uuid, uuid, 16;
    &'a str, str, 1;
}
