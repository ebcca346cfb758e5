"""The side of the demo-server relation that serves."""

from charms.reactive import Endpoint


class DemoServerProvides(Endpoint):
    """Tells where this unit serves."""

    def publish(self, host, port):
        """Publish the address in each relation."""
        for relation in self.relations:
            relation.to_publish_raw["host"] = host
            relation.to_publish["port"] = port
