use model::Offset;

/// Records that a group has still to decide about (KIP-1226): those from the share-partition's start to the high watermark,
/// those of open transactions too, less those that are decided out of order. `None` while the group has no start offset, or when the
/// count was written by a version that did not know it.
pub fn lag(
    end: Offset,
    start: Option<Offset>,
    delivery_complete_count: Option<u32>,
) -> Option<u64> {
    let open = end.records_since(start?);
    Some(open.saturating_sub(u64::from(delivery_complete_count?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::offset;

    #[test]
    fn records_decided_out_of_order_are_no_lag() {
        assert_eq!(lag(offset(100), Some(offset(40)), Some(15)), Some(45));
        assert_eq!(lag(offset(100), Some(offset(100)), Some(0)), Some(0));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(lag(offset(100), None, Some(0)), None);
        assert_eq!(lag(offset(100), Some(offset(40)), None), None);
    }

    #[test]
    fn a_log_that_was_cut_has_no_negative_lag() {
        assert_eq!(lag(offset(10), Some(offset(40)), Some(3)), Some(0));
    }
}
