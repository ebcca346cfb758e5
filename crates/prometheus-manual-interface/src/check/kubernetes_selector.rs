//! Selectors of Kubernetes.

/// Checks a [field selector]: names with `=`, `==` or `!=` and a value.
///
/// [field selector]: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
pub(crate) fn check_field(selector: &str) -> Result<(), String> {
    if selector.is_empty() || selector.split(',').all(is_comparison) {
        Ok(())
    } else {
        Err("it must be comparisons such as `metadata.name=web`, with `,` between them".to_owned())
    }
}

/// Checks a [label selector]: the same, names alone or after `!`, and sets.
///
/// [label selector]: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
pub(crate) fn check_label(selector: &str) -> Result<(), String> {
    // Kubernetes knows fewer kinds of blanks than Rust.
    let is_plain = selector.chars().all(|c| matches!(c, ' '..='~'));
    let all_hold = requirements(selector).all(|requirement| {
        let requirement = requirement.trim();
        let name = requirement.strip_prefix('!').unwrap_or(requirement);
        is_name(name) || is_comparison(requirement) || is_set(requirement)
    });
    if selector.is_empty() || is_plain && all_hold {
        Ok(())
    } else {
        Err("it must be requirements such as `app=web`, `!canary` or `env in (a, b)`, with `,` between them".to_owned())
    }
}

/// Splits at the commas that are not within parentheses.
fn requirements(selector: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    selector.split(move |c| {
        is_inside = (is_inside || c == '(') && c != ')';
        c == ',' && !is_inside
    })
}

fn is_comparison(text: &str) -> bool {
    let parts = ["!=", "==", "="].iter().find_map(|operator| text.split_once(operator));
    let Some((name, value)) = parts else {
        return false;
    };
    let value = value.trim();
    is_name(name.trim()) && (value.is_empty() || is_value(value))
}

fn is_set(text: &str) -> bool {
    let Some((head, values)) = text.split_once('(') else {
        return false;
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let [name, "in" | "notin"] = words[..] else {
        return false;
    };
    let Some(values) = values.strip_suffix(')') else {
        return false;
    };
    is_name(name) && values.split(',').all(|value| is_value(value.trim()))
}

/// Tells whether a text is a name, after a prefix and `/` or without one.
fn is_name(text: &str) -> bool {
    match text.split_once('/') {
        None => is_value(text),
        Some((prefix, name)) => {
            let is_part = |part: &str| {
                is_value(part) && !part.contains(|c: char| c == '_' || c.is_ascii_uppercase())
            };
            prefix.len() <= 253 && prefix.split('.').all(is_part) && is_value(name)
        }
    }
}

fn is_value(text: &str) -> bool {
    let ends = [text.bytes().next(), text.bytes().last()];
    text.len() <= 63
        && !matches!(text, "in" | "notin")
        && ends.iter().all(|end| end.is_some_and(|b| b.is_ascii_alphanumeric()))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::{check_field, check_label};

    #[test]
    fn takes_selectors() {
        for selector in [
            "",
            "metadata.name=web",
            "status.phase!=Running,metadata.namespace==a",
            "spec.nodeName=",
        ] {
            assert_eq!(check_field(selector), Ok(()), "{selector:?}");
        }
        for selector in
            ["", "app=web", "a, !b", "example.com/name==x,env in (a, b),tier notin (c)", "a!=b"]
        {
            assert_eq!(check_label(selector), Ok(()), "{selector:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_selector() {
        for selector in ["a", ",", "a=b,", "=b", "a=b=c", "a=b c", "a!==b", "a===b", "a=!b"] {
            assert!(check_field(selector).is_err(), "{selector:?}");
        }
        for selector in [
            "a b",
            "a in b",
            "a in (b",
            "-a",
            "a=b,,c",
            "UP.com/a",
            "in",
            "a in (b) c",
            "a in ()",
            "a,",
            "a!==b",
            "a=b!=c",
            "a\u{a0}",
            "a in (b,)",
        ] {
            assert!(check_label(selector).is_err(), "{selector:?}");
        }
        insta::assert_snapshot!(
            check_field("a").unwrap_err(),
            @"it must be comparisons such as `metadata.name=web`, with `,` between them"
        );
        insta::assert_snapshot!(
            check_label("a b").unwrap_err(),
            @"it must be requirements such as `app=web`, `!canary` or `env in (a, b)`, with `,` between them"
        );
    }
}
