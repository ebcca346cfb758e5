//! The rules for `config.yaml`.

use insta::assert_snapshot;

use super::{charmcraft_files, faults, good_files};
use crate::charm::CharmFiles;

/// Returns what is wrong with a `config.yaml`.
fn config(text: &str) -> String {
    faults(&CharmFiles { config: Some(text.to_owned()), ..good_files() })
}

#[test]
fn wants_options() {
    assert_snapshot!(config(""), @"config.yaml:1:1: the file is empty; list the `options`, or remove it");
    assert_snapshot!(config("# none yet\n"), @"config.yaml:1:1: the file is empty; list the `options`, or remove it");
    assert_snapshot!(config("{}\n"), @"config.yaml:1:1: `options` is missing");
    assert_snapshot!(config("options:\n"), @"nothing");
    assert_snapshot!(config("options: []\n"), @"config.yaml:1:1: options: expected a mapping, found a list");
    assert_snapshot!(config("options:\n  port: 80\n"), @"config.yaml:2:3: options.port: expected a mapping, found the number `80`");
}

#[test]
fn wants_a_known_type() {
    assert_snapshot!(config("options:\n  port: {type: number}\n"), @"config.yaml:2:10: options.port.type: invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`");
    assert_snapshot!(config("options:\n  port: {type: [int]}\n"), @"config.yaml:2:10: options.port.type: expected text, found a list");
    let every_form = "options:\n  a:\n  b: {}\n  c: {type: }\n  d: {type: integer, default: 1}\n";
    assert_snapshot!(config(every_form), @"nothing");
}

#[test]
fn wants_a_default_that_fits_the_type() {
    let default = |kind: &str, default: &str| {
        config(&format!("options:\n  it:\n    type: {kind}\n    default: {default}\n"))
    };
    assert_snapshot!(default("boolean", "2"), @"config.yaml:4:5: options.it.default: expected `true` or `false`, found the number `2`");
    assert_snapshot!(default("boolean", "off"), @"nothing");
    assert_snapshot!(default("int", "1.5"), @"config.yaml:4:5: options.it.default: expected a whole number, found the number `1.5`");
    assert_snapshot!(default("int", "\"8080\""), @"nothing");
    assert_snapshot!(default("int", "9223372036854775808"), @"config.yaml:4:5: options.it.default: expected a whole number, found the number `9223372036854775808`");
    assert_snapshot!(default("float", "1"), @"config.yaml:4:5: options.it.default: expected a number with a fraction, such as `1.0`");
    assert_snapshot!(default("float", "\"1.5\""), @"config.yaml:4:5: options.it.default: expected a number with a fraction, found the text `1.5`");
    assert_snapshot!(default("secret", "password"), @"config.yaml:4:5: options.it.default: invalid secret `password`: it must start with `secret:`");
    assert_snapshot!(default("secret", "\"\""), @"nothing");
    assert_snapshot!(default("string", "no"), @"config.yaml:4:5: options.it.default: expected text, found the boolean `no`; put it in quotes");
    assert_snapshot!(default("string", "24.04"), @"config.yaml:4:5: options.it.default: expected text, found the number `24.04`; put it in quotes");
    assert_snapshot!(default("string", "[]"), @"config.yaml:4:5: options.it.default: expected text, found a list");
    assert_snapshot!(default("string", ""), @"nothing");
}

#[test]
fn takes_any_scalar_for_a_description() {
    assert_snapshot!(config("options:\n  it: {description: yes}\n"), @"nothing");
    assert_snapshot!(config("options:\n  it: {description: [yes]}\n"), @"config.yaml:2:8: options.it.description: expected text, found a list");
}

#[test]
fn names_the_place_in_charmcraft_yaml() {
    let files = charmcraft_files("config:\n  options:\n    port: {type: int, default: x}\n");
    assert_snapshot!(faults(&files), @"charmcraft.yaml:10:23: config.options.port.default: expected a whole number, found the text `x`");
}

#[test]
fn wants_options_in_one_place_only() {
    let files = CharmFiles {
        config: Some("options: {}\n".to_owned()),
        ..charmcraft_files("config: {options: {}}\n")
    };
    assert_snapshot!(faults(&files), @"charmcraft.yaml:8:1: config: `config` cannot be given beside config.yaml");
}
