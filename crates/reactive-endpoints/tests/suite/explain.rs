//! Why a handler ran, and why another did not.

use std::sync::{Arc, Mutex};

use juju_simulator::{Exec, Simulator};
use juju_types::{Event, RelationRole};
use reactive_endpoints::{
    Charm, CommandAnswer, Context, Endpoint, EndpointHandlers, EndpointKey, Explainer, Flag,
    Interface, MemoryStore, Result, Trigger, all, always, any, blocked, files_changed, hook, none,
    not_all, once, test,
};

use crate::support::{Unit, files};

const INSTALLED: Flag = Flag::new("shop.installed");
const READY: Flag = Flag::new("shop.ready");
const SEEN: Flag = Flag::new("shop.seen");
const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

struct Shop;

#[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "they are handlers")]
impl Shop {
    fn install(&mut self, cx: &Context) -> Result {
        cx.set(INSTALLED);
        Ok(())
    }

    fn backup(&mut self, _: &Context) -> Result {
        Ok(())
    }

    fn open(&mut self, cx: &Context) -> Result {
        cx.clear(INSTALLED);
        cx.set(READY);
        Ok(())
    }

    fn polish(&mut self, _: &Context) -> Result {
        Ok(())
    }

    fn sell(&mut self, _: &Context) -> Result {
        Err(blocked("nothing to sell"))
    }

    fn connect(&mut self, _: &Context) -> Result {
        Ok(())
    }
}

fn shop() -> Charm<Shop> {
    Charm::new(Shop)
        .on([Event::Install, Event::UpgradeCharm], Shop::install)
        .action("backup", Shop::backup)
        .when(&INSTALLED, Shop::open)
        .when(&INSTALLED, Shop::polish)
        .when(all([&READY]).and(once("sell")), Shop::sell)
        .when(DB.joined(), Shop::connect)
        .trigger(Trigger::on_set(&READY).set(&SEEN))
}

const METADATA: &str = "requires: {db: {interface: sql}}";

#[test]
fn a_run_is_explained_handler_by_handler() {
    let explainer = Explainer::new();
    let kept = explainer.clone();
    let mut unit = Unit::deploy(METADATA, move || shop().tracer(kept.clone()));
    unit.juju.run_next().unwrap();
    while explainer.explanation().run != "install" {
        assert!(unit.juju.run_next().unwrap());
    }
    insta::assert_snapshot!(explainer.explanation(), @r"
    install
    hook:
      Shop::install ran: hook install or upgrade-charm
        set shop.installed
      Shop::backup is not due: it is not the action backup
    flags, iteration 0:
      Shop::open ran: all of shop.installed
        cleared shop.installed
        set shop.ready
        set shop.seen
      Shop::polish is no longer due: not set: shop.installed
      Shop::sell is not due: not set: shop.ready
      Shop::connect is not due: not set: endpoint.db.joined
    flags, iteration 1:
      Shop::open is not due: not set: shop.installed
      Shop::polish is not due: not set: shop.installed
      Shop::sell ran: all of shop.ready and once `sell`; it ended with `blocked: nothing to sell`
    ");
    unit.settle();
    unit.update_status();
    insta::assert_snapshot!(explainer.explanation(), @r"
    update-status
    hook:
      Shop::install is not due: it is not the hook install or upgrade-charm
      Shop::backup is not due: it is not the action backup
    flags, iteration 0:
      Shop::open is not due: not set: shop.installed
      Shop::polish is not due: not set: shop.installed
      Shop::sell ran: all of shop.ready and once `sell`; it ended with `blocked: nothing to sell`
      Shop::connect is not due: not set: endpoint.db.joined
    ");
    let json = serde_json::to_string_pretty(&explainer.explanation().phases[0].handlers[0]);
    insta::assert_snapshot!(json.unwrap(), @r#"
    {
      "name": "Shop::install",
      "position": 0,
      "when": "hook install or upgrade-charm",
      "outcome": {
        "not-due": "it is not the hook install or upgrade-charm"
      },
      "flags": []
    }
    "#);
}

#[test]
fn a_run_that_fails_is_explained_as_far_as_it_came() {
    let explainer = Explainer::new();
    let kept = explainer.clone();
    let mut unit = Unit::deploy("", move || {
        Charm::new(())
            .on(Event::UpdateStatus, |(), cx| {
                cx.set(INSTALLED);
                Err("no network".into())
            })
            .on(Event::UpdateStatus, |(), _| Ok(()))
            .tracer(kept.clone())
    });
    unit.settle();
    unit.update_status();
    insta::assert_snapshot!(explainer.explanation(), @r"
    update-status
    hook:
      explain::a_run_that_fails_is_explained_as_far_as_it_came (closure) ran: hook update-status; it ended with `no network`
        set shop.installed
    ");
}

#[test]
fn what_changes_before_and_after_the_handlers_is_told_too() {
    let explainer = Explainer::new();
    let kept = explainer.clone();
    let mut unit = Unit::deploy("", move || {
        Charm::new(())
            .at_start(|(), cx| {
                cx.set(INSTALLED);
                cx.at_exit(|cx| {
                    cx.clear(INSTALLED);
                    Ok(())
                });
                Ok(())
            })
            .when(&INSTALLED, |(), _| Ok(()))
            .tracer(kept.clone())
    });
    unit.settle();
    insta::assert_snapshot!(explainer.explanation(), @r"
    start
    before the handlers:
      set shop.installed
    flags, iteration 0:
      explain::what_changes_before_and_after_the_handlers_is_told_too (closure) ran: all of shop.installed
    after the handlers:
      cleared shop.installed
    ");
}

/// A unit whose charm, for an event `ask`, explains what would run, and the
/// answers.
fn ask(arguments: &[&[&str]]) -> Vec<CommandAnswer> {
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (noted, store) = (Arc::clone(&answers), MemoryStore::new());
    let (kept, arguments): (_, Vec<Vec<String>>) = (
        store.clone(),
        arguments.iter().map(|words| words.iter().map(ToString::to_string).collect()).collect(),
    );
    let mut juju = Simulator::new();
    juju.deploy_in_process(&files(METADATA), "app", move |mut variables| {
        let make = || {
            shop().store(kept.clone()).at_start(|_, cx| {
                cx.kv().set("starts", &(cx.kv().get::<u8>("starts")?.unwrap_or_default() + 1))
            })
        };
        if variables["JUJU_DISPATCH_PATH"] != "hooks/ask" {
            return make().run_in(variables);
        }
        variables.remove("JUJU_DISPATCH_PATH");
        for words in &arguments {
            noted.lock().unwrap().push(make().run_command(words.clone(), variables.clone()));
        }
        0.into()
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    let rows = store.rows();
    juju.exec("app/0", Exec::custom_event("ask")).unwrap();
    assert_eq!(store.rows(), rows);
    let calls = &juju.operations().last().unwrap().calls;
    assert!(calls.iter().all(|call| call.tool != "state-set"), "{calls:?}");
    std::mem::take(&mut *answers.lock().unwrap())
}

#[test]
fn what_would_run_now_is_told_and_nothing_is_changed() {
    let answers = ask(&[
        &["explain"],
        &["explain", "upgrade-charm"],
        &["explain", "collect-metrics"],
        &["explain", "db-relation-joined", "--json"],
    ]);
    let [now, upgrade, metrics, json] = answers.as_slice() else { panic!("{answers:?}") };
    insta::assert_snapshot!(now.output, @r"
    update-status
    hook:
      Shop::install is not due: it is not the hook install or upgrade-charm
      Shop::backup is not due: it is not the action backup
    flags, iteration 0:
      Shop::open is not due: not set: shop.installed
      Shop::polish is not due: not set: shop.installed
      Shop::sell is due: all of shop.ready and once `sell`
      Shop::connect is not due: not set: endpoint.db.joined
    ");
    insta::assert_snapshot!(upgrade.output.lines().nth(2).unwrap(), @"  Shop::install is due: hook install or upgrade-charm");
    insta::assert_snapshot!(metrics.output, @r"
    collect-metrics
    restricted hook:
      Shop::install is not due: it is not the hook install or upgrade-charm
      Shop::backup is not due: it is not the action backup
    ");
    let json: serde_json::Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(json["run"], "db-relation-joined");
    assert_eq!(json["phases"][1]["phase"]["flags"], 0);
    assert_eq!(json["phases"][1]["handlers"][0]["outcome"]["not-due"], "not set: shop.installed");
}

/// The side of `sql` that asks.
#[derive(Debug)]
struct Sql;

impl Interface for Sql {
    const INTERFACE: Option<&'static str> = Some("sql");
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(_: Endpoint) -> Self {
        Self
    }

    fn handlers(handlers: &mut EndpointHandlers<Self>) {
        handlers.when(handlers.flag("changed"), Self::read);
        handlers.on(handlers.relation_hook("broken"), Self::read);
    }
}

impl Sql {
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "it is a handler")]
    fn read(&self, _: &Context) -> Result {
        Ok(())
    }
}

fn charm_with_all() -> Charm<Shop> {
    Charm::new(Shop)
        .on(Event::Install, Shop::install)
        .interface::<Sql>()
        .action("backup", Shop::backup)
        .when(any([&INSTALLED, &READY]).or(not_all([&SEEN])), Shop::open)
        .when(none([&SEEN]).not().and(files_changed(["/etc/a\"b"])), Shop::polish)
        .when(always().and(test("it is monday", |_| true)), Shop::sell)
        .when(hook("db-relation-{joined,changed}".parse().unwrap()), Shop::connect)
        .trigger(Trigger::on_clear(&READY).clear(&SEEN).set(&INSTALLED))
}

#[test]
fn what_wakes_what_is_drawn() {
    let run = |arguments: &[&str]| {
        let answer = charm_with_all().run_command(arguments.to_vec(), [("LANG", "C")]);
        assert_eq!(answer.error, "");
        answer.output
    };
    insta::assert_snapshot!(run(&["graph"]), @r#"
    flowchart LR
      n0["Shop::install"]
      n1{{"install"}}
      n2["Sql::read ({requires:sql})"]
      n3(["endpoint.{requires:sql}.changed"])
      n4["Sql::read ({requires:sql})"]
      n5{{"{requires:sql}-relation-broken"}}
      n6["Shop::backup"]
      n7{{"action backup"}}
      n8["Shop::open"]
      n9(["shop.installed"])
      n10(["shop.ready"])
      n11(["shop.seen"])
      n12["Shop::polish"]
      n13[/"changed: /etc/a#quot;b"/]
      n14["Shop::sell"]
      n15[/"always"/]
      n16[/"it is monday"/]
      n17["Shop::connect"]
      n18{{"db-relation-{joined,changed}"}}
      n1 --> n0
      n3 -->|all| n2
      n5 --> n4
      n7 --> n6
      n9 -->|any| n8
      n10 -->|any| n8
      n11 -->|not all| n8
      n11 -->|any| n12
      n13 --> n12
      n15 --> n14
      n16 --> n14
      n18 --> n17
      n10 -.->|cleared: clear| n11
      n10 -.->|cleared: set| n9
    "#);
    insta::assert_snapshot!(run(&["graph", "--format", "dot"]), @r#"
    digraph charm {
      rankdir=LR;
      n0 [label="Shop::install" shape=box];
      n1 [label="install" shape=hexagon];
      n2 [label="Sql::read ({requires:sql})" shape=box];
      n3 [label="endpoint.{requires:sql}.changed" shape=ellipse];
      n4 [label="Sql::read ({requires:sql})" shape=box];
      n5 [label="{requires:sql}-relation-broken" shape=hexagon];
      n6 [label="Shop::backup" shape=box];
      n7 [label="action backup" shape=hexagon];
      n8 [label="Shop::open" shape=box];
      n9 [label="shop.installed" shape=ellipse];
      n10 [label="shop.ready" shape=ellipse];
      n11 [label="shop.seen" shape=ellipse];
      n12 [label="Shop::polish" shape=box];
      n13 [label="changed: /etc/a\"b" shape=parallelogram];
      n14 [label="Shop::sell" shape=box];
      n15 [label="always" shape=parallelogram];
      n16 [label="it is monday" shape=parallelogram];
      n17 [label="Shop::connect" shape=box];
      n18 [label="db-relation-{joined,changed}" shape=hexagon];
      n1 -> n0 [label=""];
      n3 -> n2 [label="all"];
      n5 -> n4 [label=""];
      n7 -> n6 [label=""];
      n9 -> n8 [label="any"];
      n10 -> n8 [label="any"];
      n11 -> n8 [label="not all"];
      n11 -> n12 [label="any"];
      n13 -> n12 [label=""];
      n15 -> n14 [label=""];
      n16 -> n14 [label=""];
      n18 -> n17 [label=""];
      n10 -> n11 [label="cleared: clear" style=dashed];
      n10 -> n9 [label="cleared: set" style=dashed];
    }
    "#);
    assert_eq!(run(&["graph", "--format=mermaid"]), run(&["graph"]));
}
