"""The way to AWS through boto3: whose credentials, which accounts and Regions, how patient the calls are."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from auditor import __version__, disk
from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.sources.snapshot.collect.refusals import Reason, RefusedError, reason_of

_ATTEMPTS = 6
_ATTEMPTS_WHERE_NOT_OFFERED = 2
_CONNECT_SECONDS = 10
# Services for all Regions that answer in one only.
# https://docs.aws.amazon.com/global-accelerator/latest/api/Welcome.html
_HOMES = {"globalaccelerator": "us-west-2"}
_READ_SECONDS = 60
_TOKENS = ("NextToken", "nextToken", "Marker", "position")
_LOGIN = "give --profile, or set AWS_PROFILE, or log in (aws sso login, aws configure)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Which credentials to use: a profile of the AWS configuration, and the roles that are assumed with it.

    ``endpoint`` is where all calls go instead of AWS; ``connections`` how many are open to a service at once.
    """

    profile: str | None = None
    roles: tuple[str, ...] = ()
    external_id: str | None = None
    endpoint: str | None = None
    connections: int = 10


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the credentials open."""

    id: str
    session: Any
    access: Access
    stop: threading.Event
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def api(self, region: str) -> RegionApi:
        """The API of this account in a Region."""
        return RegionApi(self, region)

    def client(self, service: str, region: str) -> Any:
        """The client of a service, made once: clients may be shared by threads, sessions may not.

        See https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients.
        """
        if self.session.get_partition_for_region(region) == "aws":
            region = _HOMES.get(service, region)
        with self.lock:
            if (service, region) not in self.clients:
                attempts = _ATTEMPTS if self._offers(service, region) else _ATTEMPTS_WHERE_NOT_OFFERED
                client = _client(self.session, service, region, self.access, attempts)
                self.clients[service, region] = client
            return self.clients[service, region]

    def offers(self, service: str, region: str) -> bool:
        """Whether the service is offered in the Region, as far as boto3 knows."""
        with self.lock:
            return self._offers(service, region)

    def _offers(self, service: str, region: str) -> bool:
        partition = self.session.get_partition_for_region(region)
        regions = self.session.get_available_regions(service, partition_name=partition)
        return not regions or region in regions


@dataclass(frozen=True, slots=True)
class RegionApi:
    """The AWS API for one account in one Region."""

    account: Account
    region: str

    def pages(
        self, service: str, operation: str, arguments: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """The pages of an answer, without what belongs to the transport. Raises RefusedError."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        name = f"{service}:{operation}"
        try:
            for page in self._asked(service, operation, dict(arguments)):
                page.pop("ResponseMetadata", None)
                yield page
                if self.account.stop.is_set():
                    raise RefusedError(name, Reason.FAILED, "interrupted")
        except ClientError as error:
            told = error.response.get("Error", {})
            code = str(told.get("Code", ""))
            text = f"{code}: {told.get('Message', '')}".strip(": ")
            raise RefusedError(name, reason_of(code), text) from error
        except BotoCoreError as error:
            raise RefusedError(name, self._reason(service, error), str(error)) from error
        except ResponseParserError as error:
            raise RefusedError(name, Reason.FAILED, "the answer is not one of AWS") from error

    def _reason(self, service: str, error: Exception) -> Reason:
        from botocore.exceptions import EndpointConnectionError

        unknown = isinstance(error, EndpointConnectionError) and not self.account.offers(service, self.region)
        return Reason.NOT_OFFERED if unknown else Reason.FAILED

    def _asked(self, service: str, operation: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        from botocore import xform_name

        if self.account.stop.is_set():
            raise RefusedError(f"{service}:{operation}", Reason.FAILED, "interrupted")
        client = self.account.client(service, self.region)
        method = xform_name(operation)
        if not hasattr(client, method):
            why = "the installed boto3 is too old to know it: pip install --upgrade boto3"
            raise RefusedError(f"{service}:{operation}", Reason.FAILED, why)
        if client.can_paginate(method):
            size = _page_size(client, service, operation)
            yield from client.get_paginator(method).paginate(**arguments, PaginationConfig=size)
        else:
            yield from _by_token(getattr(client, method), arguments)


def _page_size(client: Any, service: str, operation: str) -> dict[str, int]:
    """The largest page that EC2 declares: without one it describes all at once, and slowly.

    See https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html.
    """
    if service != "ec2" or not operation.startswith("Describe"):
        return {}
    shape = client.meta.service_model.operation_model(operation).input_shape
    largest = shape.members["MaxResults"].metadata.get("max") if "MaxResults" in shape.members else None
    return {"PageSize": min(int(largest), 1000)} if largest else {}


def _by_token(call: Any, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages of an operation for which boto3 has no paginator."""
    seen: set[str] = set()
    while True:
        page = call(**arguments)
        yield page
        token = next((name for name in _TOKENS if page.get(name)), None)
        if token is None or page[token] in seen:
            return
        seen.add(page[token])
        arguments = {**arguments, token: page[token]}


def accounts(access: Access, region: str | None, stop: threading.Event) -> tuple[tuple[Account, ...], str]:
    """The accounts that the credentials open, and the Region to begin with: ``region``, or the profile's.

    With roles, these are the roles' accounts; without, that of the credentials themselves. Raises UsageError
    without boto3, credentials or a Region, and where a role cannot be assumed.
    """
    disk.unrepeatable("the AWS API was asked")
    session = _session(access)
    first = region or session.region_name
    if not first:
        raise UsageError(
            "no Region is given, and the profile has none",
            hint="--region eu-central-1, or AWS_DEFAULT_REGION",
        )
    opened: dict[str, Account] = {}
    for role in access.roles or (None,):
        assumed = session if role is None else _assumed(session, role, first, access)
        identity = _identity(assumed, first, access, role)
        if identity in opened:
            raise UsageError(f"{role} is in account {identity}, as another --role-arn is")
        opened[identity] = Account(identity, assumed, access, stop)
    return tuple(opened.values()), first


def enabled_regions(account: Account, region: str) -> tuple[str, ...]:
    """The Regions that are enabled for the account, sorted. Raises UsageError where AWS does not say."""
    try:
        pages = list(account.api(region).pages("ec2", "DescribeRegions", {}))
    except RefusedError as error:
        hint = "name them: --region"
        raise UsageError(f"cannot list the Regions of {account.id}: {error.text}", hint=hint) from error
    return tuple(sorted(each["RegionName"] for page in pages for each in page["Regions"]))


def _session(access: Access) -> Any:
    try:
        import boto3
        from botocore.exceptions import ProfileNotFound
    except ImportError as error:
        why = "collecting a snapshot needs boto3, which is not installed"
        raise UsageError(why, hint="pip install 'netaudit[aws]'") from error
    try:
        return boto3.Session(profile_name=access.profile)
    except ProfileNotFound as error:
        raise UsageError(str(error), hint="aws configure list-profiles shows those that there are") from error


def _client(session: Any, service: str, region: str, access: Access, attempts: int = _ATTEMPTS) -> Any:
    from botocore.config import Config

    config = Config(
        retries={"mode": "adaptive", "total_max_attempts": attempts},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        max_pool_connections=access.connections,
        inject_host_prefix=False if access.endpoint else None,
        user_agent_extra=f"netaudit/{__version__}",
    )
    return session.client(service, region_name=region, endpoint_url=access.endpoint, config=config)


def _identity(session: Any, region: str, access: Access, role: str | None) -> str:
    from botocore import exceptions

    try:
        return str(_client(session, "sts", region, access).get_caller_identity()["Account"])
    except exceptions.ClientError as error:
        told = error.response.get("Error", {})
        text = f"{told.get('Code', '')}: {told.get('Message', '')}"
        what = f"cannot assume {role}" if role else "AWS does not take the credentials"
        raise UsageError(f"{what}: {text}", hint="" if role else _LOGIN) from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise UsageError(f"AWS cannot be reached: {error}") from error
    except exceptions.BotoCoreError as error:
        raise UsageError(f"no AWS credentials can be used: {error}", hint=_LOGIN) from error


def _assumed(session: Any, role: str, region: str, access: Access) -> Any:
    """A session with the role's credentials, which are renewed when they run out."""
    import boto3
    import botocore.session
    from botocore.credentials import CredentialResolver

    child = botocore.session.Session()
    child.register_component(
        "credential_provider", CredentialResolver([_Role(session, role, region, access)])
    )
    return boto3.Session(botocore_session=child)


@dataclass(frozen=True, slots=True)
class _Role:
    """What botocore asks for credentials: those of an assumed role."""

    session: Any
    role: str
    region: str
    access: Access
    METHOD: str = "assume-role"
    CANONICAL_NAME: str | None = None

    def load(self) -> Any:
        """Credentials that assume the role when they are first used, and again before they run out."""
        from botocore.credentials import DeferredRefreshableCredentials

        return DeferredRefreshableCredentials(self._assume, self.METHOD)

    def _assume(self) -> dict[str, str]:
        given = {"ExternalId": self.access.external_id} if self.access.external_id else {}
        client = _client(self.session, "sts", self.region, self.access)
        answer = client.assume_role(RoleArn=self.role, RoleSessionName="netaudit-snapshot", **given)
        taken = answer["Credentials"]
        return {
            "access_key": taken["AccessKeyId"],
            "secret_key": taken["SecretAccessKey"],
            "token": taken["SessionToken"],
            "expiry_time": taken["Expiration"].isoformat(),
        }
