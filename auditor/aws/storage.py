"""File systems: EFS and FSx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import entry, undecided, with_entries
from auditor.tree import Resource, Scalar

ROWS = (
    Row(
        kinds=("aws_efs_mount_target",),
        subnet=("subnet_id",),
        groups=("security_groups",),
        ports=(2049,),
        initiates=False,
        names=(),
    ),
    Row(
        kinds=(
            "aws_fsx_lustre_file_system",
            "aws_fsx_ontap_file_system",
            "aws_fsx_openzfs_file_system",
            "aws_fsx_windows_file_system",
            "aws_fsx_file_cache",
        ),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        names=(),
    ),
)

TYPES = {
    "LUSTRE": "aws_fsx_lustre_file_system",
    "ONTAP": "aws_fsx_ontap_file_system",
    "OPENZFS": "aws_fsx_openzfs_file_system",
    "WINDOWS": "aws_fsx_windows_file_system",
}


def _of_its_type(resource: Resource) -> Iterator[Resource]:
    """A file system of the type that it says; one rule serves all, so that any will do for one unknown."""
    kind = entry(resource, "file_system_type")
    name = str(kind.value) if isinstance(kind, Scalar) else ""
    yield replace(resource, kind=TYPES.get(name, resource.kind))


def _collected(resource: Resource) -> Iterator[Resource]:
    """A file system of which AWS tells the subnets and interfaces, but not the security groups.

    https://docs.aws.amazon.com/fsx/latest/APIReference/API_FileSystem.html
    """
    yield from _of_its_type(_groups_of_interfaces(resource, "security_group_ids"))


def _collected_target(resource: Resource) -> Iterator[Resource]:
    """A mount target, whose groups AWS tells by a call of their own.

    https://docs.aws.amazon.com/efs/latest/ug/API_DescribeMountTargetSecurityGroups.html
    """
    yield _groups_of_interfaces(resource, "security_groups")


def _groups_of_interfaces(resource: Resource, name: str) -> Resource:
    if entry(resource, name) is not None:
        return resource
    what = f"the security groups of {resource.address}"
    groups = undecided(resource, name, what, "describe-network-interfaces in the snapshot")
    return with_entries(resource, **{name: groups})


SPELLINGS = {
    "AWS::EFS::MountTarget": Spelling(kind="aws_efs_mount_target"),
    "AWS::FSx::FileSystem": Spelling(
        kind="aws_fsx_lustre_file_system", then=_of_its_type, also=tuple(TYPES.values())
    ),
    "MountTargets": Spelling(kind="aws_efs_mount_target", then=_collected_target),
    "fsx:FileSystems": Spelling(
        kind="aws_fsx_lustre_file_system", then=_collected, also=tuple(TYPES.values())
    ),
}
