//! The search for what spoils a whole.

use std::collections::VecDeque;

use reactive_endpoints::Result;

/// What spoils a whole that is refused, as far as it was found.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Culprits<T> {
    /// Each of them does.
    pub(crate) found: Vec<T>,
    /// Some of them do, and nobody knows which.
    pub(crate) suspects: Vec<T>,
}

impl<T: Copy> Culprits<T> {
    /// Finds them by halving, with so many questions at most whether a part is
    /// accepted. All must be refused as a whole, and what is accepted in two parts
    /// must be accepted as one.
    pub(crate) fn find(
        all: &[T],
        most_questions: usize,
        mut accepts: impl FnMut(&[T]) -> Result<bool>,
    ) -> Result<Self> {
        let mut culprits = Self { found: Vec::new(), suspects: Vec::new() };
        let mut questions_left = most_questions;
        // Each has a culprit at least. The largest come first, so that whoever is
        // innocent is cleared soon.
        let mut refused = VecDeque::from([all]);
        while let Some(part) = refused.pop_front() {
            if let [culprit] = part {
                culprits.found.push(*culprit);
                continue;
            }
            let Some(left) = questions_left.checked_sub(2) else {
                culprits.suspects.extend(part);
                continue;
            };
            let (one, other) = part.split_at(part.len() / 2);
            if accepts(one)? {
                questions_left -= 1;
                refused.push_back(other);
            } else {
                questions_left = left;
                refused.push_back(one);
                refused.extend((!accepts(other)?).then_some(other));
            }
        }
        Ok(culprits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches 0 to `all` for culprits, and returns them with the number of
    /// questions.
    fn find(all: u32, culprits: &[u32], most_questions: usize) -> (Culprits<u32>, usize) {
        let all: Vec<u32> = (0..all).collect();
        let mut questions = 0;
        let accepts = |part: &[u32]| {
            questions += 1;
            Ok(!part.iter().any(|one| culprits.contains(one)))
        };
        let found = Culprits::find(&all, most_questions, accepts).unwrap();
        (found, questions)
    }

    #[test]
    fn one_of_many_is_found_with_few_questions() {
        for culprit in [0, 333, 999] {
            let (culprits, questions) = find(1000, &[culprit], 32);
            assert_eq!(culprits, Culprits { found: vec![culprit], suspects: Vec::new() });
            assert!(questions <= 20, "{questions}");
        }
        assert_eq!(find(1, &[0], 0).1, 0);
    }

    #[test]
    fn when_all_are_wrong_it_ends_and_suspects_are_left() {
        for (all, culprits) in [(1000, (0..1000).collect::<Vec<_>>()), (64, vec![5, 20, 40, 60])] {
            let (found, questions) = find(all, &culprits, 12);
            assert!((10..=12).contains(&questions), "{questions}");
            let named = |one| found.found.contains(one) || found.suspects.contains(one);
            assert!(culprits.iter().all(named), "{found:?}");
            assert!(found.suspects.len() + found.found.len() <= all as usize);
        }
        // Those that were accepted are not suspected.
        let (found, _) = find(64, &[5, 20, 40, 60], 12);
        assert_eq!(found.suspects.len(), 40);
    }
}
