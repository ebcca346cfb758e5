use std::iter;

/// What a scenario has come to, as texts.
#[derive(Debug)]
pub(super) struct Ending {
    snapshots: Vec<String>,
}

impl Ending {
    pub(super) fn new(snapshots: Vec<String>) -> Self {
        Self { snapshots }
    }

    /// Compares it with that of the undisturbed run. The error shows the lines
    /// that are different.
    pub(super) fn compare(&self, undisturbed: &Self) -> Result<(), String> {
        let mut pairs = self.snapshots.iter().zip(&undisturbed.snapshots);
        match pairs.find(|(here, there)| here != there) {
            Some((here, there)) => Err(difference(here, there)),
            None => Ok(()),
        }
    }
}

/// Shows what is between the common beginning and the common end of two texts.
fn difference(here: &str, undisturbed: &str) -> String {
    let (mut here, mut there): (Vec<_>, Vec<_>) =
        (here.lines().collect(), undisturbed.lines().collect());
    let common = here.iter().zip(&there).take_while(|(here, there)| here == there).count();
    here.drain(..common);
    there.drain(..common);
    while here.last().is_some_and(|last| there.last() == Some(last)) {
        here.pop();
        there.pop();
    }
    let title = "the end is not that of the undisturbed run".to_owned();
    let removed = there.into_iter().map(|line| format!("\n- {line}"));
    let added = here.into_iter().map(|line| format!("\n+ {line}"));
    iter::once(title).chain(removed).chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_the_lines_that_differ() {
        let ending = |text: &str| Ending::new(vec!["same".to_owned(), text.to_owned()]);
        assert_eq!(ending("a").compare(&ending("a")), Ok(()));
        insta::assert_snapshot!(ending("a\nb\nc\nd").compare(&ending("a\nx\nd")).unwrap_err(), @"
        the end is not that of the undisturbed run
        - x
        + b
        + c
        ");
        insta::assert_snapshot!(ending("a\na").compare(&ending("a")).unwrap_err(), @"
        the end is not that of the undisturbed run
        + a
        ");
    }
}
