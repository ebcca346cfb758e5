//! Whatever comes over the bus, nothing panics, and the charm is told of no
//! unit that is not watched.

use std::collections::HashMap;

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use zbus::Variant;
use zbus::wire::StructureBuilder;

use crate::daemon::fake_systemd::OWNER;
use crate::daemon::manager::{BUS, MANAGER, MANAGER_PATH, PROPERTIES, UNIT};
use crate::daemon::run_bench::{Bench, block_on};

/// A signal that may look like one of systemd's.
#[derive(Debug)]
struct Signal {
    sender: &'static str,
    path: &'static str,
    member: (&'static str, &'static str),
    body: Body,
}

#[derive(Debug)]
enum Body {
    Nothing,
    Fields(Vec<Variant<'static>>),
    Properties(&'static str, HashMap<String, Variant<'static>>),
}

/// Somebody who is not systemd.
const STRANGER: &str = ":1.66";

fn signals() -> impl Strategy<Value = Vec<Signal>> {
    let sender = select(vec![OWNER, STRANGER, BUS]);
    let path = select(vec![
        "/org/freedesktop/systemd1/unit/web_2eservice",
        "/org/freedesktop/systemd1/unit/other_2eservice",
        "/org/freedesktop/systemd1/unit/_",
        MANAGER_PATH,
        "/org/freedesktop/DBus",
    ]);
    let member = select(vec![
        (PROPERTIES, "PropertiesChanged"),
        (PROPERTIES, "PropertiesChanged"),
        (MANAGER, "UnitNew"),
        (MANAGER, "Reloading"),
        (BUS, "NameOwnerChanged"),
    ]);
    let signal = (sender, path, member, body()).prop_map(|(sender, path, member, body)| Signal {
        sender,
        path,
        member,
        body,
    });
    vec(signal, 1..20)
}

fn body() -> impl Strategy<Value = Body> {
    let name = prop_oneof![
        4 => select(vec![
            "ActiveState",
            "SubState",
            "InvocationID",
            "Job",
            "StateChangeTimestamp",
            "Result",
            "ExecMainCode",
            "NRestarts",
        ]).prop_map(str::to_owned),
        1 => ".{0,9}".prop_filter("no string has a 0 in it", |text| !text.contains('\0')),
    ];
    let properties = hash_map(name, variant(), 0..6);
    prop_oneof![
        1 => Just(()).prop_map(|()| Body::Nothing),
        3 => vec(variant(), 1..5).prop_map(Body::Fields),
        6 => (select(vec![UNIT, "x.y"]), properties)
            .prop_map(|(interface, properties)| Body::Properties(interface, properties)),
    ]
}

fn variant() -> impl Strategy<Value = Variant<'static>> {
    let word = select(vec!["active", "failed", "inactive", "web.service", "other.service", "; rm"]);
    let leaf = prop_oneof![
        4 => word.prop_map(Variant::from),
        1 => r"\PC{0,300}".prop_map(Variant::from),
        1 => any::<bool>().prop_map(Variant::from),
        1 => any::<i32>().prop_map(Variant::from),
        1 => any::<u32>().prop_map(Variant::from),
        1 => any::<u64>().prop_map(Variant::from),
        1 => any::<f64>().prop_map(Variant::from),
        2 => vec(any::<u8>(), 14..18).prop_map(Variant::from),
    ];
    leaf.prop_recursive(6, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Variant::from),
            hash_map("[a-z]{0,4}", inner.clone(), 0..4).prop_map(Variant::from),
            (any::<u32>(), inner).prop_map(|(number, inner)| Variant::from((number, inner))),
        ]
    })
}

impl Signal {
    async fn send(&self, bench: &Bench) {
        let Self { sender, path, member: (interface, member), body } = self;
        let systemd = &bench.systemd;
        match body {
            Body::Nothing => systemd.signal(sender, path, interface, member, &()).await,
            Body::Fields(fields) => {
                let fields = fields.iter().map(|field| field.try_clone().unwrap());
                let builder = fields.fold(StructureBuilder::new(), StructureBuilder::append_field);
                let body = builder.build().unwrap();
                systemd.signal(sender, path, interface, member, &body).await;
            }
            Body::Properties(of, properties) => {
                let body = (of, properties, [""; 0].as_slice());
                systemd.signal(sender, path, interface, member, &body).await;
            }
        }
    }
}

proptest! {
    // Each has a bus of its own.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_comes_makes_up_a_unit_or_ends_the_daemon(signals in signals()) {
        block_on(async {
            let list = "begin.service begin\nend.service end\nweb.service web\n";
            let mut bench = Bench::new(list, |systemd| {
                systemd.set("begin.service", "active", 1);
            })
            .await;
            assert_eq!(bench.next().await, "begin.service started");
            for signal in &signals {
                signal.send(&bench).await;
            }
            bench.systemd.change(OWNER, "end.service", "active", 1).await;
            let is_of_systemd = |signal: &Signal| signal.sender == OWNER;
            loop {
                let told = bench.next().await;
                if told == "end.service started" {
                    break;
                }
                assert!(told.starts_with("web.service "), "{told}");
                assert!(signals.iter().any(is_of_systemd), "{told}");
            }
        });
    }
}
