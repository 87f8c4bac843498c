"""Firewalls attached to a transit gateway: its tables lead to them, and what they pass goes on from there.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html
"""

from __future__ import annotations

import pytest

from auditor.model import AttachmentKind, Truth
from auditor.tree import GapKind
from tests.aws.build import at, collected, read, ref, resource, templated
from tests.checklist.terraform import BLOCKED, REACHABLE, UNKNOWN, ask, codes, verdict
from tests.checklist.test_checklist_transit import BOTH, QUESTION, joined

STATES = "aws_networkfirewall_firewall.fw.firewall_status[0].transit_gateway_attachment_sync_states"
INSPECTED = """
resource "aws_ec2_transit_gateway_route_table" "inspected" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_networkfirewall_rule_group" "web" {
  name     = "web"
  type     = "STATEFUL"
  capacity = 10

  rule_group {
    stateful_rule_options {
      rule_order = "STRICT_ORDER"
    }
    rules_source {
      rules_string = "pass tcp 10.1.0.0/16 any -> 10.2.0.0/16 443 (sid:1;)"
    }
  }
}

resource "aws_networkfirewall_firewall_policy" "p" {
  name = "p"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    stateful_default_actions           = ["aws:drop_strict"]

    stateful_engine_options {
      rule_order = "STRICT_ORDER"
    }
    stateful_rule_group_reference {
      priority     = 1
      resource_arn = aws_networkfirewall_rule_group.web.arn
    }
  }
}

resource "aws_networkfirewall_firewall" "fw" {
  name                = "fw"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.p.arn
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id

  availability_zone_mapping {
    availability_zone_id = "euc1-az1"
  }
}
"""


def through(attachment: str = f"tolist({STATES})[0].attachment_id", cidr: str = "0.0.0.0/0") -> str:
    return f"""
resource "aws_ec2_transit_gateway_route" "through" {{
  destination_cidr_block         = "{cidr}"
  transit_gateway_attachment_id  = {attachment}
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}}
"""


AFTER = f"""
resource "aws_ec2_transit_gateway_route_table_association" "after" {{
  transit_gateway_attachment_id  = one({STATES}).attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.inspected.id
}}
"""
SENT = BOTH + joined("a", "association") + joined("b", "association") + INSPECTED
HOME = joined("a", "propagation", "inspected") + joined("b", "propagation", "inspected")


@pytest.mark.parametrize(
    "attachment",
    [
        f"{STATES}[0].attachment_id",
        f"tolist({STATES})[0].attachment_id",
        f"one({STATES}).attachment_id",
        f"[for state in {STATES} : state.attachment_id][0]",
    ],
)
def test_what_a_table_sends_to_a_firewall_is_inspected_and_goes_on_from_there(attachment: str):
    text = SENT + through(attachment) + AFTER + HOME
    assert verdict(text, *QUESTION) is REACHABLE
    assert codes(ask(text, *QUESTION[:2], "tcp/22")) == ["FIREWALL_RULES_RESTRICTION"]
    assert verdict(text, "aws_instance.b", "aws_instance.a", "tcp/443") is BLOCKED


def test_what_comes_from_a_firewall_needs_a_table_and_a_route():
    missing = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
    assert missing in codes(ask(SENT + through() + HOME, *QUESTION))
    assert verdict(SENT + through() + AFTER, *QUESTION) is BLOCKED


def test_a_firewall_that_sees_the_requests_only_is_told():
    past = joined("a", "propagation")
    text = SENT + through(cidr="10.2.0.0/16") + AFTER + HOME + past
    found = ask(text, *QUESTION)
    assert found.verdict is UNKNOWN
    assert any("asymmetric" in reason.what for reason in found.unknowns)


def test_a_firewall_of_another_input_is_unknown():
    assert verdict(SENT + through('"tgw-attach-0123456789abcdef0"') + HOME, *QUESTION) is UNKNOWN


# -- readers -----------------------------------------------------------------------------------------

FIREWALL = {"firewall_policy_arn": "p", "transit_gateway_id": ref("aws_ec2_transit_gateway.hub.id")}


def test_the_attachment_of_a_firewall_is_made_with_it():
    hub = resource("aws_ec2_transit_gateway.hub")
    (one,) = read(hub, resource("aws_networkfirewall_firewall.f", **FIREWALL)).transit_attachments
    assert (one.kind, one.gateway.id) == (AttachmentKind.FIREWALL, "aws_ec2_transit_gateway.hub")
    assert one.firewall is not None
    assert (one.firewall.id, one.active.truth) == ("aws_networkfirewall_firewall.f", Truth.YES)


def test_the_owner_of_a_gateway_elsewhere_has_to_accept_a_firewall():
    firewall = resource("aws_networkfirewall_firewall.f", transit_gateway_id="tgw-1", firewall_policy_arn="p")
    attachment = f"firewall_status[0].{STATES.rpartition('.')[2]}[0].attachment_id"
    accepter = resource(
        "aws_networkfirewall_firewall_transit_gateway_attachment_accepter.f",
        transit_gateway_attachment_id=ref(f"aws_networkfirewall_firewall.f.{attachment}"),
    )
    (alone,) = read(firewall).transit_attachments
    (accepted,) = read(firewall, accepter).transit_attachments
    assert (alone.active.truth, accepted.active.truth) == (Truth.UNKNOWN, Truth.YES)
    assert read(firewall, accepter).gaps == ()


def test_a_template_names_the_attachment_of_a_firewall():
    found = read(
        templated("AWS::EC2::TransitGateway", "Hub"),
        templated("AWS::NetworkFirewall::Firewall", "F", TransitGatewayId=at("Hub"), FirewallPolicyArn="p"),
        templated(
            "AWS::EC2::TransitGatewayRoute",
            "R",
            TransitGatewayRouteTableId="tgw-rtb-1",
            DestinationCidrBlock="0.0.0.0/0",
            TransitGatewayAttachmentId=at("F", "TransitGatewayAttachmentId"),
        ),
    )
    (attachment,), (route,) = found.transit_attachments, found.transit_routes
    assert route.attachment is not None
    assert attachment.id in {alias.of for alias in found.aliases if alias.id == route.attachment.id}


ATTACHMENT = collected(
    "TransitGatewayAttachments",
    "tgw-attach-1",
    TransitGatewayAttachmentId="tgw-attach-1",
    TransitGatewayId="tgw-1",
    ResourceType="network-function",
    ResourceId="something",
)


def test_a_snapshot_tells_which_firewall_an_attachment_is():
    firewall = collected(
        "Firewalls",
        "arn:aws:network-firewall:eu-west-1:111122223333:firewall/f",
        FirewallName="f",
        TransitGatewayId="tgw-1",
        FirewallPolicyArn="p",
        FirewallStatus={
            "Status": "READY",
            "SyncStates": {},
            "TransitGatewayAttachmentSyncState": {"AttachmentId": "tgw-attach-1"},
        },
    )
    found = read(ATTACHMENT, firewall)
    (one,) = found.transit_attachments
    assert (one.id, one.kind, found.gaps) == ("tgw-attach-1", AttachmentKind.FIREWALL, ())
    assert one.firewall is not None
    assert one.firewall.id == firewall.address
    (unlisted,) = read(firewall).transit_attachments
    assert "tgw-attach-1" in {alias.id for alias in read(firewall).aliases if alias.of == unlisted.id}


def test_an_attachment_of_a_firewall_that_no_answer_describes_is_a_gap():
    found = read(ATTACHMENT)
    assert [gap.kind for gap in found.gaps] == [GapKind.RESOURCE]
    assert [one.firewall for one in found.transit_attachments] == [None]
