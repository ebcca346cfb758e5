//! What is wrong with a YAML text.

use crate::yaml::Place;

/// One thing that is wrong with a YAML text, whatever it is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct YamlFault {
    pub(crate) place: Place,
    /// The keys and indices that lead there, such as `bases[0].channel`.
    pub(crate) path: String,
    pub(crate) message: String,
}
