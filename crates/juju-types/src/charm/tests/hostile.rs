//! Files that nobody writes by accident.

use proptest::prelude::{ProptestConfig, Strategy, any, prop};
use proptest::{prop_assert, prop_oneof, proptest};

use super::good_charm::{one_file, separate_files};
use super::{HEAD, faults, good_files};
use crate::charm::{Charm, CharmFiles};

/// Returns the charm whose every file is `text`.
fn only(text: &str) -> CharmFiles {
    CharmFiles::read(|_| Ok::<_, ()>(Some(text.to_owned()))).unwrap()
}

#[test]
fn survives_deep_nesting() {
    for unit in ["[", "{", "- ", "? ", "{a: ", "[a, "] {
        assert!(Charm::from_files(&only(&unit.repeat(100_000))).is_err());
    }
    let mut expression = "juju".to_owned();
    for _ in 0..40 {
        expression = format!("{{any-of: [{expression}]}}");
    }
    let files =
        CharmFiles { metadata: Some(format!("{HEAD}assumes: [{expression}]\n")), ..good_files() };
    assert_eq!(faults(&files), "nothing");
}

#[test]
fn survives_a_bomb_of_aliases() {
    let tenfold = |n: u32| vec![format!("*a{n}"); 10].join(", ");
    let stages = (1..=30).map(|n| format!("a{n}: &a{n} [{}]\n", tenfold(n - 1)));
    let bomb = format!("a0: &a0 boom\n{}", stages.collect::<String>());
    assert!(Charm::from_files(&only(&bomb)).is_err());
}

#[test]
fn survives_long_scalars_and_quotes_a_little_of_them() {
    let long = "x".repeat(10_000_000);
    let files = CharmFiles {
        metadata: Some(format!(
            "name: App{long}\nsummary: {long}\ndescription: {long}\n? {long}\n: {long}\n"
        )),
        ..good_files()
    };
    let faults = Charm::from_files(&files).unwrap_err();
    assert_eq!(faults.iter().count(), 1);
    assert!(faults.to_string().len() < 1000);
    assert!(faults.to_string().ends_with("it must start with a lower-case letter"));
    assert!(faults.warnings()[0].to_string().len() < 1000);
}

#[test]
fn keeps_each_fault_on_its_line() {
    let files = CharmFiles {
        metadata: Some(format!("{HEAD}provides:\n  \"a\\nb\": \"c\\nd\"\n")),
        ..good_files()
    };
    insta::assert_snapshot!(faults(&files), @r"
    metadata.yaml:5:3: provides.a\nb: invalid endpoint name `a\nb`: only lower-case letters, digits, dashes and underscores are allowed
    metadata.yaml:5:3: provides.a\nb: invalid interface name `c\nd`: white space and control characters are not allowed
    ");
}

#[test]
fn survives_many_entries() {
    let entries = |line: &dyn Fn(u32) -> String| (0..20_000).map(line).collect::<String>();
    let metadata = [
        HEAD,
        "provides:\n",
        &entries(&|n| format!("  a{n}: b\n")),
        "extra-bindings:\n",
        &entries(&|n| format!("  b{n}:\n")),
        "resources:\n",
        &entries(&|n| format!("  r{n}: {{type: oci-image}}\n")),
        "containers:\n",
        &entries(&|n| format!("  c{n}: {{resource: r{n}}}\n")),
        &entries(&|n| format!("unknown{n}: 1\n")),
    ];
    let files = CharmFiles { metadata: Some(metadata.concat()), ..good_files() };
    assert_eq!(faults(&files), "nothing");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(text in any::<String>(), yaml in "[a-z:,\\[\\]{}&*<'\"| \\n0-9-]{0,80}") {
        for text in [text, yaml] {
            let _ = Charm::from_files(&only(&text));
        }
    }

    #[test]
    fn never_panics_on_a_good_charm_gone_bad(
        changes in prop::collection::vec(change(), 1..4),
        one in any::<bool>(),
    ) {
        let good = if one { one_file() } else { separate_files() };
        let spoilt = CharmFiles::read(|name| {
            let text = good.iter().find(|(file, _)| *file == name).map(|(_, text)| text.to_owned());
            Ok::<_, ()>(text.map(|text| changes.iter().fold(text, |text, change| spoil(&text, change))))
        })
        .unwrap();
        match Charm::from_files(&spoilt) {
            Ok(charm) => {
                let packed = charm.packed_files(&[]).unwrap();
                let again = Charm::from_files(&packed);
                prop_assert!(again.is_ok(), "{:?}\n{:?}", again, packed);
            }
            Err(faults) => prop_assert!(faults.iter().count() > 0),
        }
    }
}

/// A place in a text, how much of it goes, and what comes instead.
type Change = (prop::sample::Index, usize, String);

fn change() -> impl Strategy<Value = Change> {
    let words =
        ["", "\n", "  ", "- ", ": ", "yes", "~", "7", "[]", "{}", "'", "a", "&x ", "*x", "<<: "];
    let words = prop::sample::select(words.map(str::to_owned).to_vec());
    (any::<prop::sample::Index>(), 0..30_usize, prop_oneof![words, any::<String>()])
}

fn spoil(text: &str, (index, length, more): &Change) -> String {
    let chars: Vec<char> = text.chars().collect();
    let start = index.index(chars.len() + 1);
    let end = (start + length).min(chars.len());
    chars[..start].iter().copied().chain(more.chars()).chain(chars[end..].iter().copied()).collect()
}
