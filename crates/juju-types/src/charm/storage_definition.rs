//! What the metadata says of a storage.

use crate::StorageKind;
use crate::charm::fields::Fields;
use crate::charm::spot::Spot;
use crate::yaml::Resolved;

/// A storage of a charm, as `storage` defines it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StorageDefinition {
    /// How many instances a unit has.
    pub count: StorageCount,
    /// What it is for.
    pub description: Option<String>,
    /// A block device or a file system.
    pub kind: StorageKind,
    /// Where a file system is mounted; of several, the folder above them.
    pub location: Option<String>,
    /// The smallest size that the charm can work with, in MiB.
    pub minimum_size_mib: Option<u64>,
    /// Whether the charm only reads.
    pub read_only: bool,
    /// Whether the units of the application share one instance.
    pub shared: bool,
    /// Whether it may vanish with the machine.
    pub transient: bool,
}

/// How many instances of a storage a unit has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StorageCount {
    /// So many, at least; fewer, and the charm is not installed.
    pub minimum: u32,
    /// So many, at most; `None` is no limit.
    pub maximum: Option<u32>,
}

impl StorageCount {
    /// What holds without `multiple`: one.
    const ONE: Self = Self { minimum: 1, maximum: Some(1) };
}

impl StorageDefinition {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&[
            "description",
            "location",
            "minimum-size",
            "multiple",
            "properties",
            "read-only",
            "shared",
            "type",
        ]);

        let kind = fields.required("type").and_then(|kind| read_kind(&kind));
        let location = fields.text("location").filter(|location| !location.is_empty());
        if let Some(spot) = fields.get("location")
            && location.is_some()
            && kind == Some(StorageKind::Block)
        {
            spot.fault("only a storage of the type `filesystem` has a location");
        }
        let count = match fields.get("multiple") {
            None => Some(StorageCount::ONE),
            Some(multiple) => multiple.fields().and_then(|multiple| read_count(&multiple)),
        };
        let properties = fields.items("properties");
        properties.iter().for_each(read_property);
        let flag = |key| fields.get(key).and_then(|flag| flag.boolean()).unwrap_or(false);
        Some(Self {
            description: fields.text("description"),
            location,
            minimum_size_mib: fields.get("minimum-size").and_then(|size| read_size(&size)),
            read_only: flag("read-only"),
            shared: flag("shared"),
            transient: !properties.is_empty(),
            count: count?,
            kind: kind?,
        })
    }
}

fn read_kind(spot: &Spot<'_>) -> Option<StorageKind> {
    match spot.text()? {
        "block" => Some(StorageKind::Block),
        "filesystem" => Some(StorageKind::Filesystem),
        kind => {
            spot.fault(format_args!(
                "invalid storage type `{kind}`: it must be `block` or `filesystem`"
            ));
            None
        }
    }
}

fn read_property(spot: &Spot<'_>) {
    if let Some(property) = spot.text()
        && property != "transient"
    {
        spot.fault(format_args!("invalid storage property `{property}`: it must be `transient`"));
    }
}

/// Reads the `range`: `3`, `1-3`, `1+` or `1-`.
fn read_count(multiple: &Fields<'_>) -> Option<StorageCount> {
    multiple.warn_of_unknown(&["range"]);
    let spot = multiple.required("range")?;
    let text = match spot.resolved() {
        Some(Resolved::Int(number)) => number.to_string(),
        _ => spot.text()?.to_owned(),
    };
    let count = parse_count(&text);
    match count {
        None => spot.fault(format_args!(
            "invalid range `{text}`: it must look like `3`, `1-3`, `1+` or `1-`"
        )),
        Some(StorageCount { maximum: Some(0), .. }) => {
            spot.fault(format_args!("invalid range `{text}`: there must be room for one"));
        }
        Some(StorageCount { minimum, maximum: Some(maximum) }) if minimum > maximum => {
            spot.warn(format_args!("the range `{text}` is empty"));
        }
        Some(_) => {}
    }
    count
}

fn parse_count(text: &str) -> Option<StorageCount> {
    let number = |text: &str| {
        if text.bytes().all(|b| b.is_ascii_digit()) { text.parse::<u32>().ok() } else { None }
    };
    let Some(end) = text.find(['-', '+']) else {
        let minimum = number(text)?;
        return Some(StorageCount { minimum, maximum: Some(minimum) });
    };
    let (minimum, rest) = text.split_at(end);
    let minimum = number(minimum)?;
    match rest {
        "-" | "+" => Some(StorageCount { minimum, maximum: None }),
        _ => Some(StorageCount { minimum, maximum: Some(number(rest.strip_prefix('-')?)?) }),
    }
}

/// Reads a size such as `512M`, `1.5G` or `2TiB`, in MiB.
fn read_size(spot: &Spot<'_>) -> Option<u64> {
    let text = spot.text()?;
    let size = parse_size(text);
    if size.is_none() {
        spot.fault(format_args!(
            "invalid size `{text}`: it must be a number and one of M, G, T, P, E, Z and Y"
        ));
    }
    size
}

fn parse_size(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let unit = suffix.strip_suffix("iB").or_else(|| suffix.strip_suffix('B')).unwrap_or(suffix);
    let power = match unit {
        "" if suffix.is_empty() => 0,
        "M" => 0,
        "G" => 1,
        "T" => 2,
        "P" => 3,
        "E" => 4,
        "Z" => 5,
        "Y" => 6,
        _ => return None,
    };
    let size = number.parse::<f64>().ok()? * 1024_f64.powi(power);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let size = size.ceil() as u64;
    Some(size)
}

#[cfg(test)]
mod tests {
    use super::{StorageCount, parse_count, parse_size};

    #[test]
    fn rounds_sizes_up_to_whole_mebibytes() {
        let sizes = ["0", "512", "10M", "10MB", "1.5G", "1GiB", "0.1M", "1T", "2Y", "."];
        assert_eq!(
            sizes.map(parse_size),
            [
                Some(0),
                Some(512),
                Some(10),
                Some(10),
                Some(1536),
                Some(1024),
                Some(1),
                Some(1 << 20),
                Some(2 << 60),
                None
            ]
        );
        for text in ["", "G", "-1G", "1 G", "1K", "1.2.3G", "1i", "1iB", "1B", "١G", "1GG"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }

    #[test]
    fn reads_every_form_of_a_range() {
        let count = |minimum, maximum| Some(StorageCount { minimum, maximum });
        assert_eq!(parse_count("3"), count(3, Some(3)));
        assert_eq!(parse_count("0-4"), count(0, Some(4)));
        assert_eq!(parse_count("1+"), count(1, None));
        assert_eq!(parse_count("0-"), count(0, None));
        for text in ["", "-1", "+", "1++", "1+2", "1-2-3", "a", "1 - 2", "4294967296"] {
            assert_eq!(parse_count(text), None, "{text}");
        }
    }
}
