//! What the metadata says of a device.

use crate::charm::spot::Spot;

/// A device that a charm wants, as `devices` defines it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct DeviceDefinition {
    /// So many, at most.
    pub count_maximum: u32,
    /// So many, at least.
    pub count_minimum: u32,
    /// What it is for.
    pub description: Option<String>,
    /// The type, such as `gpu` or `nvidia.com/gpu`.
    pub kind: String,
}

impl DeviceDefinition {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["countmax", "countmin", "description", "type"]);

        let description = fields.text("description");
        let count = |key| fields.get(key).map_or(Some(1), |count| count.count());
        let (minimum, maximum) = (count("countmin"), count("countmax"));
        if let (Some(minimum), Some(maximum)) = (minimum, maximum)
            && minimum > maximum
        {
            spot.fault(format_args!("`countmin` {minimum} is more than `countmax` {maximum}"));
        }
        let kind = fields.required("type")?;
        let text = kind.text()?;
        if text.is_empty() {
            kind.fault("a device needs a type, such as `gpu`");
        }
        Some(Self {
            count_maximum: maximum?,
            count_minimum: minimum?,
            description,
            kind: text.to_owned(),
        })
    }
}
