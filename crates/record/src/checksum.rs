//! CRC-32C, the checksum of a batch.
//!
//! By `crc-fast`, which chooses AVX-512 or VPCLMULQDQ folding at run time, or SSE 4.2, NEON, or tables.
//! Measured beside the `crc32c` crate on an AMD EPYC 9004 (2 cores of a virtual machine, one thread, run-time detection
//! included):
//!
//! | bytes | crc-fast 1.10 | crc32c 0.6 |
//! |---|---|---|
//! | 256 B | 14 GB/s (18 ns) | 11 GB/s (23 ns) |
//! | 1 KB | 24 GB/s (42 ns) | 17 GB/s (61 ns) |
//! | 16 KB | 50 GB/s | 19 GB/s |
//! | 1 MB | 47 GB/s | 25 GB/s |

use crc_fast::CrcAlgorithm;

/// CRC-32C (Castagnoli) of `bytes`.
pub fn crc32c(bytes: &[u8]) -> u32 {
    // The algorithm has 32 bits; the library answers in 64 for all of them.
    u32::try_from(crc_fast::checksum(CrcAlgorithm::Crc32Iscsi, bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_standard_comes_out() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(b""), 0);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }

    #[test]
    fn every_length_agrees_with_the_bitwise_definition() {
        let bytes: Vec<u8> = (0..700_u32).map(|i| (i * 31 % 251) as u8).collect();
        for end in 0..bytes.len() {
            let mut expected = !0_u32;
            for byte in &bytes[..end] {
                expected ^= u32::from(*byte);
                for _ in 0..8 {
                    expected = expected >> 1 ^ (0x82f6_3b78 & (expected & 1).wrapping_neg());
                }
            }
            assert_eq!(crc32c(&bytes[..end]), !expected, "length {end}");
        }
    }
}
