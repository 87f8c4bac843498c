"""File systems: EFS and FSx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import entry, undecided, with_entries
from auditor.tree import Resource, Scalar

# What clients connect to; the last two take part in directories and clusters, which needs more.
# https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html
# https://docs.aws.amazon.com/fsx/latest/OpenZFSGuide/limit-access-security-groups.html
# https://docs.aws.amazon.com/fsx/latest/ONTAPGuide/limit-access-security-groups.html
# https://docs.aws.amazon.com/fsx/latest/WindowsGuide/limit-access-security-groups.html
PORTS = (
    (("aws_fsx_lustre_file_system", "aws_fsx_file_cache"), ("tcp/988,1018-1023",), True),
    (("aws_fsx_openzfs_file_system",), ("tcp/111,2049,20001-20003", "udp/111,2049,20001-20003"), False),
    (("aws_fsx_ontap_file_system",), ("tcp/22,111,443,635,2049,3260", "udp/111,635,2049"), True),
    (("aws_fsx_windows_file_system",), ("tcp/445,5985",), True),
)

ROWS = (
    Row(
        kinds=("aws_efs_mount_target",),
        subnet=("subnet_id",),
        groups=("security_groups",),
        ports=(2049,),
        initiates=False,
        names=(),
    ),
    *(
        Row(
            kinds=kinds,
            subnets=("subnet_ids",),
            groups=("security_group_ids",),
            services=services,
            others=others,
            names=(),
        )
        for kinds, services, others in PORTS
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


def _collected_cache(resource: Resource) -> Iterator[Resource]:
    yield _groups_of_interfaces(resource, "security_group_ids")


SPELLINGS = {
    "FileCaches": Spelling(kind="aws_fsx_file_cache", then=_collected_cache),
    "AWS::EFS::MountTarget": Spelling(kind="aws_efs_mount_target"),
    "AWS::FSx::FileSystem": Spelling(
        kind="aws_fsx_lustre_file_system", then=_of_its_type, also=tuple(TYPES.values())
    ),
    "MountTargets": Spelling(kind="aws_efs_mount_target", then=_collected_target),
    "fsx:FileSystems": Spelling(
        kind="aws_fsx_lustre_file_system", then=_collected, also=tuple(TYPES.values())
    ),
}
