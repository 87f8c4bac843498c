"""Hashes, and what is random or needs a key: unknown, of a known type."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.terraform.functions.encoding import encoded
from auditor.sources.terraform.functions.signature import over_nodes, over_values
from auditor.sources.terraform.values import CallSite, reasons_of
from auditor.tree import Node, Reason, Unknown


def digest(algorithm: str, content: bytes) -> bytes:
    """The hash of the bytes by the algorithm of this name."""
    import hashlib

    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


@over_values
def base64sha256(str_: str) -> str:
    return encoded(digest("sha256", str_.encode()))


@over_values
def base64sha512(str_: str) -> str:
    return encoded(digest("sha512", str_.encode()))


@over_values
def md5(str_: str) -> str:
    return digest("md5", str_.encode()).hex()


@over_values
def sha1(str_: str) -> str:
    return digest("sha1", str_.encode()).hex()


@over_values
def sha256(str_: str) -> str:
    return digest("sha256", str_.encode()).hex()


@over_values
def sha512(str_: str) -> str:
    return digest("sha512", str_.encode()).hex()


@over_values
def uuidv5(namespace: str, name: str) -> str:
    import uuid

    known = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    try:
        return str(uuid.uuid5(known.get(namespace) or uuid.UUID(namespace), name))
    except ValueError:
        raise InputError(f"uuidv5() doesn't support namespace {namespace}") from None


def undecided(site: CallSite, why: str, *arguments: Node, identity: str = "") -> Unknown:
    """A string that no input decides."""
    return Unknown(
        (Reason(f"{site.name}()", site.at, why), *reasons_of(*arguments)),
        site.at,
        identity=identity,
        type="string",
    )


@over_nodes()
def uuid(site: CallSite) -> Node:
    return undecided(site, "a plan or state: it differs from run to run")


@over_nodes({"str_": "string", "cost": "number"})
def bcrypt(site: CallSite, str_: Node, *cost: Node) -> Node:
    if len(cost) > 1:
        raise InputError("it takes no more than two arguments")
    return undecided(site, "a plan or state: it differs from run to run", str_, *cost)


@over_nodes({"ciphertext": "string", "privatekey": "string"})
def rsadecrypt(site: CallSite, ciphertext: Node, privatekey: Node) -> Node:
    return undecided(site, "a plan or state: nothing is decrypted here", ciphertext, privatekey)
