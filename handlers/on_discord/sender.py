"""Sending to Discord: one outcome a message; it does not pace, and tries nothing a second time.

A message to a forum becomes a post: one for each event, in which all that is told of it stands. Its id is the post's
and the message's, "10/11": to reply to it, and to edit it, both are needed.
"""

import asyncio
import logging
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from bot.domain.chats import Address, Gone, Message, Missing, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.pacing import Gcra, Rate
from bot.domain.rich import Text
from handlers.on_discord import embeds
from handlers.on_discord.embeds import Json, flags, is_the_same, payload, post_name, post_tags
from handlers.on_discord.outcomes import NO_TEXT_CHANNEL, Answer, classify, of_edit, of_failure
from handlers.on_discord.rates import QUESTIONS, InvalidRequests
from handlers.on_discord.wire import Wire

log = logging.getLogger(__name__)

PLATFORM: Final = "discord"
SEND_DEADLINE: Final = 30.0
_MAX_NONCE: Final = 25
_FORUMS: Final = (15, 16)  # a forum, and one of pictures
_ARCHIVED: Final = 50  # posts among which one is looked for
_IN_POST: Final = "/"
# Seconds for which Discord surely knows a nonce; it says "a few minutes".
_NONCE_HOLDS: Final = 120.0
_NEWEST: Final = 100  # messages among which one is looked for after that
_QUESTION_PATIENCE: Final = 2.0  # seconds that a message waits for its questions to be asked
_MOST_DOUBTS: Final = 10_000


class DiscordSender:
    """The `Sender` of Discord.

    `unauthorized` is set when Discord refuses the token; the front that shares this sender looks into it.
    """

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        *,
        deadline: float = SEND_DEADLINE,
        questions: Rate = QUESTIONS,
    ) -> None:
        self.unauthorized = asyncio.Event()
        self._wire = Wire(token, api_url)
        self._deadline = deadline
        self._invalid = InvalidRequests()
        self._closed = False  # whether it was said that nothing is sent
        self._forums: set[str] = set()
        self._me: str | None = None
        self._questions = Gcra(questions)
        self._doubts: dict[str, float] = {}  # what may have arrived, by its key, and since when

    async def send(self, address: Address, message: Message) -> Outcome:
        """Send a message; every failure is an outcome, no exception leaves but cancellation."""
        channel = address.topic or address.chat
        try:
            in_time = _InTime(self._deadline)
            post, _, reply_to = (message.reply_to or "").rpartition(_IN_POST)
            if post:
                outcome = await self._say(in_time, post, message, reply_to, about=channel)
                if not isinstance(outcome, Gone):
                    return _in_post(outcome, post)
            if channel not in self._forums:
                outcome = await self._say(in_time, channel, message, reply_to)
                if outcome != NO_TEXT_CHANNEL:
                    return outcome
            return await self._post(in_time, channel, message)
        except ValueError as error:  # it cannot be made a request: neither will it later
            return Rejected(str(error))

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        """Let a message say this from now on; as for `send`, and `Missing` where there is nothing to edit."""
        post, _, number = message_id.rpartition(_IN_POST)
        channel = address.topic or address.chat
        try:
            body = payload(message, about=channel if post else "")
        except ValueError as error:
            return Rejected(str(error))
        path = f"/channels/{post or channel}/messages/{number}"
        outcome = of_edit(await self._outcome(_InTime(self._deadline), "PATCH", path, body), message_id)
        if post and outcome == Gone("channel-not-found"):
            return Missing()  # the post was deleted, not the forum
        return outcome

    def units(self, text: Text) -> int:
        """See `bot.ports.Sender`: with all markup, as Discord counts it."""
        return embeds.units(text)

    async def close(self) -> None:
        """Close the connections; a send after that opens them again."""
        await self._wire.close()

    async def _say(self, in_time: "_InTime", channel: str, message: Message, reply_to: str, about: str = "") -> Outcome:
        """Say it in a channel or a thread; what was said there before under its key is not said again."""
        body = payload(message, about=about) | {"flags": flags(message)}
        now = asyncio.get_running_loop().time()
        if now - self._doubts.get(message.key, now) > _NONCE_HOLDS:
            found = await self._said_before(in_time, channel, body, message.key)
            if found is not None:
                return found
        if message.key:
            body |= {"nonce": message.key[:_MAX_NONCE], "enforce_nonce": True}
        if reply_to.isdecimal():
            body["message_reference"] = {"message_id": reply_to, "fail_if_not_exists": False}
        outcome = await self._outcome(in_time, "POST", f"/channels/{channel}/messages", body)
        self._note(message.key, outcome, now)
        return outcome

    def _note(self, key: str, outcome: Outcome, now: float) -> None:
        """Note whether a message may have arrived although nobody said so."""
        if isinstance(outcome, Sent):
            self._doubts.pop(key, None)
        elif isinstance(outcome, Unreachable) and outcome.reached and key:
            self._doubts.setdefault(key, now)
            if len(self._doubts) > _MOST_DOUBTS:
                del self._doubts[next(iter(self._doubts))]

    async def _said_before(self, in_time: "_InTime", channel: str, body: Json, key: str) -> Outcome | None:
        """The message that an earlier try has left, or why that cannot be told; None where there is none."""
        messages = await self._asked(in_time, f"/channels/{channel}/messages?limit={_NEWEST}")
        if isinstance(messages, Gone):
            return None  # who may not look has to risk that it is told twice
        if isinstance(messages, Outcome):
            return messages
        me = await self._our_id(in_time)
        if isinstance(me, Outcome):
            return me
        for posted in messages:
            if posted["author"]["id"] == me and is_the_same(posted, body, key):
                self._doubts.pop(key, None)
                return Sent(posted["id"])
        return None

    # Forums

    async def _post(self, in_time: "_InTime", channel: str, message: Message) -> Outcome:
        """Make a forum's post of it, unless it is there already."""
        forum = await self._asked(in_time, f"/channels/{channel}")
        if isinstance(forum, Outcome):
            return forum
        if forum.get("type") not in _FORUMS:
            self._forums.discard(channel)
            return NO_TEXT_CHANNEL
        self._forums.add(channel)
        body = payload(message, about=channel)
        name = post_name(message)
        # Discord knows no nonce here: whether an earlier try has arrived, or one before a crash, only a look can tell.
        if message.key and (not message.fresh or message.key in self._doubts):
            found = await self._found(in_time, forum, name, body, message.key)
            if found is not None:
                return found
        request = {"name": name, "message": body | {"flags": flags(message)}, "applied_tags": post_tags(message, forum)}
        outcome = await self._outcome(in_time, "POST", f"/channels/{channel}/threads", request)
        self._note(message.key, outcome, asyncio.get_running_loop().time())
        return replace(outcome, message_id=_joined(outcome.message_id)) if isinstance(outcome, Sent) else outcome

    async def _found(self, in_time: "_InTime", forum: Json, name: str, body: Json, key: str) -> Outcome | None:
        """The post that an earlier try has made, or why that cannot be told; None where there is none."""
        me = await self._our_id(in_time)
        if isinstance(me, Outcome):
            return me
        for path in (
            f"/guilds/{forum['guild_id']}/threads/active",
            f"/channels/{forum['id']}/threads/archived/public?limit={_ARCHIVED}",
        ):
            threads = await self._asked(in_time, path)
            if isinstance(threads, Gone):
                continue  # who may not look has to risk that it is told twice
            if isinstance(threads, Outcome):
                return threads
            for thread in threads.get("threads") or []:
                is_ours = thread.get("owner_id") == me and thread.get("parent_id") == forum["id"]
                if not is_ours or thread.get("name") != name:
                    continue
                posted = await self._asked(in_time, f"/channels/{thread['id']}/messages/{thread['id']}")
                if isinstance(posted, Unreachable | Throttled):
                    return posted
                if isinstance(posted, dict) and is_the_same(posted, body, key):
                    return Sent(_joined(thread["id"]))
        return None

    # Requests

    async def _our_id(self, in_time: "_InTime") -> str | Outcome:
        """Who we are on Discord."""
        if self._me is None:
            me = await self._asked(in_time, "/users/@me")
            if isinstance(me, Outcome):
                return me
            self._me = str(me["id"])
        return self._me

    async def _asked(self, in_time: "_InTime", path: str) -> Any | Outcome:
        """What Discord says on being asked; the outcome where it does not, or where too much is asked already."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._questions.free_at())
        if at - now > min(_QUESTION_PATIENCE, in_time.left()):  # others' messages need no question: make room for them
            return Throttled(at - now, everybody=False)
        self._questions.take(at)
        await asyncio.sleep(at - now)
        answer = await self._request(in_time, "GET", path)
        if isinstance(answer, Answer):
            if answer.is_success and isinstance(answer.body, dict | list):
                return answer.body
            answer = classify(answer)
        # Whatever came of the question, nothing was sent.
        return replace(answer, reached=False) if isinstance(answer, Unreachable) else answer

    async def _outcome(self, in_time: "_InTime", method: str, path: str, body: Json) -> Outcome:
        answer = await self._request(in_time, method, path, body)
        return classify(answer) if isinstance(answer, Answer) else answer

    async def _request(self, in_time: "_InTime", method: str, path: str, body: Json | None = None) -> Answer | Outcome:
        """One request, unless Discord has refused too many of late."""
        loop = asyncio.get_running_loop()
        if pause := self._invalid.closed(loop.time()):
            if not self._closed:
                log.error("Discord has refused so many requests that nothing is sent to it for %.0f s", pause)
            self._closed = True
            return Throttled(pause, everybody=True)
        self._closed = False
        try:
            answer = await self._wire.request(method, path, in_time.left(), body)
        except Exception as error:  # noqa: BLE001 - whatever a library raises, the outbox needs an outcome
            return of_failure(error)
        if answer.is_invalid:
            self._invalid.note(loop.time())
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self.unauthorized.set()
        return answer


class _InTime:
    """The time that all the requests of one send have together."""

    def __init__(self, seconds: float) -> None:
        self._until = asyncio.get_running_loop().time() + seconds

    def left(self) -> float:
        """Seconds for the next of them."""
        return max(0.0, self._until - asyncio.get_running_loop().time())


def _in_post(outcome: Outcome, post: str) -> Outcome:
    return (
        replace(outcome, message_id=f"{post}{_IN_POST}{outcome.message_id}") if isinstance(outcome, Sent) else outcome
    )


def _joined(post: str) -> str:
    """The id of a post's first message, which has the post's own."""
    return f"{post}{_IN_POST}{post}"
