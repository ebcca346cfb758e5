use thiserror::Error;

/// What `juju deploy --storage data=…` says of a storage: a pool, a count and
/// a size, in any order, each at most once.
///
/// Only the count matters here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct StorageDirective {
    pub(crate) count: Option<u32>,
}

impl StorageDirective {
    pub(crate) fn read(text: &str) -> Result<Self, StorageDirectiveError> {
        let refuse = |reason| StorageDirectiveError { text: text.to_owned(), reason };
        let (mut pool, mut count, mut size) = (false, None, false);
        for field in text.split(',') {
            if !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit()) {
                let number = field.parse().ok().filter(|number| *number > 0);
                let number = number.ok_or_else(|| refuse("the count must be greater than zero"))?;
                if count.replace(number).is_some() {
                    return Err(refuse("it has two counts"));
                }
            } else if is_size(field) {
                if std::mem::replace(&mut size, true) {
                    return Err(refuse("it has two sizes"));
                }
            } else if field.starts_with(|c: char| c.is_ascii_alphabetic()) {
                if std::mem::replace(&mut pool, true) {
                    return Err(refuse("it has two pools"));
                }
            } else {
                return Err(refuse("it must look like `POOL,COUNT,SIZE`, such as `2` or `1,10G`"));
            }
        }
        Ok(Self { count })
    }
}

/// The text is no storage directive; the message quotes it and says why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("cannot parse storage directive \"{text}\": {reason}")]
pub struct StorageDirectiveError {
    text: String,
    reason: &'static str,
}

/// Tells whether a text is a number with a unit, such as `10G` or `1.5TiB`.
fn is_size(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.strip_suffix("iB").or_else(|| unit.strip_suffix('B')).unwrap_or(unit);
    number.parse::<f64>().is_ok() && unit.len() == 1 && "MGTPEZY".contains(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_fields_in_any_order() {
        let count = |text: &str| StorageDirective::read(text).unwrap().count;
        assert_eq!(count("2"), Some(2));
        assert_eq!(count("ebs,3,10G"), Some(3));
        assert_eq!(count("1.5TiB,4,loop"), Some(4));
        assert_eq!(count("loop"), None);
    }

    #[test]
    fn quotes_what_is_wrong() {
        let refusal = |text: &str| StorageDirective::read(text).unwrap_err();
        insta::assert_snapshot!(refusal("0"), @r#"cannot parse storage directive "0": the count must be greater than zero"#);
        insta::assert_snapshot!(refusal("1,2"), @r#"cannot parse storage directive "1,2": it has two counts"#);
        insta::assert_snapshot!(refusal("1G,2G"), @r#"cannot parse storage directive "1G,2G": it has two sizes"#);
        insta::assert_snapshot!(refusal("a,b"), @r#"cannot parse storage directive "a,b": it has two pools"#);
        insta::assert_snapshot!(refusal(""), @r#"cannot parse storage directive "": it must look like `POOL,COUNT,SIZE`, such as `2` or `1,10G`"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(text in ".*|[0-9a-zGT.,-]*") {
            let _ = StorageDirective::read(&text);
        }
    }
}
