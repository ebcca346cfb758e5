//! The charm's side and the daemon under a real systemd.
//!
//! This needs root and a systemd, so plain `cargo test` leaves it out.
//!
//! Each scenario of the daemon ends with one assertion: what the charm was told
//! keeps the promise, given what systemd's journal says that happened
//! (`promise.rs`, `daemon/happened.rs`).
//!
//! # What the Python library got wrong
//!
//! | the Python library | the test that we do not |
//! | --- | --- |
//! | never hears of names with a leading digit, `:` and the like | `daemon::names::a_unit_may_have_any_name_that_systemd_allows`, `names::systemd_has_the_same_object_paths` |
//! | reads `_2d` and `_40` in a name as escapes | the same |
//! | fails on a name with `-`, `.` or `@` that has no alias | `daemon::whole::a_service_needs_no_alias_whatever_it_is_called` |
//! | ignores SIGHUP | `daemon::state::a_changed_list_is_in_force_after_a_hangup` |
//! | misses a crash with an automatic restart, or tells it twice | `daemon::lives::a_service_crashes_and_is_started_again` |
//! | tells a second stop after `reset-failed` | `daemon::lives::a_service_fails_and_is_reset` |
//! | fails on messages of the bus itself at each start | `daemon::lives::a_service_starts_and_stops` (no warning is logged) |
//! | loses what changes between its look at the states and its subscription | `daemon::bus::what_happens_while_the_daemon_starts_is_told` |
//! | hears of changes only as long as another program has subscribed | `daemon::bus::nobody_else_has_to_ask_for_signals` |
//! | never tells what happened while it was down, or before | `daemon::deliveries::what_happens_while_the_daemon_is_down_is_told`, `daemon::names::what_is_up_already_is_told`, `daemon::state::a_reboot_is_told` |
//! | drops what cannot be delivered | `daemon::deliveries::an_agent_that_is_not_there_is_asked_until_it_is`, `…::a_charm_that_fails_is_asked_a_few_times_and_then_at_the_next_change` |
//! | runs many `juju-exec` at once, in no order | `daemon::deliveries::one_thing_is_told_at_a_time`, `…::a_service_that_flaps_costs_few_hooks` |
//! | waits for a `juju-exec` that hangs for ever | `daemon::deliveries::an_agent_that_hangs_is_given_up_and_asked_again` |
//! | goes on with the old code and list after a refresh of the charm | `apply::a_refreshed_charm_gets_a_new_daemon_and_a_delivery_goes_on`, `apply::another_list_is_read_by_the_daemon_that_runs` |
//! | stays deaf when the bus is restarted | `daemon::bus::the_bus_may_be_started_anew` |
//! | needs the right Python path | `daemon::whole::a_charm_hears_of_its_services_until_it_removes_its_notices` (the charm's program is the daemon) |
//! | knows `juju-exec` only, which is `juju-run` before Juju 3 | `daemon::deliveries::an_agent_that_is_not_there_is_asked_until_it_is` |
//! | lets systemd change `\x2d`, `%` and `$` in its command line | `apply::a_program_with_an_odd_path_is_started_as_it_is`, `daemon::whole::a_service_needs_no_alias_whatever_it_is_called` |
//! | needs links below `hooks/`, and leaves them, its unit file and itself behind | `remove::remove_leaves_nothing_behind`, `python::its_daemon_and_its_links_are_replaced` |
//! | fails to stop what was never started | `remove::stop_and_remove_do_nothing_where_nothing_is` |
//! | watches services only, and says nothing but started and stopped | `daemon::lives::timers_and_sockets_start_and_stop_too`, `daemon::lives::a_service_ends_in_many_ways` |
//! | believes signals that any user has sent | `daemon::bus::nobody_can_fake_a_signal` |
//! | costs 33 MB for each unit, and wakes for each unit that changes | `daemon::names::hundreds_of_units_are_watched`, `daemon::bus::what_is_not_watched_does_not_wake_the_daemon` |
//! | loses the hook that runs when it is restarted | `daemon::deliveries::the_daemon_may_be_restarted_while_the_charm_is_told` |

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod apply;
mod daemon;
mod names;
mod promise;
mod python;
mod remove;
mod unit;
