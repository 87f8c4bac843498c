"""APIs as AWS describes them: their integrations stand in answers of their own, if these were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.api_gateway.integrations import OF_HTTP, OF_REST
from auditor.aws.reader.respelling import maps, undecided, with_entries
from auditor.tree import Map, Node, Resource, Scalar, Seq


def collected_rest(resource: Resource) -> Iterator[Resource]:
    """A REST API, and the integration of each method of its resources.

    https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html
    """
    told = resource.body.entries.get("items")
    yield _whole(resource, told)
    for one in maps(told):
        methods = one.entries.get("resource_methods")
        for name, method in methods.entries.items() if isinstance(methods, Map) else ():
            found = method.entries.get("method_integration") if isinstance(method, Map) else None
            if isinstance(found, Map):
                place = _text(one, "path") or _text(one, "id")
                yield _integration(resource, OF_REST, f"{name.upper()} {place}", ("rest_api_id", found))


def collected_http(resource: Resource) -> Iterator[Resource]:
    """An HTTP or WebSocket API, and its integrations.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
    """
    told = resource.body.entries.get("items")
    yield _whole(resource, told)
    for number, one in enumerate(maps(told)):
        name = _text(one, "integration_id") or str(number)
        yield _integration(resource, OF_HTTP, name, ("api_id", one))


def _whole(resource: Resource, told: Node | None) -> Resource:
    """The API; where not all of its integrations are told, it may have any others, as by a document."""
    known = isinstance(told, Seq) and told.more is None and len(maps(told)) == len(told.items)
    what, hint = f"the integrations of {resource.address}", "the whole answer of AWS"
    body = None if known else undecided(resource, "body", what, hint)
    return with_entries(resource, items=None, body=body)


def _integration(resource: Resource, kind: str, name: str, told: tuple[str, Map]) -> Resource:
    path, body = told
    entries = {**body.entries, path: Scalar(resource.address, body.at)}
    own = replace(body, entries=entries)
    return replace(resource, kind=kind, address=f"{resource.address}/{name}", body=own, at=body.at)


def _text(body: Map, name: str) -> str:
    node = body.entries.get(name)
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
