//! Texts that are JSON, and texts that nearly are.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use python_json::to_string;

use crate::form;

/// What makes a difference where it stands.
const TOKENS: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "\"a\":",
    "\"\":1,",
    "\\",
    "\\u",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "\\uD83D\\uDE00",
    "\\u+12a",
    "\\/",
    "\\b",
    "\\x",
    "\\\"",
    "0",
    "1",
    "-",
    "+",
    ".",
    "e",
    "E+",
    "e-7",
    "1.0",
    "1e400",
    "-0",
    "00",
    "null",
    "true",
    "false",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    " ",
    "\t",
    "\r\n",
    "\u{0}",
    "\u{a0}",
    "\u{feff}",
    "é😀",
];

pub(crate) fn texts() -> impl Strategy<Value = String> {
    let written = form::values().prop_filter_map("writable", |form| to_string(&form).ok());
    prop_oneof![
        9 => (written, vec((any::<Index>(), 0..3_usize, select(&TOKENS)), 0..3)).prop_map(damage),
        2 => vec(select(&TOKENS), 0..8).prop_map(|tokens| tokens.concat()),
        1 => vec(select(&TOKENS), 0..5).prop_map(|tokens| format!("\"{}\"", tokens.concat())),
        1 => vec(select(&TOKENS), 0..5).prop_map(|tokens| format!("[1, {}]", tokens.concat())),
        1 => "-?[0-9]{0,3}(\\.[0-9]{0,20})?([eE][-+]?[0-9]{0,3})?",
        1 => form::texts(),
    ]
}

/// Replaces a few characters.
fn damage((text, changes): (String, Vec<(Index, usize, &str)>)) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (place, length, token) in changes {
        let start = place.index(chars.len() + 1);
        let end = chars.len().min(start + length);
        chars.splice(start..end, token.chars());
    }
    chars.into_iter().collect()
}
