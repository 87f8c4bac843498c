"""Provider configurations: the account and the Region that a resource lives in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform import functions
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.modules.blocks import body_of
from auditor.sources.terraform.modules.instances import Instance, expand
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import CallSite, identity_of, to_text
from auditor.tree import Map, Node, Scalar, Scope, Seq

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

CREDENTIALS = (
    "access_key",
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "token",
)
_WITHOUT_DEFAULT_TAGS = frozenset({"aws_autoscaling_group"})


@dataclass(frozen=True, slots=True)
class Provider:
    """One configuration of a provider: its account and Region, empty where they are not known.

    ``credentials`` is what it signs in by, as text: two that are equal lead to one account. ``tags`` are
    those that everything gets that it makes.
    """

    account: str = ""
    region: str = ""
    credentials: str = ""
    tags: Node | None = None


class Providers:
    """The provider configurations that one module sees, by local name and alias."""

    __slots__ = ("_found", "_under_way", "module", "passed")

    def __init__(self, module: Module, passed: dict[str, Provider]) -> None:
        self.module = module
        self.passed = passed
        self._found: dict[str, Provider] = {}
        self._under_way: list[str] = []

    def find(self, name: str, label: str) -> Provider:
        """The configuration of that name; one of which nothing is known where there is none."""
        found = self._found.get(name)
        if found is None:
            found = self._look_up(name, label)
            if not self._under_way:  # what others ask for meanwhile may know more later
                self._found[name] = found
        return found

    def scope(self, block: ast.Block, body: Map, label: str, frame: Frame | None = None) -> Scope:
        """Where a resource lives: its provider's account, and its own ``region`` or its provider's.

        ``frame`` is the instance's, in which the key of one of several provider configurations is evaluated.
        """
        provider = self._of(block, label, frame)
        region = body.entries.get("region")
        own = region.value if isinstance(region, Scalar) and isinstance(region.value, str) else ""
        if "region" in body.entries and not own and not isinstance(region, Scalar):
            return Scope(self.module.run.root, provider.account, "")
        return self.module.run.scope(provider.account, own or provider.region)

    def tagged(self, block: ast.Block, body: Map, label: str, frame: Frame | None = None) -> Map:
        """A body with ``tags_all``, its tags and those of its provider, where the provider gives any.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block
        """
        given = self._of(block, label, frame).tags
        if given is None or block.labels[0] in _WITHOUT_DEFAULT_TAGS:
            return body
        own = body.entries.get("tags", body.more)
        run = self.module.run
        site = CallSite(
            name="merge",
            at=body.at,
            root_folder=run.root,
            module_folder=self.module.folder,
            read_file=run.read_file,
        )
        try:
            both = given if own is None else functions.call(site, (given, own))
        except InputError as error:
            run.invalid(error, label, body.at)
            return body
        return replace(body, entries={**body.entries, "tags_all": both})

    def _of(self, block: ast.Block, label: str, frame: Frame | None) -> Provider:
        chosen = find(block.body, "provider")
        if chosen is not None and isinstance(chosen.value, ast.Index):
            return self.keyed(chosen.value, frame or self.module.frame, label)
        return self.find(provider_reference(block), label)

    def keyed(self, reference: ast.Index, frame: Frame, label: str) -> Provider:
        """One of the configurations that a provider's ``for_each`` makes, where it can be told which.

        OpenTofu has these (https://opentofu.org/docs/language/providers/configuration/).
        """
        name = reference_text(reference.object)
        block = self.module.declarations.blocks["provider"].get(name)
        try:
            key = to_text(evaluate(reference.key, frame))
            if block is None or not isinstance(key, Scalar) or not isinstance(key.value, str):
                return Provider()
            marked = f"{name}[{key.value}]"
            if marked not in self._found:
                made = expand(block, self.module.frame, f"{self.module.address}provider.{name}")
                one = made.instances.get(key.value)
                self._found[marked] = self._configured(name, block, one) if one else Provider()
        except InputError as error:
            self.module.run.invalid(error, label, reference.at)
            return Provider()
        return self._found[marked]

    def _look_up(self, name: str, label: str) -> Provider:
        if name in self.passed:
            return self.passed[name]
        block = self.module.declarations.blocks["provider"].get(name)
        if block is not None:
            return self._configured(name, block)
        parent = self.module.parent
        if parent is not None and "." not in name:
            return parent.module.providers.find(name, label)
        if "." in name and not self.module.declarations.broken:
            error = InputError(
                f"there is no provider configuration {name}", hint="declare it, or pass it by providers"
            )
            self.module.run.invalid(error, label, self.module.at)
        return Provider()

    def _configured(self, name: str, block: ast.Block, one: Instance | None = None) -> Provider:
        module = self.module
        label = f"{module.address}provider.{name}"
        if one is None and find(block.body, "for_each") is not None:
            return Provider()
        frame = module.frame if one is None else module.frame.bind(dict(one.names))
        name += one.suffix if one is not None else ""
        self._under_way.append(name)
        try:
            body = module.run.once(self._found, name, label, lambda: body_of(block, frame, label))
        except InputError as error:
            module.run.invalid(error, label, block.at)
            return Provider()
        finally:
            self._under_way.pop()
        region = body.entries.get("region")
        credentials = _credentials(body)
        return Provider(
            account=_account(body) or self._same_credentials(name, block, credentials),
            region=region.value if isinstance(region, Scalar) and isinstance(region.value, str) else "",
            credentials=credentials,
            tags=_default_tags(body),
        )

    def _same_credentials(self, name: str, block: ast.Block, credentials: str) -> str:
        """The default configuration's account where the credentials are its; else one named by the alias.

        Not known while the default one is made of what is read by this one.
        """
        kind = block.labels[0]
        if name == kind or kind in self._under_way:
            return ""
        default = self.find(kind, name)
        if default.credentials == credentials:
            return default.account
        for other in self.module.declarations.blocks["provider"]:
            if other == name:
                break
            if other.startswith(f"{kind}.") and self.find(other, name).credentials == credentials:
                return self.find(other, name).account
        return self.module.address + name


def _credentials(body: Map) -> str:
    parts = [
        f"{name}={_credential(node)}"
        for name in CREDENTIALS
        if (node := body.entries.get(name)) is not None and not _is_null(node)
    ]
    return ";".join(parts)


def _credential(node: Node) -> str:
    """What is signed in by, as text; where it has no name it is like no other."""
    return identity_of(node) or f"at {node.at}"


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _account(body: Map) -> str:
    """The account's number, where the role to be assumed or the one allowed account says it."""
    role = _first(body.entries.get("assume_role"))
    arn = role.entries.get("role_arn") if isinstance(role, Map) else None
    if isinstance(arn, Scalar) and isinstance(arn.value, str):
        parts = arn.value.split(":")
        if len(parts) > 5 and parts[4].isdecimal():
            return parts[4]
    allowed = body.entries.get("allowed_account_ids")
    if isinstance(allowed, Seq) and len(allowed.items) == 1 and allowed.more is None:
        only = allowed.items[0]
        if isinstance(only, Scalar) and only.value is not None:
            return str(only.value)
    return ""


def _default_tags(body: Map) -> Node | None:
    given = _first(body.entries.get("default_tags"))
    tags = given.entries.get("tags", given.more) if isinstance(given, Map) else given
    return None if tags is None or _is_null(tags) else tags


def _first(node: Node | None) -> Node | None:
    if isinstance(node, Seq):
        return node.items[-1] if node.items else None
    return node


def provider_reference(block: ast.Block) -> str:
    """The local name of a block's provider, with its alias: ``aws.prod``."""
    for attribute in block.body.attributes:
        if attribute.name == "provider":
            return reference_text(attribute.value)
    return block.labels[0].partition("_")[0]


def reference_text(expression: ast.Expression) -> str:
    """A reference to a provider as text; empty where the expression is none."""
    match expression:
        case ast.Name(name=name):
            return name
        case ast.GetAttribute(object=ast.Name(name=name), name=alias):
            return f"{name}.{alias}"
        case ast.Literal(value=str(text)):
            return text
        case _:
            return ""
