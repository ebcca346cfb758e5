//! Ends a program, as far as its files go, before one of its changes to them.

use std::cell::Cell;
use std::io;

thread_local! {
    /// How many changes are made in this thread until there are no more.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
    /// What looks at the files before each change.
    static OBSERVER: Cell<Option<Box<dyn Fn()>>> = const { Cell::new(None) };
}

/// Counts a change. A program that was killed cleans nothing up either, so that
/// after the first error all others fail too.
pub(crate) fn pass() -> io::Result<()> {
    if let Some(observer) = OBSERVER.take() {
        observer();
        OBSERVER.set(Some(observer));
    }
    let left = LEFT.get().checked_sub(1).ok_or_else(|| io::Error::other("killed"))?;
    LEFT.set(left);
    Ok(())
}

/// Runs something that is killed after so many changes, and returns how many it
/// made.
pub(crate) fn after(changes: usize, run: impl FnOnce()) -> usize {
    LEFT.set(changes);
    run();
    changes - LEFT.replace(usize::MAX)
}

/// Runs something, and looks at the files before each of its changes.
pub(crate) fn observed(observer: impl Fn() + 'static, run: impl FnOnce()) {
    OBSERVER.set(Some(Box::new(observer)));
    run();
    OBSERVER.set(None);
}
