//! The rules for `actions.yaml`.

use insta::assert_snapshot;

use super::{charmcraft_files, faults, good_files};
use crate::charm::CharmFiles;

/// Returns what is wrong with an `actions.yaml`.
fn actions(text: &str) -> String {
    faults(&CharmFiles { actions: Some(text.to_owned()), ..good_files() })
}

#[test]
fn needs_no_actions() {
    assert_snapshot!(actions(""), @"nothing");
    assert_snapshot!(actions("restart:\nreload: {}\n"), @"nothing");
    assert_snapshot!(actions("- restart\n"), @"actions.yaml:1:1: expected a mapping, found a list");
}

#[test]
fn wants_action_names() {
    assert_snapshot!(actions("Restart: {}\n-x: {}\nx-: {}\n"), @r"
    actions.yaml:1:1: Restart: invalid action name `Restart`: only lower-case letters, digits and dashes are allowed
    actions.yaml:2:1: -x: invalid action name `-x`: it must start and end with a lower-case letter or a digit
    actions.yaml:3:1: x-: invalid action name `x-`: it must start and end with a lower-case letter or a digit
    ");
    assert_snapshot!(actions("juju: {}\njuju-run: {}\n"), @r"
    actions.yaml:1:1: juju: Juju keeps the action name `juju` for itself
    actions.yaml:2:1: juju-run: Juju keeps the action name `juju-run` for itself
    ");
    let files = CharmFiles {
        actions: Some("juju-run: {}\n".to_owned()),
        metadata: Some("name: juju-app\nsummary: s\ndescription: d\n".to_owned()),
        ..good_files()
    };
    assert_snapshot!(faults(&files), @"nothing");
}

#[test]
fn wants_each_key_of_its_kind() {
    assert_snapshot!(actions("run: {description: 1, title: no, execution-group: [a]}\n"), @r"
    actions.yaml:1:7: run.description: expected text, found the number `1`; put it in quotes
    actions.yaml:1:23: run.title: expected text, found the boolean `no`; put it in quotes
    actions.yaml:1:34: run.execution-group: expected text, found a list
    ");
    assert_snapshot!(actions("run: {parallel: \"true\", additionalProperties: 1}\n"), @r"
    actions.yaml:1:7: run.parallel: expected `true` or `false`, found the text `true`
    actions.yaml:1:25: run.additionalProperties: expected `true` or `false`, found the number `1`
    ");
    assert_snapshot!(actions("run: {required: host, params: [host]}\n"), @r"
    actions.yaml:1:7: run.required: expected a list, found the text `host`
    actions.yaml:1:23: run.params: expected a mapping, found a list
    ");
    assert_snapshot!(actions("run: {required: []}\n"), @"actions.yaml:1:7: run.required: name a parameter, or leave `required` out");
    assert_snapshot!(actions("run: {required: [a, b, a], params: {a: {}, b: {}}}\n"), @"actions.yaml:1:7: run.required: the parameter `a` is named twice");
    assert_snapshot!(actions("run: now\n"), @"actions.yaml:1:1: run: expected a mapping, found the text `now`");
}

#[test]
fn wants_params_that_are_a_json_schema() {
    let param = |text: &str| actions(&format!("run:\n  params:\n    host: {text}\n"));
    assert_snapshot!(param("text"), @"actions.yaml:3:5: run.params.host: expected a mapping, found the text `text`");
    assert_snapshot!(param("{type: strin}"), @"actions.yaml:3:12: run.params.host.type: invalid type `strin`: JSON Schema knows `array`, `boolean`, `integer`, `null`, `number`, `object` and `string`");
    assert_snapshot!(param("{type: [string, int]}"), @"actions.yaml:3:27: run.params.host.type[1]: invalid type `int`: JSON Schema knows `array`, `boolean`, `integer`, `null`, `number`, `object` and `string`");
    assert_snapshot!(param("{type: string, required: true}"), @"actions.yaml:3:26: run.params.host.required: expected a list; list the parameter in `required` of the action instead");
    assert_snapshot!(param("{type: object, properties: {port: {type: int}}}"), @"actions.yaml:3:46: run.params.host.properties.port.type: invalid type `int`: JSON Schema knows `array`, `boolean`, `integer`, `null`, `number`, `object` and `string`");
    assert_snapshot!(param("{type: array, items: {type: text}}"), @"actions.yaml:3:33: run.params.host.items.type: invalid type `text`: JSON Schema knows `array`, `boolean`, `integer`, `null`, `number`, `object` and `string`");
    assert_snapshot!(param("{default: .nan}"), @"actions.yaml:3:12: run.params.host.default: expected a number that JSON knows, found the number `.nan`");
}

#[test]
fn refuses_references() {
    assert_snapshot!(actions("run:\n  $schema: x\n  params:\n    host:\n      anyOf:\n        - $ref: x\n"), @r"
    actions.yaml:2:3: run.$schema: Juju refuses the key `$schema`
    actions.yaml:6:11: run.params.host.anyOf[0].$ref: Juju refuses the key `$ref`
    ");
}

#[test]
fn names_the_place_in_charmcraft_yaml() {
    assert_snapshot!(faults(&charmcraft_files("actions:\n  juju-run:\n    parallel: x\n")), @r"
    charmcraft.yaml:9:3: actions.juju-run: Juju keeps the action name `juju-run` for itself
    charmcraft.yaml:10:5: actions.juju-run.parallel: expected `true` or `false`, found the text `x`
    ");
}

#[test]
fn wants_actions_in_one_place_only() {
    let files =
        CharmFiles { actions: Some(String::new()), ..charmcraft_files("actions: {run: {}}\n") };
    assert_snapshot!(faults(&files), @"charmcraft.yaml:8:1: actions: `actions` cannot be given beside actions.yaml");
}
