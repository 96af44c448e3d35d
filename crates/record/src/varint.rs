//! Kafka's variable-length numbers: seven bits a byte, low ones first, signed ones in zigzag.

/// Bytes that `value` takes in zigzag.
#[inline]
pub(crate) const fn size_i64(value: i64) -> usize {
    size_u64(zigzag(value))
}

#[inline]
pub(crate) const fn size_i32(value: i32) -> usize {
    size_u64(zigzag(value as i64))
}

/// Nine bits of product per seven bits of number: exact for 1 to 64 bits, without a branch.
#[inline]
const fn size_u64(value: u64) -> usize {
    let bits = 64 - (value | 1).leading_zeros();
    ((bits * 9 + 64) / 64) as usize
}

const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

/// Writes `value` in zigzag at the start of `out` and gives how many bytes it took. `out` must have room.
#[inline]
pub(crate) fn put_i64(out: &mut [u8], value: i64) -> usize {
    let mut rest = zigzag(value);
    let mut at = 0;
    while rest >= 0x80 {
        out[at] = low_byte(rest) | 0x80;
        rest >>= 7;
        at += 1;
    }
    out[at] = low_byte(rest);
    at + 1
}

const fn low_byte(value: u64) -> u8 {
    #[allow(clippy::cast_possible_truncation, reason = "the low byte is what is wanted")]
    let byte = value as u8;
    byte
}

/// Reads from the front of a slice. Every read gives `None` when the bytes end or the number is too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    #[inline]
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    #[inline]
    pub(crate) fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(size)?;
        self.rest = rest;
        Some(taken)
    }

    /// A zigzag number of at most five bytes; higher bits are dropped, as Java drops them.
    #[inline]
    pub(crate) fn i32(&mut self) -> Option<i32> {
        let first = self.byte()?;
        let mut raw = u32::from(first & 0x7f);
        if first & 0x80 != 0 {
            raw |= self.more_u32()?;
        }
        Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    fn more_u32(&mut self) -> Option<u32> {
        let mut raw = 0;
        for shift in [7, 14, 21, 28] {
            let byte = self.byte()?;
            raw |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(raw);
            }
        }
        None
    }

    /// A zigzag number of at most ten bytes; higher bits are dropped, as Java drops them.
    #[inline]
    pub(crate) fn i64(&mut self) -> Option<i64> {
        let mut raw = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            raw |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed());
            }
        }
        None
    }

    /// A length and as many bytes; `Some(None)` for a negative length, which means null.
    #[inline]
    pub(crate) fn nullable_bytes(&mut self) -> Option<Option<&'a [u8]>> {
        match usize::try_from(self.i32()?) {
            Ok(size) => self.take(size).map(Some),
            Err(_) => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: i64) {
        let mut bytes = [0xee; 10];
        let size = put_i64(&mut bytes, value);
        assert_eq!(size, size_i64(value), "size of {value}");
        let mut cursor = Cursor { rest: &bytes[..size] };
        assert_eq!(cursor.i64(), Some(value));
        assert!(cursor.rest.is_empty());
        if let Ok(small) = i32::try_from(value) {
            assert_eq!(size_i32(small), size);
            let mut cursor = Cursor { rest: &bytes[..size] };
            assert_eq!(cursor.i32(), Some(small));
            assert!(cursor.rest.is_empty());
        }
        assert_eq!(Cursor { rest: &bytes[..size - 1] }.i64(), None);
    }

    #[test]
    fn numbers_around_every_power_of_two_come_back() {
        for shift in 0..64 {
            let power = 1_i64 << shift;
            for value in [power, power.wrapping_sub(1), power.wrapping_neg(), !power] {
                check(value);
            }
        }
    }

    #[test]
    fn known_numbers_have_known_bytes() {
        let bytes = |value| {
            let mut out = [0; 10];
            let size = put_i64(&mut out, value);
            out[..size].to_vec()
        };
        assert_eq!(bytes(0), [0]);
        assert_eq!(bytes(-1), [1]);
        assert_eq!(bytes(63), [0x7e]);
        assert_eq!(bytes(64), [0x80, 0x01]);
        assert_eq!(bytes(-8193), [0x81, 0x80, 0x01]);
        assert_eq!(bytes(i64::MIN), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    }

    #[test]
    fn a_number_that_does_not_end_is_refused() {
        assert_eq!(Cursor { rest: &[0x80; 5] }.i32(), None);
        assert_eq!(Cursor { rest: &[0x80; 10] }.i64(), None);
        assert_eq!(Cursor { rest: &[] }.i32(), None);
    }
}
