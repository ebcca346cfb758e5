//! A Rust charm that is killed after its commit, and then becomes a Python
//! charm.

use juju_simulator::{Fault, Retry};
use reactive_endpoints::{SqliteStore, Store as _};

use super::puppet::Pull;
use super::world::{Language, Outcome, World};

/// Has both worlds begin, with databases.
fn begin(language: Language) -> World {
    let mut world = World::new(language);
    world.juju.run_until_idle().unwrap();
    world.juju.integrate("app:db", "one:db").unwrap();
    world.juju.run_until_idle().unwrap();
    world
}

fn publish(world: &mut World, text: &str) {
    let (endpoint, key, text) = ("db", "host".to_owned(), text.to_owned());
    world.pull("one/0", Pull::Publish { endpoint, key, text });
    world.juju.run_until_idle().unwrap();
}

/// Tells what the next run would look at Juju for.
fn provisional(world: &World) -> Option<String> {
    let folder = world.juju.charm_dir("app/0").unwrap();
    SqliteStore::new(folder.join(".unit-state.db")).load().unwrap().provisional
}

/// Returns the outcome without what tells how often something was done.
fn lasting(world: &World) -> Outcome {
    let mut outcome = world.outcome("app/0");
    outcome.rows.retain(|key, _| !key.starts_with("twin.count.") && key != "twin.trace");
    outcome
}

#[test]
fn python_goes_on_from_the_commit_of_a_rust_run_that_was_killed() {
    let (mut world, mut undisturbed) = (begin(Language::Rust), begin(Language::Python));
    publish(&mut undisturbed, "a");

    world.juju.inject("app/0", Fault::KillAtExit).unwrap();
    publish(&mut world, "a");
    assert!(!world.last().exit.is_success());
    let of_killed = provisional(&world);
    assert!(of_killed.is_some());

    // The hook is not tried again, and so the first that runs after it is one of
    // Python, which takes the rows as they are.
    for world in [&mut world, &mut undisturbed] {
        world.refresh(Language::Python);
    }
    world.juju.resolve("app/0", Retry::No).unwrap();
    for world in [&mut world, &mut undisturbed] {
        world.juju.run_until_idle().unwrap();
    }
    assert_eq!(lasting(&world), lasting(&undisturbed));

    // What Python has made of them is not taken back.
    for (world, language) in [(&mut world, Language::Rust), (&mut undisturbed, Language::Python)] {
        world.refresh(language);
        world.juju.run_until_idle().unwrap();
    }
    assert_ne!(provisional(&world), of_killed);
    let of_killed = of_killed.unwrap();
    let warning = format!(
        "the run {of_killed} did not reach its end: its flags and stored data stay, as another \
         program has gone on with them"
    );
    let log = world.juju.operations().iter().flat_map(|operation| &operation.log);
    let log: Vec<&str> = log.map(|line| line.message.as_str()).collect();
    assert!(log.contains(&warning.as_str()), "{}", log.join("\n"));
    assert_eq!(lasting(&world), lasting(&undisturbed));
    for world in [&mut world, &mut undisturbed] {
        publish(world, "b");
        assert!(world.last().exit.is_success());
    }
    assert_eq!(lasting(&world), lasting(&undisturbed));
}

#[test]
fn a_run_that_was_killed_is_taken_back_before_python_comes() {
    let (mut world, mut undisturbed) = (begin(Language::Rust), begin(Language::Rust));
    publish(&mut undisturbed, "a");
    world.juju.inject("app/0", Fault::KillAtExit).unwrap();
    publish(&mut world, "a");
    assert!(provisional(&world).is_some());

    // Juju tries the hook again before it replaces the charm.
    for world in [&mut world, &mut undisturbed] {
        world.refresh(Language::Python);
    }
    world.juju.resolve("app/0", Retry::Yes).unwrap();
    for world in [&mut world, &mut undisturbed] {
        world.juju.run_until_idle().unwrap();
    }
    assert_eq!(world.outcome("app/0"), undisturbed.outcome("app/0"));
}
