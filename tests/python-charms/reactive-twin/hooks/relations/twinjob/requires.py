"""The side that asks for jobs."""

from charms.reactive import BaseRequest, BaseResponse, Field, RequesterEndpoint


class Outcome(BaseResponse):
    """What has become of a job."""

    ok = Field("Whether it is done.")


class Job(BaseRequest):
    """A job."""

    RESPONSE_CLASS = Outcome

    name = Field("Its name.")
    port = Field("Where to do it.")


class TwinJobRequires(RequesterEndpoint):
    """Asks for jobs."""

    REQUEST_CLASS = Job
