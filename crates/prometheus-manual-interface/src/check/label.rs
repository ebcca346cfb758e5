//! Names of labels.

use crate::shortened::quoted;

/// Tells whether a text is a [label name] of the classic kind. Later versions
/// take any text, if they are told so.
///
/// [label name]: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
pub(crate) fn is_name(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit()) && is_word(text)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Tells whether a text becomes a label name when what `$1` or `${name}` stand
/// for is put in.
pub(crate) fn is_name_template(text: &str) -> bool {
    let mut parts = text.split('$');
    let start = parts.next().unwrap_or_default();
    let rest_holds = parts.all(|part| match part.strip_prefix('{') {
        None => is_word(part),
        Some(part) => part.split_once('}').is_some_and(|(reference, text)| {
            is_word(reference) && (text.is_empty() || is_word(text))
        }),
    });
    !text.is_empty() && (start.is_empty() || is_name(start)) && rest_holds
}

pub(crate) fn check_name(text: &str) -> Result<(), String> {
    if is_name(text) { Ok(()) } else { Err(format!("{} is no label name", quoted(text))) }
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_name_template};

    #[test]
    fn a_name_is_letters_digits_and_underscores() {
        for name in ["a", "_", "__address__", "A1"] {
            assert!(is_name(name) && is_name_template(name), "{name:?}");
        }
        for name in ["", "1a", "a-b", "a.b", "ä", "a b", "a:b", "a\n"] {
            assert!(!is_name(name) && !is_name_template(name), "{name:?}");
        }
    }

    #[test]
    fn a_template_may_refer_to_groups() {
        for template in ["$1", "${1}", "${name}_a", "a_$1", "a${1}$2", "__tmp_${x}y"] {
            assert!(is_name_template(template), "{template:?}");
        }
        for template in ["$", "$$1", "a$", "${}", "${1", "${1}-", "$-", "1$1", "${a-b}"] {
            assert!(!is_name_template(template), "{template:?}");
        }
    }
}
