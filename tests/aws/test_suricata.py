"""Suricata rules as text: headers, sets, options, and what of them decides."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from auditor.aws.reader.suricata import (
    Header,
    Place,
    Selections,
    Sets,
    header_of,
    lines_of,
    options_of,
    rules_of,
)
from auditor.model import FirewallAction, FirewallRule
from auditor.traffic import ANY, EMPTY, PORTS, PROTOCOLS, TCP, UDP, Bounds, IntSet, Traffic, exact, parse_cidr
from auditor.tree import Location, Reason

AT = Location("fw.tf", 7, 3)
TEN, EIGHT = parse_cidr("10.0.0.0/8"), parse_cidr("8.8.8.0/24")
WEB = IntSet.of((80, 80), (443, 443))


def rules(text: str, sets: Sets | None = None) -> tuple[FirewallRule, ...]:
    (line,) = lines_of(text)
    found = rules_of(line, Selections(sets or Sets()), AT)
    assert not isinstance(found, str), found
    return found


def rule(text: str, sets: Sets | None = None) -> FirewallRule:
    (found,) = rules(text, sets)
    return found


def wrong(text: str) -> str:
    (line,) = lines_of(text)
    found = rules_of(line, Selections(Sets()), AT)
    assert isinstance(found, str)
    return found


def tls(options: str, action: str = "pass") -> tuple[FirewallRule, ...]:
    return rules(f"{action} tls $HOME_NET any -> $EXTERNAL_NET any ({options} sid:1;)")


def test_a_header_selects_protocol_addresses_and_ports():
    found = rule("drop tcp 10.0.0.0/8 any -> 8.8.8.0/24 [80,443] (sid:1;)")
    assert found.action is FirewallAction.DROP
    expected = Traffic.of(
        protocols=IntSet.single(TCP), sources=TEN, destinations=EIGHT, destination_ports=WEB
    )
    assert found.traffic == exact(expected)
    assert (found.both, found.application, found.undecided) == (False, "", ())
    assert found.text == "drop tcp 10.0.0.0/8 any -> 8.8.8.0/24 [80,443] (sid:1;)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any", ANY),
        ("!10.0.0.0/8", ANY - TEN),
        ("[10.0.0.0/8,8.8.8.0/24]", TEN | EIGHT),
        ("[10.0.0.0/8, !10.1.0.0/16]", TEN - parse_cidr("10.1.0.0/16")),
        ("[!10.0.0.0/8, !8.8.8.0/24]", ANY - TEN - EIGHT),
        ("![10.0.0.0/8,8.8.8.0/24]", ANY - TEN - EIGHT),
        (
            "[10.0.0.0/8,![10.1.0.0/16,!10.1.2.0/24]]",
            TEN - parse_cidr("10.1.0.0/16") | parse_cidr("10.1.2.0/24"),
        ),
        ("8.8.8.8", parse_cidr("8.8.8.8")),
        ("8.8.8.0-8.8.8.255", EIGHT),
        ("2001:db8::/32", parse_cidr("2001:db8::/32")),
    ],
)
def test_addresses_are_ranges_lists_and_what_they_leave_out(text: str, expected: IntSet):
    assert rule(f"pass ip {text} any -> any any (sid:1;)").traffic == exact(Traffic.of(sources=expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", ((80, 80),)),
        ("80:90", ((80, 90),)),
        ("1024:", ((1024, 65535),)),
        (":1023", ((0, 1023),)),
        ("!22", ((0, 21), (23, 65535))),
        ("[80,443]", ((80, 80), (443, 443))),
        ("[80:90,!85]", ((80, 84), (86, 90))),
        ("[!22, !23]", ((0, 21), (24, 65535))),
        ("[1024:]", ((1024, 65535),)),
    ],
)
def test_ports_are_ranges_lists_and_what_they_leave_out(text: str, expected: tuple[tuple[int, int], ...]):
    found = rule(f"pass udp any any -> any {text} (sid:1;)").traffic
    assert found == exact(Traffic.of(protocols=IntSet.single(UDP), destination_ports=IntSet(expected)))


def flags(found: FirewallRule) -> tuple[bool, bool, bool, bool]:
    return (
        found.home_sources,
        found.outside_sources,
        found.home_destinations,
        found.outside_destinations,
    )


@pytest.mark.parametrize(
    ("source", "destination", "expected"),
    [
        ("$HOME_NET", "$EXTERNAL_NET", (True, False, False, True)),
        ("!$HOME_NET", "!$EXTERNAL_NET", (False, True, True, False)),
        ("[$HOME_NET]", "any", (True, False, False, False)),
        ("[!$HOME_NET]", "any", (False, True, False, False)),
    ],
)
def test_home_and_what_is_outside_are_left_to_the_policy(
    source: str, destination: str, expected: tuple[bool, bool, bool, bool]
):
    found = rule(f"pass ip {source} any -> {destination} any (sid:1;)")
    assert flags(found) == expected
    assert found.traffic == exact(Traffic.of())


def test_home_without_a_range_is_both():
    found = rule("pass ip [$HOME_NET,!10.1.0.0/16] any -> any any (sid:1;)")
    assert flags(found) == (True, False, False, False)
    assert found.traffic == exact(Traffic.of(sources=ANY - parse_cidr("10.1.0.0/16")))


def test_home_beside_a_range_is_only_bounded():
    found = rule("pass ip [$HOME_NET,10.1.0.0/16] any -> any any (sid:1;)")
    assert flags(found) == (False, False, False, False)
    assert found.traffic == Bounds(Traffic.of(sources=parse_cidr("10.1.0.0/16")), Traffic.of())


def test_what_is_not_in_a_list_with_home_is_only_bounded():
    found = rule("pass ip ![$HOME_NET,10.1.0.0/16] any -> any any (sid:1;)")
    assert found.traffic == Bounds(
        Traffic.of(sources=EMPTY), Traffic.of(sources=ANY - parse_cidr("10.1.0.0/16"))
    )


def test_variables_of_the_group_are_what_it_says():
    sets = Sets(
        {"WEB": Place(exact(TEN)), "EXTERNAL_NET": Place(exact(EIGHT))},
        {"PORTS": Place(exact(WEB))},
        {"LIST": Place(Bounds(EMPTY, ANY), reasons=(Reason("a list", AT),))},
    )
    found = rule("pass tcp $WEB any -> $EXTERNAL_NET $PORTS (sid:1;)", sets)
    assert flags(found) == (False, False, False, False)
    assert found.traffic == exact(
        Traffic.of(protocols=IntSet.single(TCP), sources=TEN, destinations=EIGHT, destination_ports=WEB)
    )
    listed = rule("pass ip @LIST any -> any any (sid:1;)", sets)
    assert listed.traffic == Bounds(Traffic.of(sources=EMPTY), Traffic.of())
    assert [reason.what for reason in listed.reasons] == ["a list"]


def test_a_variable_that_may_be_there_can_be_anything():
    sets = Sets(open_=(Reason("var.sets", AT),))
    assert rule("pass ip $WEB any -> any any (sid:1;)", sets).traffic.must == Traffic.of(sources=EMPTY)
    assert rule("pass tcp any any -> any $P (sid:1;)", sets).traffic.may == Traffic.of(
        protocols=IntSet.single(TCP)
    )


def test_a_rule_for_both_directions_says_so():
    assert rule("drop udp 10.0.0.0/8 any <> any 53 (sid:1;)").both


def test_an_application_is_carried_by_its_protocols():
    assert rule("drop ssh any any -> any any (sid:1;)").application == "ssh"
    both = rule("drop dns any any -> any 53 (sid:1;)")
    assert both.traffic.may.protocols == IntSet.of((TCP, TCP), (UDP, UDP))
    assert rule("drop tcp any any -> any any (app-layer-protocol:tls; sid:1;)").application == "tls"
    assert rule("drop ssl any any -> any any (sid:1;)").application == "tls"


def test_ip_with_a_port_is_about_what_has_ports():
    found = rule("drop ip any any -> any 22 (sid:1;)").traffic.may
    assert found.protocols == IntSet.of((TCP, TCP), (UDP, UDP))


@pytest.mark.parametrize(
    ("options", "domains"),
    [
        ('tls.sni; dotprefix; content:".example.com"; nocase; endswith;', (".example.com",)),
        ('tls.sni; content:"example.com"; startswith; nocase; endswith;', ("example.com",)),
        ('ssl_state:client_hello; tls.sni; content:".example.com"; endswith;', (".example.com",)),
        ('tls_sni; content:"example.com"; startswith; endswith;', ("example.com",)),
        ('tls.sni; to_lowercase; dotprefix; content:".a\\;b"; endswith;', (".a;b",)),
    ],
)
def test_a_name_is_asked_for_by_its_content(options: str, domains: tuple[str, ...]):
    (found,) = tls(options)
    assert (found.application, found.domains, found.negated, found.undecided) == ("tls", domains, False, ())


def test_a_name_is_asked_for_in_a_request_and_in_a_query():
    http = rule('drop http any any -> any any (http.host; content:"a.io"; startswith; endswith; sid:1;)')
    assert (http.application, http.domains) == ("http", ("a.io",))
    old = rule('drop tcp any any -> any any (content:"a.io"; http_host; startswith; endswith; sid:1;)')
    assert (old.application, old.domains, old.undecided) == ("http", ("a.io",), ())
    dns = rule('drop dns any any -> any any (dns.query; dotprefix; content:".a.io"; endswith; sid:1;)')
    assert (dns.application, dns.domains) == ("dns", (".a.io",))


def test_an_ending_without_a_dot_fits_other_names_too():
    below, others = tls('tls.sni; content:"example.com"; endswith;')
    assert (below.domains, below.undecided) == ((".example.com",), ())
    assert (others.domains, len(others.undecided)) == ((), 1)


@pytest.mark.parametrize(
    "options",
    [
        'tls.sni; content:"example";',
        'tls.sni; content:"ssm."; startswith;',
        'tls.sni; content:"example.com"; startswith; depth:11;',
        'tls.sni; content:"|ff|.com"; endswith;',
        'tls.sni; pcre:"/x/";',
        'tls.sni; content:!"example.com"; endswith;',
        'file_data; content:"example.com"; startswith; endswith;',
    ],
)
def test_what_is_asked_otherwise_may_fit_any_name(options: str):
    (found,) = tls(options)
    assert found.undecided
    assert found.domains == ()


def test_two_contents_stay_within_the_one_that_names_what_is_below():
    (found,) = tls('tls.sni; content:"ssm."; startswith; content:".amazonaws.com"; endswith;')
    assert (found.domains, len(found.undecided)) == ((".amazonaws.com",), 1)


def test_all_names_but_some_are_asked_for():
    asked = 'tls.sni; content:!"a.io"; startswith; endswith; dotprefix; content:!".b.io"; endswith;'
    (found,) = tls(asked, "drop")
    assert (found.domains, found.negated, found.undecided) == (("a.io", ".b.io"), True, ())


def test_dropping_what_is_below_a_name_leaves_the_name_itself_open():
    (found,) = tls('tls.sni; content:".example.com"; endswith;', "drop")
    assert (found.domains, len(found.undecided)) == ((".example.com",), 1)


def test_what_every_request_has_restricts_nothing():
    found = rule('drop http any any -> any any (http.header_names; content:"|0d 0a|"; startswith; sid:1;)')
    assert (found.application, found.domains, found.undecided) == ("http", (), ())


@pytest.mark.parametrize(
    ("flow", "established", "to_server"),
    [
        ("established", True, False),
        ("to_server", False, True),
        ("established, to_server", True, True),
        ("from_client,established", True, True),
    ],
)
def test_the_flow_tells_which_packets(flow: str, established: bool, to_server: bool):
    found = rule(f"drop tcp any any -> any any (flow: {flow}; sid:1;)")
    assert (found.established, found.to_server, found.undecided) == (established, to_server, ())


def test_a_rule_for_replies_is_about_who_opened():
    found = rule("drop tcp $EXTERNAL_NET 80 -> $HOME_NET any (flow:to_client,established; sid:1;)")
    assert flags(found) == (True, False, False, True)
    assert found.traffic.may == Traffic.of(protocols=IntSet.single(TCP), destination_ports=IntSet.single(80))


def test_passing_the_beginning_of_a_connection_is_not_passing_it():
    assert rule("pass tcp any any -> any 443 (flow:not_established; sid:1;)").undecided
    assert rule("drop tcp any any -> any 443 (flow:not_established; sid:1;)").undecided == ()


@pytest.mark.parametrize(
    "option",
    [
        "geoip:dst,RU",
        'pcre:"/a;b/"'.replace(";", "\\;"),
        'content:"abc"',
        "threshold:type limit, track by_src, count 1, seconds 60",
        "flowbits:isset,x",
        'ja3.hash; content:"27e9"',
        "flags:S",
        "dsize:>100",
        "flow:stateless,only_stream",
        "iprep:src,Bad,>,30",
        "a_keyword_of_tomorrow:1",
    ],
)
def test_what_is_not_followed_leaves_a_rule_undecided(option: str):
    assert rule(f"drop tcp any any -> any any ({option}; sid:1;)").undecided


@pytest.mark.parametrize(
    "option",
    [
        'msg:"a \\; (b)"',
        "classtype:x",
        "rev:2",
        "metadata:a b, c d",
        "noalert",
        "flowbits:set,x",
        "xbits:set,a,track ip_dst",
    ],
)
def test_what_only_tells_leaves_a_rule_decided(option: str):
    assert rule(f"drop tcp any any -> any any ({option}; sid:1;)").undecided == ()


def test_a_priority_is_kept():
    assert rule("pass tcp any any -> any any (priority:3; sid:1;)").priority == 3


@pytest.mark.parametrize(
    "text",
    [
        "drop tcp any any any any (sid:1;)",
        "drop tcp any any => any any (sid:1;)",
        "drop tcp any any -> any any",
        "drop tcp any any -> any any (sid:1)",
        "block tcp any any -> any any (sid:1;)",
        "drop tcp 10.0.0.300 any -> any any (sid:1;)",
        "drop tcp [] any -> any any (sid:1;)",
        "drop tcp any any -> any 70000 (sid:1;)",
        "drop tcp any any -> any 90:80 (sid:1;)",
        "drop tcp $NOBODY any -> any any (sid:1;)",
        "drop tcp any any -> any $NONE (sid:1;)",
        "drop tcp [10.0.0.0/8 any -> any any (sid:1;)",
    ],
)
def test_what_is_no_rule_is_told(text: str):
    assert wrong(text)


def test_comments_and_continued_lines_are_read():
    text = "\n".join(
        (
            "# a comment",
            "",
            "pass tcp any any \\",
            "  -> any 80 \\",
            "  (sid:1;)\r",
            " #drop ip any any -> any any (sid:2;)",
            "drop ip any any -> any any (sid:3;)",
        )
    )
    found = list(lines_of(text))
    assert [line.number for line in found] == [3, 7]
    assert rules(found[0].text)[0].action is FirewallAction.PASS


def test_options_are_split_where_no_backslash_stands_before():
    found = options_of('msg:"a\\;b"; nocase ; sid:1;')
    assert found is not None
    assert [(one.keyword, one.value) for one in found] == [
        ("msg", '"a\\;b"'),
        ("nocase", ""),
        ("sid", "1"),
    ]
    assert options_of("sid:1; rest") is None


def random_headers(seed: int) -> Iterator[Header]:
    chosen = random.Random(seed)

    def some(make: list[str]) -> str:
        text = chosen.choice(make)
        return f"!{text}" if text != "any" and chosen.random() < 0.2 else text

    def address() -> str:
        return f"{chosen.randrange(1, 224)}.{chosen.randrange(256)}.0.0/{chosen.randrange(8, 33)}"

    def port() -> str:
        low = chosen.randrange(65000)
        return chosen.choice([str(low), f"{low}:{low + 500}", f"{low}:", f":{low}"])

    def listed(one: str, other: str) -> str:
        return f"[{one},{' ' * chosen.randrange(2)}!{other}]"

    for _ in range(200):
        yield Header(
            action=chosen.choice(["pass", "drop", "reject", "alert"]),
            protocol=chosen.choice(["tcp", "udp", "ip", "icmp", "tls", "dns"]),
            source=some(["any", address(), "$HOME_NET", listed(address(), address())]).replace(" ", ""),
            source_port=some(["any", port()]),
            destination=some(["any", address(), "$EXTERNAL_NET", listed(address(), address())]).replace(
                " ", ""
            ),
            destination_port=some(["any", port(), listed(port(), port())]).replace(" ", ""),
            both=chosen.random() < 0.3,
        )


@pytest.mark.parametrize("seed", range(5))
def test_a_header_that_is_written_is_read_again(seed: int):
    for header in random_headers(seed):
        assert header_of(str(header)) == header
        spaced = str(header).replace(" ", "   ").replace(",", ", ")
        assert header_of(spaced) == header


def accepts(text: str, number: int) -> bool:
    """Whether a port is in a set, asked one port at a time."""
    if text == "any":
        return True
    if text.startswith("!"):
        return not accepts(text[1:], number)
    if text.startswith("["):
        parts = text[1:-1].split(",")
        named = [part for part in parts if not part.startswith("!")]
        return (not named or any(accepts(part, number) for part in named)) and all(
            accepts(part, number) for part in parts if part.startswith("!")
        )
    low, colon, high = text.partition(":")
    return int(low or 0) <= number <= int(high or 65535) if colon else number == int(low)


@pytest.mark.parametrize("seed", range(3))
def test_random_sets_of_ports_hold_what_they_say(seed: int):
    chosen = random.Random(seed)
    for header in random_headers(seed):
        found = Sets().port(header.destination_port)
        assert isinstance(found, Place)
        for number in (0, 65535, *(chosen.randrange(65536) for _ in range(40))):
            within = bool(found.numbers.may & IntSet.single(number))
            assert within is accepts(header.destination_port, number)
    assert PORTS.size == 65536


def test_ten_thousand_rules_are_read_in_a_second_or_two():
    text = "\n".join(
        f'drop tls $HOME_NET any -> $EXTERNAL_NET any (msg:"x"; tls.sni; dotprefix; content:".d{number}.io"; '
        f"nocase; endswith; flow:to_server, established; sid:{number}; rev:1;)"
        for number in range(10_000)
    )
    sets, began = Selections(Sets()), time.process_time()
    found = [rules_of(line, sets, AT) for line in lines_of(text)]
    assert time.process_time() - began < 4
    assert len(found) == 10_000
    assert not any(isinstance(one, str) for one in found)


@pytest.mark.parametrize(
    ("asked", "protocols"),
    [("ip_proto:!TCP;", "all but 6"), ("ip_proto:47;", "47"), ("ip_proto:>200;", "201-255"), ("", "all")],
)
def test_a_rule_can_ask_for_protocols_beside_its_header(asked: str, protocols: str):
    found = rule(f"drop ip any any -> any any ({asked} sid:1;)")
    expected = {
        "all but 6": PROTOCOLS - IntSet.single(6),
        "47": IntSet.single(47),
        "201-255": IntSet.of((201, 255)),
        "all": PROTOCOLS,
    }[protocols]
    assert found.traffic.must.protocols == found.traffic.may.protocols == expected
    assert not found.undecided


def test_a_rule_can_ask_for_every_application_but_one():
    found = rule("drop tcp any any <> any any (flow:established; app-layer-protocol:!http; sid:1;)")
    assert (found.application, found.established, found.undecided) == ("!http", True, ())
