"""Chats: how a place is named, and what tells two apart; and the errors that name things too."""

import pytest

from bot.domain.chats import Address, Message
from bot.domain.errors import FetchFailed, FetchKind, NotAFeed, UserError


@pytest.mark.parametrize(
    ("address", "written"),
    [
        pytest.param(Address("telegram", "-100123"), "telegram:-100123", id="a chat"),
        pytest.param(Address("telegram", "-100123", "7"), "telegram:-100123:7", id="a topic of a chat"),
        pytest.param(Address("console", ""), "console", id="a place without an identifier"),
    ],
)
def test_an_address_is_written_with_its_platform(address: Address, written: str) -> None:
    assert str(address) == written


def test_a_topic_is_part_of_a_chats_identity() -> None:
    assert Address("telegram", "1", "7") != Address("telegram", "1")
    assert len({Address("telegram", "1"), Address("telegram", "1", ""), Address("discord", "1")}) == 2


def test_a_message_is_formatted_and_heard_unless_it_says_otherwise() -> None:
    message = Message(())
    assert (message.plain, message.silent, message.reply_to, message.buttons) == (False, False, None, ())


def test_a_refusal_carries_its_key_and_what_its_text_needs() -> None:
    refused = UserError("limit-feeds", limit=500)
    assert (refused.key, refused.args_shown, str(refused)) == ("limit-feeds", {"limit": 500}, "limit-feeds")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        pytest.param(FetchFailed(FetchKind.DNS), "dns", id="a kind alone"),
        pytest.param(FetchFailed(FetchKind.STATUS, "503", status=503), "status: 503", id="a kind and its detail"),
        pytest.param(NotAFeed("html"), "html", id="no feed"),
    ],
)
def test_a_failure_says_for_the_log_what_happened(failure: Exception, said: str) -> None:
    assert str(failure) == said


def test_a_failed_fetch_carries_what_its_server_asked_for() -> None:
    failure = FetchFailed(FetchKind.STATUS, "busy", status=503, retry_after=120.0)
    assert (failure.kind, failure.detail, failure.status, failure.retry_after) == (FetchKind.STATUS, "busy", 503, 120.0)
