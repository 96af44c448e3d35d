//! SipHash-2-4 with 128 bits of result.
//!
//! The cleaner knows keys only by it, and two keys with one digest would cost a record. By chance that takes 2^64 keys; and
//! since nobody outside knows the secret, nobody can make two such keys on purpose, which for a digest without one (Apache
//! Kafka's cleaner takes MD5) is a matter of seconds.

/// A key, as the cleaner knows it: evenly spread.
pub(crate) type Digest = [u32; 4];

/// What the digests of one cleaning are made with.
#[derive(Clone, Copy)]
pub(crate) struct DigestSecret {
    k0: u64,
    k1: u64,
}

impl DigestSecret {
    pub(crate) const fn new(k0: u64, k1: u64) -> Self {
        Self { k0, k1 }
    }

    #[inline]
    pub(crate) fn digest(self, key: &[u8]) -> Digest {
        let (low, high) = self.halves(key);
        [bottom(low >> 32), bottom(low), bottom(high >> 32), bottom(high)]
    }

    #[inline]
    fn halves(self, key: &[u8]) -> (u64, u64) {
        let mut state = State([
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d ^ 0xee,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ]);
        let (words, rest) = key.as_chunks::<8>();
        for word in words {
            state.take_in(u64::from_le_bytes(*word));
        }
        let mut last = (key.len() as u64) << 56;
        for (at, byte) in rest.iter().enumerate() {
            last |= u64::from(*byte) << (8 * at);
        }
        state.take_in(last);
        state.0[2] ^= 0xee;
        let low = state.result();
        state.0[1] ^= 0xdd;
        (low, state.result())
    }
}

impl std::fmt::Debug for DigestSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DigestSecret")
    }
}

const fn bottom(word: u64) -> u32 {
    #[allow(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
    let half = word as u32;
    half
}

struct State([u64; 4]);

impl State {
    #[inline(always)]
    const fn round(&mut self) {
        let [mut v0, mut v1, mut v2, mut v3] = self.0;
        v0 = v0.wrapping_add(v1);
        v1 = v1.rotate_left(13) ^ v0;
        v0 = v0.rotate_left(32);
        v2 = v2.wrapping_add(v3);
        v3 = v3.rotate_left(16) ^ v2;
        v0 = v0.wrapping_add(v3);
        v3 = v3.rotate_left(21) ^ v0;
        v2 = v2.wrapping_add(v1);
        v1 = v1.rotate_left(17) ^ v2;
        v2 = v2.rotate_left(32);
        self.0 = [v0, v1, v2, v3];
    }

    #[inline(always)]
    const fn take_in(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
    }

    #[inline(always)]
    const fn result(&mut self) -> u64 {
        self.round();
        self.round();
        self.round();
        self.round();
        self.0[0] ^ self.0[1] ^ self.0[2] ^ self.0[3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first, second, ninth and sixteenth vector of the reference implementation: key 00..0f, input 00 01 02 …
    #[test]
    fn digests_are_those_of_the_reference() {
        let key: [u8; 16] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
        let secret = DigestSecret::new(half(&key[..8]), half(&key[8..]));
        let hex = |length: usize| {
            let (low, high) = secret.halves(&key[..length]);
            let bytes = [low.to_le_bytes(), high.to_le_bytes()].concat();
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        assert_eq!(hex(0), "a3817f04ba25a8e66df67214c7550293");
        assert_eq!(hex(1), "da87c1d86b99af44347659119b22fc45");
        assert_eq!(hex(2), "8177228da4a45dc7fca38bdef60affe4");
        assert_eq!(hex(3), "9c70b60c5267a94e5f33b6b02985ed51");
    }
}
