"""A stand-in for Telegram: a Bot API over real HTTP on loopback, and the people who talk to the bot.

    server = await TelegramServer.start()
    alice = server.person("Alice", language="en")
    chat = server.private(alice)
    assert "EUMAM" in await chat.say("/watch EUMAM")
    server.fail_next("sendMessage", "flood", retry_after=2)

It refuses as the real one does, and notes in `violations` what the published description of the API does not allow.
It knows one bot, keeps everything in memory and does not enforce rates: arrival times are there to be looked at.
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import web

from . import telegram_schema
from .listening import Listening
from .telegram_chats import Button, Channel, Chat, GroupChat, Person, PrivateChat, Received, Topic
from .telegram_faults import Fault, Kind, Refused, drop, fail, refusal
from .telegram_markup import CannotParse, Entity, parse

__all__ = [
    "Button",
    "Call",
    "Channel",
    "Chat",
    "GroupChat",
    "Kind",
    "Person",
    "PrivateChat",
    "Received",
    "TelegramServer",
    "Topic",
]

# As a server of some years ago has them: newer ones have more, and a client has to bear both.
_RIGHTS = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot's."""

    method: str
    parameters: dict[str, Any]
    at: float


OneChat = TypeVar("OneChat", bound=Chat)


class Parameters:
    """A request's parameters, which may have come as text or as JSON."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given

    def text(self, name: str) -> str:
        """A string; "" where there is none."""
        return str(self._given.get(name, ""))

    def integer(self, name: str) -> int | None:
        """A whole number, if it is one."""
        try:
            return int(self._given[name])
        except (KeyError, TypeError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        """Whether it is said, and true."""
        return str(self._given.get(name, "")).lower() in {"true", "1"}

    def json(self, name: str) -> Any:
        """An object or array, if there is one."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(400, f"Bad Request: can't parse {name} JSON object") from None


@dataclass
class TelegramServer(Listening):
    """The stand-in; `delay` is how many seconds every answer takes after what was asked has happened.

    With `polls_long` off getUpdates is answered at once, whatever it asks.
    """

    token: str
    record: bool = True
    url: str = ""
    delay: float = 0.0
    webhook: bool = False
    polls_long: bool = True
    bot: Person = field(default_factory=lambda: Person(7_000_000_001, "Tocsin"))
    username: str = "tocsin_bot"
    violations: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    commands: list[tuple[str, str]] = field(default_factory=list)
    chats: dict[int, Chat] = field(default_factory=dict)
    migrated: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._schema = telegram_schema.load()
        self._numbers = itertools.count(1001)
        self._updates: dict[int, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self._next_update = 100_001
        self._allowed: list[str] | None = None
        self._faults: list[Fault] = []
        self._poll: asyncio.Event | None = None

    # For a test to set up and to look at.

    @classmethod
    async def start(
        cls, *, token: str = "7000000001:AAStand-in_for-a_token-of-the-usual", record: bool = True, port: int = 0
    ) -> Self:
        """Listen on loopback; with `record` off only counts and times of arrival are kept."""
        server = cls(token, record)
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", server._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", server._serve_file)
        await server.listen(app, port)
        return server

    def person(self, name: str, *, language: str | None = None) -> Person:
        """Somebody new."""
        return Person(self.number(), name, language)

    def private(self, person: Person) -> PrivateChat:
        """The chat of a person with the bot."""
        return self._keep(PrivateChat(self, person))

    def group(self, title: str, *, admins: list[Person] | None = None) -> GroupChat:
        """A supergroup in which the bot is; the first administrator owns it."""
        return self._keep(GroupChat(self, self.new_group_id(), title, list(admins or ())))

    def channel(self, title: str) -> Channel:
        """A channel in which the bot may post."""
        return self._keep(Channel(self, self.new_group_id(), title))

    def fail_next(
        self,
        method: str,
        kind: Kind,
        times: float = 1,
        *,
        chat: Chat | None = None,
        retry_after: int = 1,
        to: int = 0,
        code: int = 400,
        description: str = "Bad Request: can't parse entities: Unsupported start tag",
    ) -> None:
        """Let the next requests of this method fail (`math.inf` of them: until `heal`), of one chat or of all.

        `retry_after` is for a flood, `to` for a migration, `code` and `description` for an error of your own.
        """
        self._faults.append(Fault(method, kind, times, chat, retry_after, to, code, description))

    def heal(self) -> None:
        """Let nothing fail any more."""
        self._faults.clear()

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue an update for the bot; its number."""
        number = self._next_update
        self._next_update += 1
        if not self._allowed or kind in self._allowed:
            self._updates[number] = {"update_id": number, kind: payload}
        self.ring()
        return number

    def is_confirmed(self, update_id: int) -> bool:
        """Whether the bot has acknowledged the update."""
        return update_id not in self._updates

    @property
    def waiting(self) -> list[int]:
        """The updates that the bot has not acknowledged."""
        return list(self._updates)

    def number(self) -> int:
        """A number that was not used before."""
        return next(self._numbers)

    def new_group_id(self) -> int:
        """An identifier as groups have them."""
        return -1_001_000_000_000 - self.number()

    def member(self, person: Person, status: str) -> dict[str, Any]:
        """Somebody's standing in a chat, as the API shows it."""
        user = person.as_json()
        if person is self.bot:
            user |= {"is_bot": True, "username": self.username}
        more: dict[str, dict[str, Any]] = {
            "administrator": dict(_RIGHTS),
            "creator": {"is_anonymous": False},
            "kicked": {"until_date": 0},
        }
        return {"status": status, "user": user} | more.get(status, {})

    # The Bot API.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        self.counts[method] += 1
        if self.record:
            self.calls.append(Call(method, given, time.time()))
        self.ring()
        if request.match_info["token"] != self.token:
            well_formed = request.match_info["token"].partition(":")[0].isdecimal()
            return refusal(Refused(401, "Unauthorized") if well_formed else Refused(404, "Not Found"))
        form = given if request.content_type == "application/json" else self._schema.read(method, given)
        self.violations += self._schema.faults(method, form)
        fault = self._fault(method, given)
        try:
            if fault is not None and fault.kind != "drop_after":
                return await fail(fault, request)
            result = await self._perform(method, Parameters(given))
        except Refused as refused:
            answer = refusal(refused)
        else:
            answer = web.json_response({"ok": True, "result": result})
        self.ring()
        if fault is not None and fault.kind == "drop_after":
            return drop(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        return answer

    async def _perform(self, method: str, given: Parameters) -> Any:
        match method:
            case "getUpdates":
                return await self._get_updates(given)
            case "getMe":
                return self.member(self.bot, "member")["user"]
            case "sendMessage":
                return self._send_message(given)
            case "sendDocument":
                return self._send_document(given)
            case "getFile":
                file_id = given.text("file_id")
                if file_id not in self.files:
                    raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
                return self._file(file_id) | {"file_path": f"documents/{file_id}"}
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edit(given, text=method == "editMessageText")
            case "getChatMember":
                chat = self._chat(given)
                return self.member(self._person(given), self._status(chat, given.integer("user_id")))
            case "getChatAdministrators":
                chat = self._chat(given)
                admins = chat.admins if isinstance(chat, GroupChat) else []
                return [self.member(admin, self._status(chat, admin.id)) for admin in admins]
            case "setMyCommands":
                self.commands = [(one["command"], one.get("description", "")) for one in given.json("commands")]
            case "deleteWebhook":
                self.webhook = False
                if given.flag("drop_pending_updates"):
                    self._updates.clear()
            case "answerCallbackQuery":
                pass
            case "sendChatAction":
                self._chat(given)
            case _:
                raise Refused(404, "Not Found: method not found")
        return True

    async def _get_updates(self, given: Parameters) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None:
            self._poll.set()
        replaced = self._poll = asyncio.Event()
        try:
            return await self._wait_for_updates(given, replaced)
        finally:
            if self._poll is replaced:
                self._poll = None

    async def _wait_for_updates(self, given: Parameters, replaced: asyncio.Event) -> list[dict[str, Any]]:
        offset = given.integer("offset") or 0
        if offset < 0:
            offset = min(list(self._updates)[offset:], default=0)
        for number in [number for number in self._updates if number < offset]:
            del self._updates[number]
        self._allowed = given.json("allowed_updates") or self._allowed
        self.ring()
        patience = (given.integer("timeout") or 0) if self.polls_long else 0
        await self.until(lambda: bool(self._updates) or replaced.is_set(), patience)
        if replaced.is_set():
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return list(self._updates.values())[: min(given.integer("limit") or 100, 100)]

    def _send_message(self, given: Parameters, said: str = "text", document: bytes | None = None) -> dict[str, Any]:
        chat = self._chat(given)
        text, entities = _formatted(given, said, 4096 if document is None else 1024)
        buttons = _buttons(given)
        thread = given.integer("message_thread_id")
        if thread is not None and chat.topics.get(thread, "deleted") != "open":
            closed = chat.topics.get(thread) == "closed"
            raise Refused(400, "Bad Request: TOPIC_CLOSED" if closed else "Bad Request: message thread not found")
        reply = given.json("reply_parameters") or {}
        message = Received(
            id=self.number(),
            text=text,
            markup=given.text(said),
            entities=entities,
            buttons=buttons,
            silent=given.flag("disable_notification"),
            reply_to=reply.get("message_id"),
            topic=str(thread or ""),
            at=time.time(),
            document=document,
        )
        chat.arrivals.append(message.at)
        if self.record:
            chat.received.append(message)
        return self._shown(chat, message)

    def file(self, name: str, content: bytes) -> dict[str, Any]:
        """A document that somebody has uploaded, as a message shows it."""
        file_id = f"file{self.number()}"
        self.files[file_id] = content
        return self._file(file_id) | {"file_name": name}

    def _file(self, file_id: str) -> dict[str, Any]:
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(self.files[file_id])}

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content)

    def _send_document(self, given: Parameters) -> dict[str, Any]:
        return self._send_message(given, "caption", given.text("document").encode("latin-1"))

    def _edit(self, given: Parameters, *, text: bool) -> Any:
        chat = self._chat(given)
        new, entities = _formatted(given) if text else ("", ())
        buttons = _buttons(given)
        if not self.record:
            return True
        number = given.integer("message_id")
        message = next((one for one in chat.received if one.id == number), None)
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if not text:
            new, entities = message.text, message.entities
        if (new, entities, buttons) == (message.text, message.entities, message.buttons):
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        message.text, message.entities, message.buttons = new, entities, buttons
        message.markup = given.text("text") or message.markup
        message.edits += 1
        return self._shown(chat, message)

    def _shown(self, chat: Chat, message: Received) -> dict[str, Any]:
        shown = chat.message(self.bot, message.text, message_id=message.id)
        return shown | ({"message_thread_id": int(message.topic), "is_topic_message": True} if message.topic else {})

    def _chat(self, given: Parameters) -> Chat:
        number = given.integer("chat_id")
        if number in self.migrated:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated[number],
            )
        chat = self.chats.get(number or 0)
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.refusal:
            raise Refused(*chat.refusal)
        return chat

    def _person(self, given: Parameters) -> Person:
        return Person(given.integer("user_id") or 0, "Somebody")

    def _status(self, chat: Chat, user: int | None) -> str:
        admins = [admin.id for admin in chat.admins] if isinstance(chat, GroupChat) else []
        if user not in admins:
            return "member"
        return "creator" if user == admins[0] else "administrator"

    def _fault(self, method: str, given: dict[str, Any]) -> Fault | None:
        for fault in self._faults:
            if fault.method == method and fault.chat in (
                None,
                self.chats.get(Parameters(given).integer("chat_id") or 0),
            ):
                fault.times -= 1
                if fault.times < 1:
                    self._faults.remove(fault)
                return fault
        return None

    def _keep(self, chat: OneChat) -> OneChat:
        self.chats[chat.id] = chat
        return chat


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        given = await request.json()
        return given if isinstance(given, dict) else {}
    posted = await request.post()
    files = {name: one.file.read().decode("latin-1") for name, one in posted.items() if isinstance(one, web.FileField)}
    fields = {name: str(value) for name, value in posted.items() if name not in files}
    return {**request.query, **{name: files.get(text.removeprefix("attach://"), text) for name, text in fields.items()}}


def _formatted(given: Parameters, said: str = "text", most: int = 4096) -> tuple[str, tuple[Entity, ...]]:
    text = given.text(said)
    entities: tuple[Entity, ...] = ()
    mode = given.text("parse_mode")
    if mode.lower() == "html":
        try:
            text, entities = parse(text)
        except CannotParse as broken:
            raise Refused(400, f"Bad Request: can't parse entities: {broken}") from None
    elif mode:
        raise Refused(400, "Bad Request: unsupported parse_mode")
    if not text.strip(" \n\t\u200b\u200c\u200d\u2060\ufeff\xa0"):
        raise Refused(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * most:
        raise Refused(
            400, "Bad Request: message is too long" if said == "text" else "Bad Request: message caption is too long"
        )
    return text, entities


def _buttons(given: Parameters) -> tuple[tuple[Button, ...], ...]:
    markup = given.json("reply_markup") or {}
    rows = tuple(
        tuple(Button(one.get("text", ""), one.get("callback_data", "")) for one in row)
        for row in markup.get("inline_keyboard", ())
    )
    for button in itertools.chain.from_iterable(rows):
        if not button.label:
            raise Refused(400, "Bad Request: inline keyboard button text must be non-empty")
        if not 1 <= len(button.action.encode("utf-8", "ignore")) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows
