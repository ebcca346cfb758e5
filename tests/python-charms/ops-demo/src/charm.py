"""A server that another one can stand behind."""

import dataclasses
import logging
import os
import pathlib

import ops

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Config:
    """The options, checked."""

    port: int
    factor: float
    verbose: bool
    greeting: str = ""

    def __post_init__(self):
        if not 0 < self.port < 65536:
            raise ValueError(f"{self.port} is no port")


class DemoCharm(ops.CharmBase):
    """Shares a password with each who relates, and uses that of its backend."""

    _stored = ops.StoredState()

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self._stored.set_default(backends=[], passwords={}, folder="")
        on = self.on
        framework.observe(on.data_storage_attached, self._on_storage_attached)
        framework.observe(on.install, self._on_install)
        framework.observe(on.config_changed, self._on_config_changed)
        framework.observe(on.leader_elected, self._on_leader_elected)
        framework.observe(on.cluster_relation_joined, self._on_leader_elected)
        framework.observe(on.server_relation_joined, self._on_server_joined)
        framework.observe(on.backend_relation_changed, self._on_backend_changed)
        framework.observe(on.backend_relation_departed, self._on_backend_departed)
        framework.observe(on.backend_relation_broken, self._on_backend_broken)
        framework.observe(on.secret_changed, self._on_secret_changed)
        framework.observe(on.secret_rotate, self._on_secret_rotate)
        framework.observe(on.secret_remove, self._on_secret_remove)
        framework.observe(on.rotate_action, self._on_rotate_action)
        framework.observe(on.collect_unit_status, self._on_collect_unit_status)
        framework.observe(on.collect_app_status, self._on_collect_app_status)

    def _on_storage_attached(self, event: ops.StorageAttachedEvent):
        event.storage.location.joinpath("marker").write_text(event.storage.full_id)
        self._stored.folder = str(event.storage.location)

    def _on_install(self, _: ops.InstallEvent):
        self.unit.set_workload_version(pathlib.Path(self._stored.folder, "marker").read_text())

    def _on_config_changed(self, _: ops.ConfigChangedEvent):
        try:
            config = self.load_config(Config)
        except ValueError:
            return  # The status will say so.
        self.unit.set_ports(config.port, ops.Port("udp", 9000))
        logger.info("configured: %s", config)
        for relation in self.model.relations["server"]:
            self._publish(relation)

    def _on_leader_elected(self, _: ops.EventBase):
        relation = self.model.get_relation("cluster")
        if relation and self.unit.is_leader():
            relation.data[self.app]["planned"] = str(self.app.planned_units())

    def _on_server_joined(self, event: ops.RelationJoinedEvent):
        self._publish(event.relation)

    def _publish(self, relation: ops.Relation):
        binding = self.model.get_binding(relation)
        relation.data[self.unit].update(
            host=str(binding.network.ingress_address), port=str(self.config["port"])
        )
        if not self.unit.is_leader() or "password" in relation.data[self.app]:
            return
        password = f"{relation.app.name} 1"
        if self.model.juju_version.has_secrets:
            secret = self.app.add_secret(
                {"password": password},
                label=f"relation-{relation.id}",
                rotate=ops.SecretRotate.DAILY,
            )
            secret.grant(relation)
            password = secret.id
        relation.data[self.app]["password"] = password

    def _on_backend_changed(self, event: ops.RelationChangedEvent):
        if not self.config.get("greeting"):
            logger.info("deferred: there is nothing to say yet")
            event.defer()
            return
        if event.unit and event.unit.name not in self._stored.backends:
            self._stored.backends.append(event.unit.name)
        password = event.relation.data[event.app].get("password", "")
        if password.startswith("secret:"):
            secret = self.model.get_secret(id=password, label=f"backend-{event.relation.id}")
            password = secret.get_content()["password"]
        self._stored.passwords[str(event.relation.id)] = password

    def _on_backend_departed(self, event: ops.RelationDepartedEvent):
        if event.departing_unit.name in self._stored.backends:
            self._stored.backends.remove(event.departing_unit.name)

    def _on_backend_broken(self, event: ops.RelationBrokenEvent):
        self._stored.passwords.pop(str(event.relation.id), None)

    def _on_secret_changed(self, event: ops.SecretChangedEvent):
        relation = event.secret.label.removeprefix("backend-")
        content = event.secret.get_content(refresh=True)
        self._stored.passwords[relation] = content["password"]

    def _on_secret_rotate(self, event: ops.SecretRotateEvent):
        self._renew(event.secret)

    def _on_secret_remove(self, event: ops.SecretRemoveEvent):
        event.remove_revision()

    def _renew(self, secret: ops.Secret) -> int:
        # What the owner has read stays in use, too, until it reads a newer one.
        name, number = secret.get_content(refresh=True)["password"].rsplit(maxsplit=1)
        revision = int(number) + 1
        secret.set_content({"password": f"{name} {revision}"})
        return revision

    def _on_rotate_action(self, event: ops.ActionEvent):
        if not self.unit.is_leader():
            event.fail("only the leader can do this")
            return
        event.log(f"because of {event.params['reason']}")
        revisions = {}
        for relation in self.model.relations["server"]:
            secret = self.model.get_secret(label=f"relation-{relation.id}")
            revisions[relation.app.name] = self._renew(secret)
        event.set_results({"revisions": revisions, "reason": event.params["reason"]})

    def _on_collect_unit_status(self, event: ops.CollectStatusEvent):
        greeting = self.config.get("greeting")
        if not greeting:
            event.add_status(ops.BlockedStatus("set the option greeting"))
        try:
            self.load_config(Config)
        except ValueError as error:
            event.add_status(ops.BlockedStatus(str(error)))
        if self.model.relations["backend"] and not self._stored.backends:
            event.add_status(ops.WaitingStatus("for a backend"))
        # For tests to see; a charm that is no demo shows no passwords.
        passwords = ", ".join(self._stored.passwords.values())
        event.add_status(ops.ActiveStatus(f"{greeting}, {passwords or 'nobody'}"))

    def _on_collect_app_status(self, event: ops.CollectStatusEvent):
        relation = self.model.get_relation("cluster")
        planned = relation.data[self.app].get("planned") if relation else None
        event.add_status(ops.ActiveStatus(f"{planned} planned"))


if __name__ == "__main__":
    ops.main(DemoCharm, use_juju_for_storage=bool(os.environ.get("DEMO_STATE_IN_JUJU")))
