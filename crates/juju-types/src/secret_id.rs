//! The id of a secret.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model_uuid::ModelUuid;
use crate::text::{compare_by_key, is_lowercase_or_digit, string_conversions};

/// The id of a secret, in any of the forms that Juju uses for it:
/// `9m4e2mr0ui3e8a215n4g`, `secret:9m4e2mr0ui3e8a215n4g`, and, with the UUID
/// of the model that owns it, `secret://UUID/9m4e2mr0ui3e8a215n4g` or
/// `secret:UUID/9m4e2mr0ui3e8a215n4g`.
///
/// Hooks and config carry URIs, hook tools print bare ids. Only the id
/// identifies the secret, so equality, order and hash go by it; `Display`
/// gives back the form that was parsed. The secret's content is not here.
///
/// ```
/// use juju_types::SecretId;
///
/// let secret: SecretId = "secret:9m4e2mr0ui3e8a215n4g".parse()?;
/// assert_eq!(secret.id(), "9m4e2mr0ui3e8a215n4g");
/// assert_eq!(secret, "9m4e2mr0ui3e8a215n4g".parse()?);
/// # Ok::<(), juju_types::ParseSecretIdError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct SecretId {
    // Ends in the id, which is `ID_LENGTH` bytes of ASCII.
    text: String,
    source_model: Option<ModelUuid>,
}

compare_by_key!(SecretId);
string_conversions!(SecretId);

impl SecretId {
    /// Returns the bare id: 20 lower-case letters and digits without a
    /// meaning that one could rely on.
    pub fn id(&self) -> &str {
        &self.text[self.text.len() - ID_LENGTH..]
    }

    /// Returns the model that owns the secret, if the id was written with it.
    pub fn source_model(&self) -> Option<ModelUuid> {
        self.source_model
    }

    fn key(&self) -> &str {
        self.id()
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for SecretId {
    type Err = ParseSecretIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseSecretIdError { text: text.to_owned(), rule };

        let (source_model, id) = match text.strip_prefix("secret:") {
            None => (None, text),
            Some(uri) => {
                let with_authority = uri.strip_prefix("//");
                match with_authority.unwrap_or(uri).split_once('/') {
                    Some((uuid, id)) => {
                        let uuid = uuid
                            .parse()
                            .map_err(|_| reject("a valid model uuid must stand before `/`"))?;
                        (Some(uuid), id)
                    }
                    None if with_authority.is_some() => {
                        return Err(reject("a model uuid and `/` must stand after `//`"));
                    }
                    None => (None, uri),
                }
            }
        };
        if id.len() != ID_LENGTH || id.contains(|c| !is_lowercase_or_digit(c)) {
            return Err(reject("the id must be 20 lower-case letters and digits"));
        }
        Ok(Self { text: text.to_owned(), source_model })
    }
}

/// The text is no [`SecretId`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid secret id `{text}`: {rule}")]
pub struct ParseSecretIdError {
    text: String,
    rule: &'static str,
}

/// The length of a bare id in bytes.
const ID_LENGTH: usize = 20;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::SecretId;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = [
            "secret:",
            "9M4E2MR0UI3E8A215N4G",
            "secret://9m4e2mr0ui3e8a215n4g",
            "secret:prod/9m4e2mr0ui3e8a215n4g",
            "cdac5656-2423-4388-8f30-41854b4cca7d/9m4e2mr0ui3e8a215n4g",
        ];
        insta::assert_snapshot!(refusals::<SecretId>(&texts), @r"
        invalid secret id `secret:`: the id must be 20 lower-case letters and digits
        invalid secret id `9M4E2MR0UI3E8A215N4G`: the id must be 20 lower-case letters and digits
        invalid secret id `secret://9m4e2mr0ui3e8a215n4g`: a model uuid and `/` must stand after `//`
        invalid secret id `secret:prod/9m4e2mr0ui3e8a215n4g`: a valid model uuid must stand before `/`
        invalid secret id `cdac5656-2423-4388-8f30-41854b4cca7d/9m4e2mr0ui3e8a215n4g`: the id must be 20 lower-case letters and digits
        ");
    }

    #[test]
    fn compares_all_forms_by_the_id_only() {
        let id = "9m4e2mr0ui3e8a215n4g";
        let model = "cdac5656-2423-4388-8f30-41854b4cca7d";
        let forms = [
            id.to_owned(),
            format!("secret:{id}"),
            format!("secret:{model}/{id}"),
            format!("secret://{model}/{id}"),
        ];
        let secrets = forms.map(|form| form.parse::<SecretId>().unwrap());
        for secret in &secrets {
            assert_eq!(secret.id(), id);
        }
        assert_eq!(secrets[1].source_model(), None);
        assert_eq!(secrets[2].source_model().unwrap().to_string(), model);
        assert_eq!(secrets[3].source_model().unwrap().to_string(), model);
        assert_eq!(HashSet::from(secrets).len(), 1);
    }
}
