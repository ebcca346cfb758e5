//! Values as Python has them, chosen to be nasty.

use proptest::collection::vec;
use proptest::prelude::*;
use python_json::Integer;
use serde::{Serialize, Serializer};
use serde_json::json;

/// A value to be written by both.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Bool(bool),
    Dict(Vec<(Form, Form)>),
    Float(f64),
    Integer(Integer),
    List(Vec<Form>),
    None,
    SmallFloat(f32),
    Text(String),
}

impl Form {
    /// Returns what the peer builds the value from. It is written by other
    /// means than those that are tested.
    pub(crate) fn task(&self) -> serde_json::Value {
        match self {
            Self::Bool(bool) => json!(["bool", bool]),
            Self::Dict(entries) => {
                let entries = entries.iter().map(|(key, value)| [key.task(), value.task()]);
                json!(["dict", entries.collect::<Vec<_>>()])
            }
            Self::Float(number) => json!(["float", hex(number.to_be_bytes())]),
            Self::Integer(integer) => json!(["integer", integer.to_string()]),
            Self::List(items) => {
                json!(["list", items.iter().map(Self::task).collect::<Vec<_>>()])
            }
            Self::None => json!(["none", null]),
            Self::SmallFloat(number) => json!(["float", hex(number.to_be_bytes())]),
            Self::Text(text) => json!(["text", hex(text)]),
        }
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Dict(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Integer(integer) => integer.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::None => serializer.serialize_none(),
            Self::SmallFloat(number) => serializer.serialize_f32(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Returns the float that is nearest to an integer.
fn nearest(integer: i64) -> f64 {
    integer.to_string().parse().unwrap()
}

pub(crate) fn floats() -> BoxedStrategy<Form> {
    let powers = (-330..310_i32, 1..1000_u32)
        .prop_map(|(exponent, digits)| format!("{digits}e{exponent}").parse().unwrap());
    prop_oneof![
        8 => any::<u64>().prop_map(f64::from_bits),
        2 => (0..1_u64 << 52).prop_map(f64::from_bits),
        4 => powers,
        2 => any::<i64>().prop_map(nearest),
        2 => (-1e17..1e17).prop_map(f64::trunc),
        2 => -1e-3..1e-3,
        // Often halfway between two texts.
        4 => any::<f32>().prop_map(f64::from),
        4 => (any::<i64>(), 0..80_i32).prop_map(|(n, shift)| nearest(n >> 11) / 2_f64.powi(shift)),
        // At powers of two, the gap below is half as wide as the one above.
        2 => (-1074..1024_i32).prop_map(|exponent| 2_f64.powi(exponent)),
        1 => prop::sample::select(&[0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
    .prop_map(Form::Float)
    .boxed()
}

fn integers() -> impl Strategy<Value = Form> {
    prop_oneof![
        3 => (any::<i128>(), 0..128_u32).prop_map(|(number, shift)| (number >> shift).into()),
        1 => any::<u128>().prop_map(Integer::from),
        1 => "-?[1-9][0-9]{0,300}".prop_map(|text| text.parse().unwrap()),
    ]
    .prop_map(Form::Integer)
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        "[\u{0}-\u{1f}\"\\\\/\u{7f}\u{80}é\u{2028}\u{d7ff}\u{e000}\u{ffff}\u{10000}😀\u{10ffff}]{0,6}",
    ]
}

fn leaves() -> impl Strategy<Value = Form> {
    prop_oneof![
        1 => Just(Form::None),
        1 => any::<bool>().prop_map(Form::Bool),
        2 => floats(),
        1 => any::<f32>().prop_map(Form::SmallFloat),
        2 => integers(),
        4 => texts().prop_map(Form::Text),
    ]
}

/// The keys of one dict: mostly of one kind, often the same in another form.
fn keys() -> impl Strategy<Value = Vec<Form>> {
    let text = texts().prop_map(Form::Text).boxed();
    let short = "[ab]{0,2}".prop_map(Form::Text).boxed();
    let near = prop_oneof![
        (-3..4_i32).prop_map(|number| Form::Integer(number.into())),
        (-6..7).prop_map(|halves| Form::Float(f64::from(halves) / 2.0)),
        any::<bool>().prop_map(Form::Bool),
        Just(Form::Float(-0.0)),
        // Around the first integers that a float cannot hold.
        (0..5_i64).prop_map(|step| Form::Integer(((1 << 53) - 2 + step).into())),
        (0..5_i64).prop_map(|step| Form::Float(nearest((1 << 53) - 2 + step))),
    ]
    .boxed();
    let number = prop_oneof![integers(), floats()].boxed();
    let any_leaf = leaves().boxed();
    prop_oneof![
        4 => vec(text, 0..6),
        2 => vec(short, 0..6),
        2 => vec(near, 0..8),
        1 => vec(number, 0..6),
        1 => vec(any_leaf, 0..2),
        1 => vec(prop_oneof![leaves(), Just(Form::None)], 0..4),
    ]
}

fn dict_of(inner: impl Strategy<Value = Form>) -> impl Strategy<Value = Form> {
    (keys(), vec(inner, 0..6))
        .prop_map(|(keys, values)| Form::Dict(keys.into_iter().zip(values).collect()))
}

pub(crate) fn values() -> impl Strategy<Value = Form> {
    let any = leaves().prop_recursive(3, 20, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Form::List), dict_of(inner)]
    });
    // What data is: rarely a leaf, and rarely without a key.
    prop_oneof![1 => any.clone(), 3 => dict_of(any)]
}

/// Values of up to 128 levels, as deep as they may be.
pub(crate) fn deep_values() -> impl Strategy<Value = Form> {
    vec(prop::option::of(texts()), 100..=128).prop_map(|levels| {
        levels.into_iter().fold(Form::None, |inner, level| match level {
            Some(key) => {
                let shallow = (Form::Text(format!("{key}~")), Form::None);
                Form::Dict(vec![shallow, (Form::Text(key), inner)])
            }
            None => Form::List(vec![inner]),
        })
    })
}
