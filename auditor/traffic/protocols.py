"""Protocol numbers and the keywords that stand for them.

The keywords are those of the IANA registry "Assigned Internet Protocol Numbers" (RFC 5237), in lower case,
with the older spellings that AWS and its tools take (``icmpv6``, ``ospf``, ``all``).
"""

from __future__ import annotations

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58

# In the order of their numbers from 0; "-" where the registry has a description instead of a keyword.
_REGISTRY = """
hopopt icmp igmp ggp ipv4 st tcp cbt egp igp bbn-rcc-mon nvp-ii pup argus emcon xnet
chaos udp mux dcn-meas hmp prm xns-idp trunk-1 trunk-2 leaf-1 leaf-2 rdp irtp iso-tp4 netblt mfe-nsp
merit-inp dccp 3pc idpr xtp ddp idpr-cmtp tp++ il ipv6 sdrp ipv6-route ipv6-frag idrp rsvp gre
dsr bna esp ah i-nlsp swipe narp min-ipv4 tlsp skip ipv6-icmp ipv6-nonxt ipv6-opts - cftp -
sat-expak kryptolan rvd ippc - sat-mon visa ipcv cpnx cphb wsn pvp br-sat-mon sun-nd wb-mon wb-expak
iso-ip vmtp secure-vmtp vines iptm nsfnet-igp dgp tcf eigrp ospfigp sprite-rpc larp mtp ax.25 ipip micp
scc-sp etherip encap - gmtp ifmp pnni pim aris scps qnx a/n ipcomp snp compaq-peer ipx-in-ip
vrrp pgm - l2tp ddx iatp stp srp uti smp sm ptp isis fire crtp crudp
sscopmce iplt sps pipe sctp fc rsvp-e2e-ignore mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc
ethernet aggfrag nsh homa
"""

_OTHER_SPELLINGS = {
    "icmpv6": ICMPV6,
    "ip-in-ip": 4,
    "ipencap": 4,
    "mobile": 55,
    "ttp": 84,
    "ospf": 89,
    "isis-over-ipv4": 124,
    "all": -1,
}

_NUMBERS = {
    **{name: number for number, name in enumerate(_REGISTRY.split()) if name != "-"},
    **_OTHER_SPELLINGS,
}

_NAMES = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "icmpv6"}


def protocol_number(protocol: str | int) -> int | None:
    """The number (0-255) that a keyword or a number in digits stands for; None for all protocols.

    All protocols are ``all`` or ``-1``, as in the EC2 API's ``IpProtocol``. Case does not matter.

    Raises:
        ValueError: no such keyword, or a number that is none of -1 to 255.
    """
    text = str(protocol).lower()
    number = _NUMBERS.get(text)
    if number is None:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(
                f"{protocol!r} is no protocol: a name such as tcp, a number from 0 to 255, or all"
            )
        number = int(text)
    if not -1 <= number <= 255:
        raise ValueError(f"the protocol {number} is not from 0 to 255, nor -1 for all")
    return None if number == -1 else number


def protocol_text(number: int) -> str:
    """``tcp``, ``udp``, ``icmp``, ``icmpv6``, and ``proto/47`` for the others."""
    return _NAMES.get(number) or f"proto/{number}"
