"""A server that another one can stand behind."""

from charmhelpers.core import hookenv, unitdata
from charms.reactive import (
    clear_flag,
    data_changed,
    endpoint_from_name,
    set_flag,
    when,
    when_all,
    when_not,
)


@when_not("demo.installed")
def install():
    """Install what is served."""
    hookenv.application_version_set("1.0")
    set_flag("demo.installed")


@when("demo.installed")
def open_port():
    """Open the port that is configured, in place of the former one."""
    config = hookenv.config()
    if config.changed("port"):
        if config.previous("port"):
            hookenv.close_port(config.previous("port"))
        hookenv.open_port(config["port"])


@when_all("demo.installed", "endpoint.server.joined")
def publish():
    """Tell others where this unit serves."""
    host = hookenv.unit_private_ip()
    endpoint_from_name("server").publish(host, hookenv.config("port"))


@when_all("endpoint.backend.available", "endpoint.backend.moved")
def use_backends():
    """Count how often the backends have really changed."""
    servers = endpoint_from_name("backend").servers
    if data_changed("demo.servers", servers):
        kv = unitdata.kv()
        kv.set("demo.renders", kv.get("demo.renders", 0) + 1)
    clear_flag("endpoint.backend.moved")


@when("endpoint.backend.available")
def show_backends():
    """Say which backends there are."""
    hookenv.status_set("active", " ".join(endpoint_from_name("backend").servers))


@when_not("endpoint.backend.available")
def wait():
    """Say that there are none."""
    hookenv.status_set("waiting", "for a backend")


@when("endpoint.backend.departed")
def forget():
    """Keep a list of those that are gone."""
    backend = endpoint_from_name("backend")
    kv = unitdata.kv()
    gone = kv.get("demo.gone", [])
    kv.set("demo.gone", gone + [unit.unit_name for unit in backend.all_departed_units])
    backend.all_departed_units.clear()
    clear_flag("endpoint.backend.departed")
