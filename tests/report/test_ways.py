"""How ways of several connections are told, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from auditor.reach.asked import Ways
from auditor.reach.further import Further
from auditor.report import AnswerDocument, NeighboursDocument, Question, Style, render
from auditor.report.documents import Document
from tests.reach.network import allow_in
from tests.reach.proxied import further
from tests.reach.test_lateral import DATABASE, OPEN, PROXY
from tests.reach.test_lateral import NETWORK as HOSTS
from tests.reach.test_proxies import CHAIN, NETWORK
from tests.report.test_report_json import valid

ALL = Ways(through_proxies=True, lateral=3)


def proxied() -> Further:
    return further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))


def sources(net: Further, target: str, ways: Ways) -> Document:
    return NeighboursDocument(
        neighbours=net.who_can_reach(target, None, ways), question=Question.WHO_CAN_REACH, inputs=()
    )


def as_json(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(document, "json", Style()))
    valid(found)
    return found


def text(document: Document) -> list[str]:
    return render(document, "text", Style()).splitlines()


def test_a_row_through_a_proxy_has_its_legs():
    rows = as_json(sources(proxied(), "server", Ways(through_proxies=True)))["sources"]
    (row,) = [row for row in rows if row["via"]]
    assert (row["source"]["name"], row["via"], row["hosts"], row["hops"]) == ("internet", ["public"], [], 1)
    assert [(leg["from"], leg["to"], leg["verdict"]) for leg in row["legs"]] == [
        ("internet", "public", "reachable"),
        ("public", "server", "reachable"),
    ]
    assert [rule["component"] for rule in row["legs"][1]["rules"]] == ["alb.egress", "app.ingress"]


def test_a_row_of_one_connection_is_what_it_is_without_the_flags():
    plain = as_json(sources(proxied(), "server", Ways()))["sources"]
    with_flag = as_json(sources(proxied(), "server", Ways(through_proxies=True)))["sources"]
    assert [row["source"]["name"] for row in plain] == ["alb"]
    assert {"legs", "hosts", "hops"}.isdisjoint(plain[0])
    assert [set(row) for row in with_flag if not row["via"]] == [set(plain[0])]


def test_a_path_through_proxies_has_its_connections_and_all_of_their_hops():
    answer = proxied().can_reach("internet", "server")
    path = as_json(AnswerDocument(answer=answer, inputs=()))["paths"][0]
    assert path["via"] == ["public"]
    assert path["hops"] == [hop for one in path["connections"] for hop in one["hops"]]


def test_text_tells_what_is_sent_and_what_arrives():
    lines = text(sources(proxied(), "server", Ways(through_proxies=True)))
    assert "    via tcp/443 → public → tcp/8080" in lines
    assert lines[0] == "server: 2 sources can reach it"


def test_text_tells_which_of_those_between_are_held():
    net = further(*HOSTS, DATABASE, OPEN, *PROXY)
    lines = text(sources(net, "db", ALL))
    assert "    via tcp/443 → public → tcp/8080 → app, held, → tcp/5432" in lines
    hosts = as_json(sources(net, "db", ALL))["sources"]
    assert [row["hosts"] for row in hosts if row["source"]["kind"] == "internet"] == [["app"]]


def test_text_shows_the_connections_of_a_path_one_after_the_other():
    lines = text(AnswerDocument(answer=proxied().can_reach("internet", "server"), inputs=()))
    assert "  connection 1 of 2  internet → public: reachable, tcp/443" in lines
    assert "  connection 2 of 2  public → server: reachable, tcp/8080" in lines
    assert "  note: through public" in lines


def test_lines_stay_within_the_terminal():
    net = further(*HOSTS, DATABASE, OPEN, *PROXY)
    narrow = render(sources(net, "db", ALL), "text", Style(width=50)).splitlines()
    assert max(map(len, narrow)) <= 50
