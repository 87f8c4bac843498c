"""Desktops and applications that are streamed: WorkSpaces and AppStream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, owner, read_row
from auditor.model import Component, Fact, Links, Placement, Truth, Workload
from auditor.tree import Reason

DIRECTORY = "aws_workspaces_directory"
WORKSPACE = Row(
    kinds=("aws_workspaces_workspace",),
    subnet=("subnet_id",),
    placement=Placement.ONE,
    default_group=False,
    names=("workspace_name",),
)
_GROUPS = ("workspace_security_group_id", "workspace_creation_properties.custom_security_group_id")


def read_workspace(block: Block) -> Iterator[Workload]:
    """A desktop, in one of the subnets of its directory, with the groups that its directory is given.

    A directory may give its desktops public addresses; without it, only AWS tells all that.
    https://docs.aws.amazon.com/workspaces/latest/adminguide/amazon-workspaces-vpc.html
    """
    directory = owner("directory_id", DIRECTORY, block)
    for workload in read_row(WORKSPACE, block):
        yield _alone(workload, block) if directory is None else _of_directory(workload, block, directory)


def _alone(workload: Workload, block: Block) -> Workload:
    what = f"whether the directory of {block.address} gives public addresses"
    return replace(workload, public=Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, "a snapshot"),)))


def _of_directory(workload: Workload, block: Block, directory: Block) -> Workload:
    groups = directory.one(*_GROUPS)
    if not directory.has(_GROUPS[0]):
        why = Reason(f"the group that AWS makes for {directory.address}", directory.at, "a snapshot")
        groups = joined(groups, Links(open=(why,)))
    subnets = workload.subnets if block.has("subnet_id") else directory.links("subnet_ids")
    public = directory.fact("workspace_creation_properties.enable_internet_access")
    return replace(workload, subnets=subnets, groups=groups, public=public)


def read_directory(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What its desktops take from it; it owns no interface."""
    yield from ()


READERS = {"aws_workspaces_workspace": read_workspace, DIRECTORY: read_directory}

ROWS = (
    Row(
        kinds=("aws_appstream_fleet", "aws_appstream_image_builder", "aws_appstream_app_block_builder"),
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        public="enable_default_internet_access",
    ),
    # https://docs.aws.amazon.com/workspaces-web/latest/adminguide/network-settings.html
    Row(
        kinds=("aws_workspacesweb_network_settings",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        vpc="vpc_id",
        accepts=False,
        names=(),
    ),
)

_WORKSPACE = Spelling(kind="aws_workspaces_workspace")

SPELLINGS = {
    "AWS::WorkSpaces::Workspace": _WORKSPACE,
    "AWS::AppStream::Fleet": Spelling(kind="aws_appstream_fleet"),
    "AWS::AppStream::ImageBuilder": Spelling(kind="aws_appstream_image_builder"),
    "AWS::AppStream::AppBlockBuilder": Spelling(kind="aws_appstream_app_block_builder"),
    "AWS::WorkSpacesWeb::NetworkSettings": Spelling(kind="aws_workspacesweb_network_settings"),
    "Workspaces": _WORKSPACE,
    "workspaces:Directories": Spelling(kind=DIRECTORY),
}
