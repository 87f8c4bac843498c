"""A collection: whole files or none, a manifest that is true, and no second asking for what is there."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import InputError, UsageError
from auditor.sources.snapshot.collect import opened
from auditor.sources.snapshot.collect.folder import MANIFEST, Folder, Manifest
from auditor.sources.snapshot.collect.refusals import Reason
from auditor.sources.snapshot.collect.run import Done, Place, Task, chosen, collect, tasks_of
from auditor.sources.snapshot.collect.table import PIECES
from tests.sources.snapshot.fakes import FakeApi

ACCOUNT = "123456789012"
STARTED = "2026-01-02T03:04:05+00:00"


def ignore(task: Task, done: Done) -> None:
    """Hear of nothing."""


def collected(
    folder: Path,
    api: FakeApi,
    *only: str,
    regions: Sequence[str] = ("eu-central-1",),
    told: Callable[[Task, Done], None] = ignore,
    started: str = STARTED,
) -> Manifest:
    """The manifest of what was collected into a folder with an API, one call at a time."""
    places = [Place(ACCOUNT, region, api) for region in regions]
    wanted = tasks_of(places, chosen(PIECES, only))
    return collect(wanted, Folder(str(folder)), started=started, jobs=1, stop=threading.Event(), told=told)


def content(folder: Path, name: str, region: str = "eu-central-1") -> Any:
    return json.loads((folder / ACCOUNT / region / f"{name}.json").read_text())


def manifest(folder: Path) -> Any:
    return json.loads((folder / MANIFEST).read_text())


BALANCERS = FakeApi(
    {
        "DescribeLoadBalancers": [{"LoadBalancers": [{"LoadBalancerArn": "a"}]}],
        "DescribeListeners": [{"Listeners": [{"ListenerArn": "l"}]}],
    }
)


def test_each_answer_is_a_file_of_its_account_and_region(tmp_path: Path) -> None:
    api = FakeApi({"DescribeVpcs": [{"Vpcs": [{"VpcId": "vpc-1"}]}]})
    collected(tmp_path, api, "Vpcs", "Subnets", regions=("eu-central-1", "us-east-1"))
    assert content(tmp_path, "Vpcs") == {"Vpcs": [{"VpcId": "vpc-1"}]}
    assert content(tmp_path, "Subnets", "us-east-1") == {"Subnets": []}
    assert api.operations == ["DescribeVpcs", "DescribeSubnets"] * 2


def test_a_service_for_all_regions_is_asked_once_an_account(tmp_path: Path) -> None:
    api = FakeApi()
    collected(tmp_path, api, "HostedZones", regions=("eu-central-1", "us-east-1"))
    assert api.operations == ["ListHostedZones"]
    assert content(tmp_path, "HostedZones", "global") == {"HostedZones": []}


def test_ids_are_asked_for_after_they_are_known(tmp_path: Path) -> None:
    collected(tmp_path, BALANCERS, "DescribeRules")
    assert content(tmp_path, "LoadBalancerListenerRules") == {
        "LoadBalancerListenerRules": [{"ListenerArn": "l", "Rules": []}]
    }


def test_the_manifest_tells_what_is_there_in_a_stable_order(tmp_path: Path) -> None:
    api = FakeApi({"DescribeVpcs": [{"Vpcs": [{"VpcId": "vpc-1"}]}], "DescribeSubnets": Reason.DENIED})
    collected(tmp_path, api, "Vpcs", "Subnets")
    told = manifest(tmp_path)
    assert told.pop("netaudit")
    assert told == {
        "schema": "netaudit/snapshot/1",
        "started": STARTED,
        "collected": [
            {
                "account": ACCOUNT,
                "region": "eu-central-1",
                "operation": "ec2:DescribeVpcs",
                "file": f"{ACCOUNT}/eu-central-1/Vpcs.json",
                "count": 1,
            }
        ],
        "denied": [
            {
                "account": ACCOUNT,
                "region": "eu-central-1",
                "operation": "ec2:DescribeSubnets",
                "error": "denied by the fake",
                "reason": "denied",
                "file": f"{ACCOUNT}/eu-central-1/Subnets.json",
            }
        ],
        "not_offered": [],
    }
    assert not (tmp_path / ACCOUNT / "eu-central-1" / "Subnets.json").exists()


def test_what_hangs_on_a_denied_call_is_denied_too_and_not_asked(tmp_path: Path) -> None:
    api = FakeApi({"DescribeLoadBalancers": Reason.DENIED})
    rows = collected(tmp_path, api, "LoadBalancerAttributes").denied
    assert api.operations == ["DescribeLoadBalancers"]
    assert [(row.operation, row.reason) for row in sorted(rows)] == [
        ("elbv2:DescribeLoadBalancerAttributes", "denied"),
        ("elbv2:DescribeLoadBalancers", "denied"),
    ]


def test_what_a_region_does_not_offer_is_not_missing_there(tmp_path: Path) -> None:
    collected(tmp_path, FakeApi({"DescribeFileSystems": Reason.NOT_OFFERED}), "efs")
    assert manifest(tmp_path)["denied"] == []
    assert {row["operation"] for row in manifest(tmp_path)["not_offered"]} == {
        "efs:DescribeFileSystems",
        "efs:DescribeMountTargets",
        "efs:DescribeMountTargetSecurityGroups",
    }


def test_a_second_run_asks_for_nothing_that_is_there(tmp_path: Path) -> None:
    collected(tmp_path, BALANCERS, "elbv2")
    before = (tmp_path / MANIFEST).read_text()
    api = FakeApi()
    collected(tmp_path, api, "elbv2", started="later")
    assert api.asked == []
    assert (tmp_path / MANIFEST).read_text() == before


def test_a_second_run_asks_again_for_what_was_denied_and_for_what_hangs_on_it(tmp_path: Path) -> None:
    collected(tmp_path, FakeApi({"DescribeLoadBalancers": Reason.DENIED}), "LoadBalancerListeners", "Vpcs")
    api = FakeApi(BALANCERS.answers)
    rows = collected(tmp_path, api, "LoadBalancerListeners", "Vpcs")
    assert rows.denied == ()
    assert api.operations == ["DescribeLoadBalancers", "DescribeListeners"]
    assert content(tmp_path, "LoadBalancerListeners")["LoadBalancerListeners"][0]["LoadBalancerArn"] == "a"


def test_a_file_that_was_removed_is_collected_again_with_what_hangs_on_it(tmp_path: Path) -> None:
    collected(tmp_path, BALANCERS, "LoadBalancerListeners", "Vpcs")
    (tmp_path / ACCOUNT / "eu-central-1" / "LoadBalancers.json").unlink()
    api = FakeApi(BALANCERS.answers)
    collected(tmp_path, api, "LoadBalancerListeners", "Vpcs")
    assert api.operations == ["DescribeLoadBalancers", "DescribeListeners"]


def test_another_region_is_added_to_what_is_there(tmp_path: Path) -> None:
    collected(tmp_path, FakeApi(), "Vpcs")
    found = collected(tmp_path, FakeApi(), "Vpcs", regions=("us-east-1",))
    assert [each.region for each in sorted(found.collected)] == ["eu-central-1", "us-east-1"]


def test_an_interrupted_run_leaves_whole_files_and_goes_on_where_it_was(tmp_path: Path) -> None:
    def interrupt(task: Task, done: Done) -> None:
        if task.piece.file == "Subnets":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collected(tmp_path, FakeApi(), "ec2", told=interrupt)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(json.loads(path.read_text()) for path in left)
    there = {row["file"] for row in manifest(tmp_path)["collected"]}
    assert f"{ACCOUNT}/eu-central-1/Subnets.json" in there
    assert there <= {str(path.relative_to(tmp_path)) for path in left}

    api, whole = FakeApi(), FakeApi()
    collected(tmp_path, api, "ec2")
    collected(tmp_path / "whole", whole, "ec2")
    assert len(api.asked) == len(whole.asked) - len(there)
    assert manifest(tmp_path)["collected"] == manifest(tmp_path / "whole")["collected"]


def test_what_is_under_way_when_a_run_is_interrupted_is_not_taken_for_whole(tmp_path: Path) -> None:
    stop = threading.Event()

    def interrupted(_: Any) -> list[dict[str, Any]]:
        stop.set()
        return [{"Vpcs": []}]

    places = [Place(ACCOUNT, "eu-central-1", FakeApi({"DescribeVpcs": interrupted}))]
    wanted = tasks_of(places, chosen(PIECES, ["Vpcs"]))
    found = collect(wanted, Folder(str(tmp_path)), started=STARTED, jobs=1, stop=stop, told=ignore)
    assert found.collected == ()
    assert not (tmp_path / ACCOUNT).exists()


def test_many_at_a_time_give_the_same_files_as_one(tmp_path: Path) -> None:
    collected(tmp_path / "one", FakeApi(BALANCERS.answers))
    wanted = tasks_of([Place(ACCOUNT, "eu-central-1", FakeApi(BALANCERS.answers))], PIECES)
    many = Folder(str(tmp_path / "many"))
    collect(wanted, many, started=STARTED, jobs=8, stop=threading.Event(), told=ignore)
    one = {
        path.relative_to(tmp_path / "one"): path.read_bytes() for path in (tmp_path / "one").rglob("*.json")
    }
    assert one == {
        path.relative_to(tmp_path / "many"): path.read_bytes() for path in (tmp_path / "many").rglob("*.json")
    }


def test_what_is_written_is_for_the_user_alone(tmp_path: Path) -> None:
    collected(tmp_path / "new" / "snapshot", FakeApi(), "Vpcs")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}


def test_nothing_but_json_is_left_in_the_folder(tmp_path: Path) -> None:
    collected(tmp_path, FakeApi(), "ec2")
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".json"}


def test_a_folder_that_holds_a_snapshot_takes_no_second_one(tmp_path: Path) -> None:
    collected(tmp_path, FakeApi(), "Vpcs")
    with pytest.raises(UsageError, match="holds a snapshot already"):
        opened(str(tmp_path), resume=False)
    assert opened(str(tmp_path), resume=True).holds(MANIFEST)


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"schema": "other/1"}', '{"schema": "netaudit/snapshot/1"}']
)
def test_a_manifest_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(InputError, match=MANIFEST):
        Folder(str(tmp_path)).manifest()


def test_a_disk_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ACCOUNT).write_text("a file where a folder should be")
    with pytest.raises(InputError, match="cannot write"):
        collected(tmp_path, FakeApi(), "Vpcs")


def test_only_what_is_named_and_what_it_needs_is_chosen() -> None:
    assert [piece.file for piece in chosen(PIECES, ["describerules"])] == [
        "LoadBalancers",
        "LoadBalancerListenerRules",
    ]
    assert chosen(PIECES, []) == PIECES
    with pytest.raises(UsageError, match="nothing is called that"):
        chosen(PIECES, ["ec3"])
