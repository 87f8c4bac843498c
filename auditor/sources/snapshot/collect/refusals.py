"""Why the AWS API did not answer a call, and what that means for a snapshot."""

from __future__ import annotations

import re
from enum import StrEnum


class Reason(StrEnum):
    """What kept an answer away. All but ``NOT_OFFERED`` mean that the snapshot is not whole."""

    DENIED = "denied"
    NOT_ENABLED = "not-enabled"
    NOT_OFFERED = "not-offered"
    GONE = "gone"
    FAILED = "failed"


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, and each service's own.
_DENIED = {
    *(
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "NotAuthorized",
    ),
    *("AuthorizationErrorException", "UnauthorizedException", "ForbiddenException", "Forbidden"),
}
_NOT_ENABLED = {
    *("OptInRequired", "OptInRequiredException", "SubscriptionRequiredException", "AuthFailure"),
    *("UnrecognizedClientException", "InvalidClientTokenId"),
}
_NOT_OFFERED = {"InvalidAction", "UnknownOperationException"}
_GONE = ("NotFound", "NotFoundException", "NotFoundFault", "DoesNotExist")


_LONGEST = 300
_TAG = re.compile(r"<[^>]*>")  # of a proxy's page, say


class RefusedError(Exception):
    """A call that was not answered, after all attempts."""

    def __init__(self, operation: str, reason: Reason, text: str) -> None:
        self.operation = operation
        self.reason = reason
        self.text = " ".join(_TAG.sub(" ", text).split())[:_LONGEST]
        super().__init__(self.text)


def reason_of(code: str) -> Reason:
    """What an error code of AWS means for the snapshot; whatever is not known is a failure."""
    if code in _DENIED:
        return Reason.DENIED
    if code in _NOT_ENABLED:
        return Reason.NOT_ENABLED
    if code in _NOT_OFFERED:
        return Reason.NOT_OFFERED
    return Reason.GONE if code.endswith(_GONE) or code.startswith("NoSuch") else Reason.FAILED
