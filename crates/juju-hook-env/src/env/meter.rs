//! The metering status (up to 3.6.9).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// The metering status of the unit, which Juju knew up to 3.6.9.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Meter {
    /// The status.
    pub status: MeterStatus,
    /// What is to be said about it.
    pub info: Option<String>,
}

impl Meter {
    /// Describes a metering status about which nothing is said.
    pub fn new(status: MeterStatus) -> Self {
        Self { status, info: None }
    }
}

/// The metering status as a word.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum MeterStatus {
    /// `AMBER`.
    Amber,
    /// `GREEN`.
    Green,
    /// `NOT AVAILABLE`.
    NotAvailable,
    /// `NOT SET`.
    NotSet,
    /// A word that this crate does not know.
    Other(String),
    /// `RED`.
    Red,
}

impl fmt::Display for MeterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Amber => "AMBER",
            Self::Green => "GREEN",
            Self::NotAvailable => "NOT AVAILABLE",
            Self::NotSet => "NOT SET",
            Self::Other(word) => word,
            Self::Red => "RED",
        })
    }
}

impl FromStr for MeterStatus {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(match word {
            "AMBER" => Self::Amber,
            "GREEN" => Self::Green,
            "NOT AVAILABLE" => Self::NotAvailable,
            "NOT SET" => Self::NotSet,
            "RED" => Self::Red,
            _ => Self::Other(word.to_owned()),
        })
    }
}
