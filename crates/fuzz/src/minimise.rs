use crate::limits::MINIMISE_COUNT_MAX;

/// A smaller input that still fails: without pieces that do not matter, with zeros where that does not matter.
pub(crate) fn minimise(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut left = MINIMISE_COUNT_MAX;
    let mut piece = best.len().next_power_of_two() / 2;
    while piece > 0 {
        let mut start = 0;
        while start < best.len() && left > 0 {
            left -= 1;
            let end = best.len().min(start + piece);
            let without = [&best[..start], &best[end..]].concat();
            if fails(&without) {
                best = without;
                continue;
            }
            let mut zeros = best.clone();
            zeros[start..end].fill(0);
            if zeros != best && fails(&zeros) {
                best = zeros;
            }
            start += piece;
        }
        piece /= 2;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_makes_it_fail_is_left() {
        let input: Vec<u8> = (0..=255).collect();
        let fails = |bytes: &[u8]| bytes.contains(&77) && bytes.contains(&200);
        assert_eq!(minimise(&input, fails), [77, 200]);
    }
}
