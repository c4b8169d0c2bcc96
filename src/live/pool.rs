//! Work on many things at the same time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Number of nodes that are asked at the same time.
const AT_ONCE: usize = 32;

/// Does the same for many things, some at a time; results come in the order of the things.
pub(super) fn for_each<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = things.len();
    let queue: Mutex<VecDeque<(usize, T)>> = Mutex::new(things.into_iter().enumerate().collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(count));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(count) {
            scope.spawn(|| {
                while let Some((ix, thing)) = next() {
                    let result = work(thing);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((ix, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(ix, _)| *ix);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        let things: Vec<u64> = (0..100).collect();
        let squares = for_each(things.clone(), |number| number * number);
        assert_eq!(squares, things.iter().map(|number| number * number).collect::<Vec<_>>());
        assert!(for_each(Vec::<u64>::new(), |number| number).is_empty());
    }
}
