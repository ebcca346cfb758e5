use std::fmt::Display;
use std::str::FromStr;

/// Parses what a test states. A test that states a name that is none is itself
/// at fault, so there is nothing to return.
#[track_caller]
pub(crate) fn stated<T: FromStr<Err: Display>>(text: &str) -> T {
    match text.parse() {
        Ok(noun) => noun,
        Err(error) => panic!("{error}"),
    }
}
