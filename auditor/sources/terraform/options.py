"""What a user may say about a Terraform root module beside its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.frozen import dataclass
from auditor.sources.settings import NO_SETTINGS, RootSettings
from auditor.tree import Location, Map, Node

NO_INPUTS = Map({}, Location(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformOptions:
    """The inputs of a root module.

    ``variables`` are pairs of a name and the value's text as in ``--var name=text``; ``var_files`` are paths;
    both count in their order, the variables last, and more than ``settings``, what the configuration says of
    this root. ``inputs`` are values that count less than all others. ``environment`` is where Terraform's own
    variables are looked up (``TF_VAR_name``, ``TF_WORKSPACE``, ``TF_DATA_DIR``). ``workspace`` is the one
    to use; where it is None, the settings', the environment's, or what ``terraform workspace select`` left.
    ``modules`` maps a module's source, or ``source@version``, to the folder that holds it. ``assumed`` are
    pairs of the identity of an unknown (``data.aws_vpc.main.cidr_block``) and the text of the value to take.
    ``files`` are the names of the only files of the folder that are meant; all of them where it is empty.
    ``name`` is what options call the root by, where there are several; else it is empty. ``overlaid`` are
    folders whose files, and ``generated`` files whose texts by name, are put over the root's before Terraform
    runs, as Terragrunt does; ``unread`` are places that give further values, which are not known.
    ``stand_ins`` is a folder of stand-ins for modules that are not on disk, those of the package where empty.
    ``values`` are variables of which the value is known otherwise, and ``recorded`` the data sources that
    have been read, by their addresses: a plan has both.
    """

    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[str, ...] = ()
    settings: RootSettings = NO_SETTINGS
    inputs: Map = NO_INPUTS
    workspace: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    name: str = ""
    overlaid: tuple[str, ...] = ()
    generated: Mapping[str, bytes] = field(default_factory=dict)
    unread: tuple[Location, ...] = ()
    stand_ins: str = ""
    values: Mapping[str, Node] = field(default_factory=dict)
    recorded: Mapping[str, Map] = field(default_factory=dict)
