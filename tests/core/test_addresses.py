"""Which addresses are local: by their form, and by where a name leads."""

import socket

import pytest

from stages.core.addresses import addresses_of, checked_address, is_local, require_local
from stages.core.errors import InputError, ParamError
from stages.core.params import check_section
from stages.enrich.params import TmdbParams
from stages.llm.params import LlmParams


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("gpu", True),
        ("gpu.local", True),
        ("host.docker.internal", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("0.0.0.0", True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.4", True),
        ("[::1]", True),
        ("[::]", True),
        ("[fd12::1]", True),
        ("[::ffff:127.0.0.1]", True),
        ("[::ffff:8.8.8.8]", False),
        ("[fe80::1]", False),
        ("[fe80::1%25eth0]", False),
        ("[64:ff9b::7f00:1]", False),
        ("[2001:db8::1]", False),
        ("169.254.169.254", False),
        ("192.0.2.1", False),
        ("100.64.0.1", False),
        ("8.8.8.8", False),
        ("224.0.0.1", False),
        ("2130706433", False),
        ("127.1", False),
        ("0x7f000001", False),
        ("localhost.", False),
        ("localhost.example.org", False),
        ("gpu。example。org", False),
        ("８．８．８．８", False),
        ("api.openai.com", False),
    ],
)
def test_a_host_is_local_by_its_form(host: str, local: bool) -> None:
    assert is_local(f"http://{host}:8000/v1") == local


def test_what_is_no_address_is_not_local() -> None:
    assert not any(map(is_local, ("", "gpu:8000", "http://[::1", "http://")))


def test_all_addresses_of_a_local_name_must_be_local() -> None:
    near = ["127.0.0.1", "fd12::1", "fe80::1%eth0"]
    assert require_local("http://gpu/v1", near) == near[:2]
    for addresses in ([*near, "8.8.8.8"], ["fe80::1"]):
        with pytest.raises(InputError, match=r"^http://gpu/v1 is not local: gpu is at "):
            require_local("http://me:pw@gpu/v1?k=1", addresses)


def test_a_name_that_is_none_is_unknown() -> None:
    with pytest.raises(socket.gaierror):
        addresses_of(f"http://{'a' * 64}/v1")
    assert addresses_of("http://[::1]:80/v1") == ["::1"]


@pytest.mark.parametrize(
    "url", ["https://api.openai.com\\@evil.org/v1", "http://a\tb/", "http:///"]
)
def test_an_address_that_programs_read_differently_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="give an address such as"):
        checked_address(url)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://me:s3cret@gpu/v1", "files would keep the password"),
        ("http://me:@gpu/v1", "files would keep the password"),
        ("http://me:pa/s3cret@gpu/v1", "give an address such as"),
        ("http://gpu/v1?key=s3cret", "without [?] and #"),
        ("http://gpu/v1#s3cret", "without [?] and #"),
    ],
)
def test_an_address_that_may_hold_a_key_is_refused_and_not_repeated(url: str, fault: str) -> None:
    """Parameters are kept in params.yaml, dvc.lock and runs/."""
    for name, model in (("llm", LlmParams), ("enrich.tmdb", TmdbParams)):
        with pytest.raises(ParamError, match=fault) as raised:
            check_section(name, {"base_url": url}, model)
        assert "s3cret" not in str(raised.value)
