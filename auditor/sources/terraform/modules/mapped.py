"""The folders that the user gives for modules: ``modules:`` in ``netaudit.yaml``."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.frozen import dataclass
from auditor.sources.terraform.modules.addresses import Call, Missing, ModuleAddress, beside, module_address
from auditor.sources.terraform.modules.versions import Version, parse_version, satisfies


@dataclass(frozen=True, slots=True)
class _Mapping:
    key: str
    address: ModuleAddress
    version: Version | None
    folder: str


class MappedModules:
    """The folders that the user gives for modules, by source, or by source and version."""

    __slots__ = ("_by_package", "_exact")

    def __init__(self, given: Mapping[str, str]) -> None:
        self._exact = given
        self._by_package: dict[str, list[_Mapping]] = {}
        for key, folder in given.items():
            source, _, text = key.rpartition("@")
            version = parse_version(text) if source else None
            address = module_address(source if version else key)
            if version is not None and not address.registry:
                address, version = module_address(key), None
            self._by_package.setdefault(address.package, []).append(_Mapping(key, address, version, folder))

    def folder(self, call: Call) -> str | Missing | None:
        """The folder that is given for a call: the newest version that it allows; None where none is."""
        address = module_address(call.source)
        mappings = [
            each
            for each in self._by_package.get(address.package, ())
            if each.address.ref in {"", address.ref} and each.address.subdir in {"", address.subdir}
        ]
        fitting = [each for each in mappings if each.version is None or _allows(call.version, each.version)]
        if not fitting:
            exact = self._exact.get(call.source)
            if not mappings or exact is not None:
                return exact
            keys = ", ".join(sorted(each.key for each in mappings))
            return Missing(f"netaudit.yaml has {keys} for it, and none is {call.version or 'a release'}")
        chosen = max(fitting, key=_rank)
        inside = address.subdir if not chosen.address.subdir else ""
        return beside(chosen.folder, inside) if inside else chosen.folder


def _allows(constraint: str, version: Version) -> bool:
    """Whether a call may take a version; without a constraint, any that is released."""
    return bool(satisfies(version, constraint)) if constraint else not version.pre


def _rank(
    mapping: _Mapping,
) -> tuple[bool, bool, bool, tuple[tuple[int, ...], bool, tuple[tuple[int, int, str], ...]]]:
    """What is named more exactly comes last, and of versions the newest."""
    version = mapping.version
    key = version.key() if version is not None else Version(()).key()
    return bool(mapping.address.subdir), bool(mapping.address.ref), version is not None, key
