//! The arguments `key=value` of several tools.

use std::collections::BTreeMap;

use super::failure::Failure;
use crate::go;

/// Reads `key=value` arguments. Blanks around key and value do not count; a
/// value may be empty.
pub(super) fn parse(arguments: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut settings = BTreeMap::new();
    for argument in arguments {
        let Some((key, value)) = argument.split_once('=') else {
            let argument = go::quote(argument);
            return Err(Failure::usage(format!("expected \"key=value\", got {argument}")));
        };
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err(Failure::usage(format!("expected \"key=value\", got \"={value}\"")));
        }
        if settings.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Failure::usage(format!("key {} specified more than once", go::quote(key))));
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse_all(arguments: &[&str]) -> Result<BTreeMap<String, String>, String> {
        let arguments: Vec<String> =
            arguments.iter().map(|argument| (*argument).to_owned()).collect();
        parse(&arguments).map_err(|failure| failure.to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics_and_keeps_pairs(key in "[^=\\s]{1,9}", value in "\\S{0,9}", other in ".*") {
            let _ = parse_all(&[&other]);
            prop_assert_eq!(&parse_all(&[&format!("{key}={value}")]).unwrap()[&key], &value);
        }
    }

    #[test]
    fn trims_keys_and_values() {
        let settings = parse_all(&[" a = b = c ", "empty="]).unwrap();
        assert_eq!(settings["a"], "b = c");
        assert_eq!(settings["empty"], "");
    }

    #[test]
    fn refuses_what_is_no_pair() {
        insta::assert_snapshot!(parse_all(&["haha"]).unwrap_err(), @r#"expected "key=value", got "haha""#);
        insta::assert_snapshot!(parse_all(&[" = v "]).unwrap_err(), @r#"expected "key=value", got "=v""#);
        insta::assert_snapshot!(parse_all(&["k=1", "k =2"]).unwrap_err(), @r#"key "k" specified more than once"#);
    }
}
