//! The type of a config option.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What the value of a config option is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these five and no other")]
pub enum ConfigType {
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Float,
    /// A whole number.
    Int,
    /// The URI of a secret, from Juju 3.3 on.
    Secret,
    /// Text; also what an option is that names no type.
    String,
}

impl fmt::Display for ConfigType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "boolean",
            Self::Float => "float",
            Self::Int => "int",
            Self::Secret => "secret",
            Self::String => "string",
        })
    }
}

impl FromStr for ConfigType {
    type Err = ParseConfigTypeError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "boolean" => Ok(Self::Boolean),
            "float" => Ok(Self::Float),
            "int" | "integer" => Ok(Self::Int),
            "secret" => Ok(Self::Secret),
            "string" => Ok(Self::String),
            _ => Err(ParseConfigTypeError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`ConfigType`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid option type `{word}`: it must be `boolean`, `float`, `int`, `secret` or `string`")]
pub struct ParseConfigTypeError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::ConfigType;

    #[test]
    fn gives_back_what_was_parsed() {
        for word in ["boolean", "float", "int", "secret", "string"] {
            assert_eq!(word.parse::<ConfigType>().unwrap().to_string(), word);
        }
        assert_eq!("integer".parse(), Ok(ConfigType::Int));
    }

    #[test]
    fn quotes_another_word() {
        insta::assert_snapshot!(
            "number".parse::<ConfigType>().unwrap_err(),
            @"invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`"
        );
    }
}
