"""The Python one of two charms that do the same; the other is in Rust."""

import os

from charmhelpers.core import hookenv, unitdata
from charms.reactive import (
    clear_flag,
    data_changed,
    endpoint_from_name,
    hook,
    is_flag_set,
    register_trigger,
    set_flag,
    when,
    when_any,
    when_file_changed,
    when_none,
    when_not,
    when_not_all,
)
from charms.reactive.helpers import mark_invoked, was_invoked
from charms.reactive.trace import LogTracer
from twin_trace import count, trace

# It tests all handlers whenever a flag changes, and a handler that waits for a
# file takes the file for seen when it is tested.
LogTracer._flag = lambda _tracer, _message: None

WATCHED = os.path.join(hookenv.charm_dir(), "watched.txt")

register_trigger(when="twin.configured", set_flag="twin.stale", clear_flag="twin.quiet")
register_trigger(when="endpoint.db.joined", clear_flag="twin.alone")
register_trigger(when_not="endpoint.db.joined", set_flag="twin.alone")
register_trigger(when="twin.noisy", callback=lambda: count("rung"))


@hookenv.atstart
def begin():
    """Forget which handlers ran in the hook before."""
    unitdata.kv().set("twin.trace", [])


@hook("install")
def on_install():
    """Install."""
    trace("on_install")
    set_flag("twin.alone")


@hook("config-changed")
def on_config():
    """Configure."""
    trace("on_config")
    clear_flag("twin.configured")
    set_flag("twin.configured")


@hook("{requires:twindb}-relation-{joined,departed}")
def on_members(_db):
    """Count how often the members change."""
    trace("on_members")
    count("members")


@when_file_changed(WATCHED)
@when("twin.installed")
def read_file():
    """Read the file."""
    trace("read_file")
    count("files")


@when_not("twin.installed")
def install():
    """Do what is done first."""
    trace("install")
    set_flag("twin.installed")


@when("twin.installed")
def seed():
    """Do something once."""
    if not was_invoked("twin.seed"):
        trace("seed")
        mark_invoked("twin.seed")


@when("twin.installed", "twin.stale")
def refresh():
    """Follow the config."""
    trace("refresh")
    clear_flag("twin.stale")
    config = {"tag": hookenv.config("tag"), "jobs": hookenv.config("jobs")}
    if data_changed("twin.config", config):
        set_flag("twin.noisy", value={"tag": config["tag"]})
    elif is_flag_set("twin.noisy"):
        clear_flag("twin.noisy")


@when_any("twin.noisy", "endpoint.db.departed")
def bell():
    """Ring."""
    trace("bell")
    set_flag("twin.quiet")
    if is_flag_set("twin.noisy"):
        clear_flag("twin.noisy")


@when_none("twin.alone", "twin.quiet")
def whisper():
    """Do what none of two allow."""
    trace("whisper")


@when_not_all("twin.alone", "twin.quiet")
def hum():
    """Do what either prevents."""
    trace("hum")


@when("twin.quiet")
@when_not("endpoint.db.joined")
def hush():
    """Be quiet no more."""
    trace("hush")
    clear_flag("twin.quiet")


@when("endpoint.db.changed.host")
def host_changed():
    """Note that a host is another."""
    trace("host_changed")
    clear_flag("endpoint.db.changed.host")


@when("endpoint.db.changed")
def merge():
    """Note what all units say, merged, and what each says of its port."""
    trace("merge")
    units = endpoint_from_name("db").all_joined_units
    kv = unitdata.kv()
    kv.set("twin.merged", {key: units.received[key] for key in sorted(units.received_raw)})
    kv.set("twin.ports", [[unit.unit_name, unit.received["port"]] for unit in units])
    clear_flag("endpoint.db.changed")


@when("endpoint.db.joined")
def publish():
    """Tell all databases the same."""
    db = endpoint_from_name("db")
    for relation in db.relations:
        relation.to_publish["tag"] = hookenv.config("tag")
        units = relation.joined_units
        application = relation.application_name if units else None
        relation.to_publish["members"] = [application, units.keys()]
        relation.to_publish["none"] = None
        relation.to_publish_raw["mode"] = "odd" if hookenv.config("jobs") % 2 else ""
        relation.to_publish.setdefault("first", hookenv.config("tag"))


@when("endpoint.db.departed")
def forget():
    """Note who is gone, and keep them if so configured."""
    trace("forget")
    departed = endpoint_from_name("db").all_departed_units
    gone = [[unit.unit_name, unit.received_raw["host"]] for unit in departed]
    unitdata.kv().set("twin.gone", gone)
    if hookenv.config("tag") != "keep":
        departed.clear()
        clear_flag("endpoint.db.departed")


@when("endpoint.ask.joined")
def ask():
    """Ask for jobs; each relation has its own."""
    trace("ask")
    endpoint = endpoint_from_name("ask")
    job = endpoint.REQUEST_CLASS
    unit = hookenv.local_unit().replace("/", "-")
    for relation in endpoint.relations:
        for number in range(hookenv.config("jobs")):
            number = f"{relation.relation_id}-{unit}-{number}"
            known = job.get(number)
            if known:
                known.name = hookenv.config("tag")
            else:
                job.create(relation, request_id=number, name=hookenv.config("tag"), port=80)


@when("endpoint.ask.has_responses")
def hear():
    """Note what is answered."""
    trace("hear")
    requests = endpoint_from_name("ask").requests
    answers = [[request.request_id, request.response.ok] for request in requests if request.response]
    unitdata.kv().set("twin.answers", answers)


@when("endpoint.serve.new_requests")
def answer():
    """Answer all."""
    for request in endpoint_from_name("serve").new_requests:
        request.respond(ok=not request.request_id.endswith("3"))


@when("twin.poked")
def poked():
    """Note that the action ran."""
    trace("poked")
    clear_flag("twin.poked")
    count("poked")


@when("twin.installed")
def fail():
    """Fail if so configured."""
    if hookenv.config("fail"):
        raise RuntimeError("as configured")


@hookenv.atexit
def show():
    """Show how the unit is."""
    db = endpoint_from_name("db")
    units, gone = len(db.all_joined_units), len(db.all_departed_units)
    status = "active" if is_flag_set("endpoint.db.joined") else "waiting"
    hookenv.status_set(status, f"{units} units, {gone} gone, {hookenv.config('tag')}")
