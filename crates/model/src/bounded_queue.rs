use std::collections::VecDeque;

/// First in, first out, and never longer than it was made for.
#[derive(Clone, Debug)]
pub struct BoundedQueue<T> {
    items: VecDeque<T>,
    count_max: usize,
}

/// The queue is full; the item comes back to its owner, who pushes back or refuses.
#[derive(Debug, PartialEq, Eq)]
pub struct Full<T>(pub T);

impl<T> BoundedQueue<T> {
    pub const fn new(count_max: usize) -> Self {
        Self { items: VecDeque::new(), count_max }
    }

    pub fn push(&mut self, item: T) -> Result<(), Full<T>> {
        if self.items.len() >= self.count_max {
            return Err(Full(item));
        }
        self.items.push_back(item);
        Ok(())
    }

    pub fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    pub fn front(&self) -> Option<&T> {
        self.items.front()
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_gives_the_item_back() {
        let mut queue = BoundedQueue::new(1);
        assert_eq!(queue.push('a'), Ok(()));
        assert_eq!(queue.push('b'), Err(Full('b')));
        assert_eq!(queue.pop(), Some('a'));
        assert!(queue.is_empty());
    }
}
