"""APIs, distributions and accelerators: answers for all Regions, and those that are asked for by an id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.tree import GapKind
from tests.sources.snapshot.answers import ALICE, plain, reading, there, whole

EDGE = f"arn:aws:globalaccelerator::{ALICE}:accelerator/a"
METHOD = {"methodIntegration": {"type": "HTTP_PROXY", "connectionType": "VPC_LINK", "connectionId": "l1"}}
ORIGINS = {"Quantity": 1, "Items": [{"Id": "o", "VpcOriginConfig": {"VpcOriginId": "vo_1"}}]}
DISTRIBUTION = {
    "Id": "E1",
    "ARN": f"arn:aws:cloudfront::{ALICE}:distribution/E1",
    "DomainName": "d.cloudfront.net",
}
ORIGIN = {"Id": "vo_1", "Arn": f"arn:aws:cloudfront::{ALICE}:vpcorigin/vo_1", "Status": "Deployed"}


def found(folder: Path, answers: dict[str, Any]) -> dict[str, str]:
    return {address: one.kind for address, one in there(reading(folder, whole(answers))).items()}


def test_the_integrations_of_an_api_are_a_part_of_it(tmp_path: Path):
    rest = {"id": "r1", "name": "api", "endpointConfiguration": {"types": ["REGIONAL"]}}
    http = {"ApiId": "h1", "Name": "api", "ProtocolType": "HTTP"}
    one = {"id": "x", "path": "/", "resourceMethods": {"GET": METHOD}}
    other = {"IntegrationId": "i", "ConnectionType": "VPC_LINK"}
    read = there(
        reading(
            tmp_path,
            whole(
                {
                    "a": {"items": [rest]},
                    "b": {"RestApiResources": [{"restApiId": "r1", "items": [one]}]},
                    "c": {"Items": [http]},
                    "d": {"ApiIntegrations": [{"ApiId": "h1", "Items": [other]}]},
                }
            ),
        )
    )
    assert (read["r1"].kind, read["h1"].kind) == ("RestApis", "apigatewayv2:Apis")
    assert plain(read["r1"].body)["items"] == [one]
    assert plain(read["h1"].body)["Items"] == [other]


@pytest.mark.parametrize(
    "answer",
    [
        {
            "DistributionList": {
                "Quantity": 1,
                "IsTruncated": False,
                "Items": [{**DISTRIBUTION, "Origins": ORIGINS}],
            }
        },
        {"ETag": "x", "Distribution": {**DISTRIBUTION, "DistributionConfig": {"Origins": ORIGINS}}},
        {
            "CloudFrontDistributions": [
                {"Id": "E1", "Distribution": {**DISTRIBUTION, "DistributionConfig": {}}}
            ]
        },
    ],
    ids=["listed", "described", "collected"],
)
def test_a_distribution_is_read_as_it_is_listed_and_described(tmp_path: Path, answer: dict[str, Any]):
    assert found(tmp_path, {"d": answer}) == {"E1": "DistributionList:Items"}


def test_an_origin_in_a_vpc_has_to_be_described(tmp_path: Path):
    listed = {"VpcOriginList": {"Quantity": 1, "IsTruncated": False, "Items": [ORIGIN]}}
    read = reading(tmp_path, whole({"o": listed}))
    assert [(gap.kind, gap.what) for gap in read.gaps] == [(GapKind.RESOURCE, "vo_1")]
    described = {
        "CloudFrontVpcOrigins": [{"Id": "vo_1", "VpcOrigin": {**ORIGIN, "VpcOriginEndpointConfig": {}}}]
    }
    read = reading(tmp_path, whole({"o": listed, "p": described}))
    assert read.gaps == ()
    assert there(read)["vo_1"].kind == "VpcOriginList:Items"


def test_accelerators_listeners_and_groups_of_endpoints_are_told_apart_from_those_of_load_balancers(
    tmp_path: Path,
):
    listener = {"ListenerArn": f"{EDGE}/listener/l", "PortRanges": [], "Protocol": "TCP"}
    group = {"EndpointGroupArn": f"{EDGE}/listener/l/endpoint-group/g", "EndpointDescriptions": []}
    balancing = {"ListenerArn": "arn:l", "LoadBalancerArn": "arn:b", "Port": 80}
    answers = {
        "a": {"Accelerators": [{"AcceleratorArn": EDGE, "Enabled": True}]},
        "b": {"AcceleratorListeners": [{"AcceleratorArn": EDGE, "Listeners": [listener]}]},
        "c": {
            "AcceleratorEndpointGroups": [{"ListenerArn": f"{EDGE}/listener/l", "EndpointGroups": [group]}]
        },
        "d": {"LoadBalancerListeners": [{"LoadBalancerArn": "arn:b", "Listeners": [balancing]}]},
    }
    assert found(tmp_path, answers) == {
        EDGE: "AcceleratorList",
        f"{EDGE}/listener/l": "globalaccelerator:Listeners",
        group["EndpointGroupArn"]: "EndpointGroups",
        "arn:l": "Listeners",
    }


def test_services_for_all_regions_leave_nothing_of_a_region_open(tmp_path: Path):
    distribution = {"Id": "E1", "Distribution": {**DISTRIBUTION, "DistributionConfig": {}}}
    answers = {
        f"{ALICE}/global/a.json": {"Accelerators": [{"AcceleratorArn": EDGE, "Enabled": True}]},
        f"{ALICE}/global/d.json": {"CloudFrontDistributions": [distribution]},
    }
    assert reading(tmp_path, answers).gaps == ()
