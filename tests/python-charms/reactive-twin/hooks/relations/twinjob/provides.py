"""The side that does jobs."""

from charms.reactive import BaseRequest, BaseResponse, Field, ResponderEndpoint


class Outcome(BaseResponse):
    """What has become of a job."""

    ok = Field("Whether it is done.")


class Job(BaseRequest):
    """A job."""

    RESPONSE_CLASS = Outcome

    name = Field("Its name.")
    port = Field("Where to do it.")


class TwinJobProvides(ResponderEndpoint):
    """Does jobs."""

    REQUEST_CLASS = Job
