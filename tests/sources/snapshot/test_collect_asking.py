"""One piece of a snapshot: its pages are one, its ids are asked for, and what is secret is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from auditor.sources.snapshot.collect.asking import Asked, ask
from auditor.sources.snapshot.collect.refusals import Reason, RefusedError
from auditor.sources.snapshot.collect.table import PIECES
from tests.sources.snapshot.fakes import FakeApi

BY_FILE = {piece.file: piece for piece in PIECES}


def asked(file: str, api: FakeApi, **known: list[Any]) -> Asked:
    return ask(BY_FILE[file], api, known)


def test_the_pages_of_an_answer_are_one_list_under_its_key() -> None:
    api = FakeApi(
        {
            "DescribeVpcs": [
                {"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "more"},
                {"Vpcs": [{"VpcId": "vpc-2"}]},
            ]
        }
    )
    answer = asked("Vpcs", api)
    assert answer.content == {"Vpcs": [{"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}]}
    assert answer.count == 2


def test_where_there_is_nothing_the_file_says_so() -> None:
    assert asked("Vpcs", FakeApi()).content == {"Vpcs": []}


def test_an_answer_that_is_one_object_stays_one() -> None:
    options = {"InternetGatewayBlockMode": "block-bidirectional"}
    api = FakeApi({"DescribeVpcBlockPublicAccessOptions": [{"VpcBlockPublicAccessOptions": options}]})
    assert asked("VpcBlockPublicAccessOptions", api).content == {"VpcBlockPublicAccessOptions": options}


def test_an_answer_for_one_id_comes_with_that_id() -> None:
    api = FakeApi(
        {"DescribeListeners": lambda given: [{"Listeners": [{"Port": len(given["LoadBalancerArn"])}]}]}
    )
    balancers = [{"LoadBalancerArn": "a"}, {"LoadBalancerArn": "bb"}]
    assert asked("LoadBalancerListeners", api, LoadBalancers=balancers).content == {
        "LoadBalancerListeners": [
            {"LoadBalancerArn": "a", "Listeners": [{"Port": 1}]},
            {"LoadBalancerArn": "bb", "Listeners": [{"Port": 2}]},
        ]
    }


def test_ids_of_ids_are_asked_for() -> None:
    api = FakeApi(
        {
            "DescribeListeners": [{"Listeners": [{"ListenerArn": "l1"}, {"ListenerArn": "l2"}]}],
            "DescribeRules": lambda given: [{"Rules": [{"RuleArn": given["ListenerArn"]}]}],
        }
    )
    answer = asked("LoadBalancerListenerRules", api, LoadBalancers=[{"LoadBalancerArn": "a"}])
    assert [each["ListenerArn"] for each in answer.content["LoadBalancerListenerRules"]] == ["l1", "l2"]


def test_ids_are_asked_for_in_batches_with_what_they_were_listed_under() -> None:
    def services(given: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [{"serviceArns": [f"{given['cluster']}/{number}" for number in range(12)]}]

    api = FakeApi(
        {
            "ListServices": services,
            "DescribeServices": lambda given: [
                {"services": [{"serviceArn": arn} for arn in given["services"]]}
            ],
        }
    )
    clusters = [{"clusterArn": "blue"}, {"clusterArn": "green"}]
    answer = asked("EcsServices", api, EcsClusters=clusters)
    described = [given for operation, given in api.asked if operation == "DescribeServices"]
    assert [(given["cluster"], len(given["services"])) for given in described] == [
        *(("blue", 10), ("blue", 2), ("green", 10), ("green", 2)),
    ]
    assert answer.count == 24


def test_an_id_that_several_things_name_is_asked_for_once() -> None:
    api = FakeApi(
        {"DescribeTaskDefinition": lambda given: [{"taskDefinition": {"family": given["taskDefinition"]}}]}
    )
    services = [
        {"taskDefinition": "web:1", "deployments": [{"taskDefinition": "web:1"}, {"taskDefinition": "web:2"}]}
    ]
    answer = asked("EcsTaskDefinitions", api, EcsServices=services, EcsTasks=[{"taskDefinitionArn": "job:7"}])
    assert [each["family"] for each in answer.content["taskDefinition"]] == ["web:1", "web:2", "job:7"]


def test_only_private_zones_are_asked_for_their_records_and_only_names_are_kept() -> None:
    records = [{"Type": kind, "Name": kind.lower()} for kind in ("A", "TXT", "CNAME", "NS")]
    api = FakeApi({"ListResourceRecordSets": [{"ResourceRecordSets": records}]})
    zones = [
        {"Id": "/hostedzone/Z1", "Config": {"PrivateZone": True}},
        {"Id": "/hostedzone/Z2", "Config": {"PrivateZone": False}},
    ]
    answer = asked("HostedZoneRecords", api, HostedZones=zones)
    (zone,) = answer.content["HostedZoneRecords"]
    assert zone["HostedZoneId"] == "/hostedzone/Z1"
    assert [record["Type"] for record in zone["ResourceRecordSets"]] == ["A", "CNAME"]


def test_that_there_are_more_routes_than_the_api_gives_is_kept() -> None:
    api = FakeApi({"SearchTransitGatewayRoutes": [{"Routes": [], "AdditionalRoutesAvailable": True}]})
    tables = [
        {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "available"},
        {"TransitGatewayRouteTableId": "tgw-rtb-2", "State": "deleted"},
    ]
    answer = asked("TransitGatewayStaticRoutes", api, TransitGatewayRouteTables=tables)
    assert answer.content == {
        "TransitGatewayStaticRoutes": [
            {"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [], "AdditionalRoutesAvailable": True}
        ]
    }
    assert api.asked[0][1]["Filters"] == [{"Name": "type", "Values": ["static"]}]


def refusing(refused: Mapping[str, Reason]) -> FakeApi:
    """An API that gives target health but for the groups in ``refused``."""

    def health(given: Mapping[str, Any]) -> list[dict[str, Any]]:
        arn = given["TargetGroupArn"]
        if arn in refused:
            raise RefusedError("elbv2:DescribeTargetHealth", refused[arn], arn)
        return [{"TargetHealthDescriptions": []}]

    return FakeApi({"DescribeTargetHealth": health})


GROUPS = [{"TargetGroupArn": arn} for arn in "abcdefgh"]


def test_what_is_gone_meanwhile_is_left_out() -> None:
    answer = asked("LoadBalancerTargetHealth", refusing({"b": Reason.GONE}), TargetGroups=GROUPS[:3])
    assert [each["TargetGroupArn"] for each in answer.content["LoadBalancerTargetHealth"]] == ["a", "c"]
    assert answer.refusals == ()


def test_what_is_refused_for_some_ids_is_told_beside_the_rest() -> None:
    answer = asked("LoadBalancerTargetHealth", refusing({"b": Reason.DENIED}), TargetGroups=GROUPS[:3])
    assert answer.count == 2
    assert [error.text for error in answer.refusals] == ["b"]


def test_what_is_never_allowed_is_not_asked_for_every_id() -> None:
    api = refusing(dict.fromkeys("abcdefgh", Reason.DENIED))
    with pytest.raises(RefusedError):
        asked("LoadBalancerTargetHealth", api, TargetGroups=GROUPS)
    assert len(api.asked) == 5
