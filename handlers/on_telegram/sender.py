"""Sending to Telegram: one request per message, one outcome per request; it does not pace and does not retry."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import EditMessageText, GetFile, SendDocument, SendMessage
from aiogram.methods.base import TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientTimeout

from bot.domain.characters import clean
from bot.domain.chats import Address, Button, Message, Outcome, Sent
from bot.domain.rich import Text, bare, text_units, to_plain
from handlers.calls import Document
from handlers.on_telegram.html import PLACEHOLDER, fit, to_html
from handlers.on_telegram.outcomes import UNAUTHORIZED, Secret, classify, of_edit

Answer = TypeVar("Answer")

PLATFORM = "telegram"
SEND_DEADLINE = 30.0
_CONNECT_DEADLINE = 10.0


def is_group(address: Address) -> bool:
    """Whether Telegram counts this chat among groups and channels, which it allows fewer messages."""
    return address.chat.startswith("-")


class _Session(AiohttpSession):
    def __init__(self, api: TelegramAPIServer) -> None:
        # Each request has a deadline of its own; this one tells what never reached Telegram from what may have.
        timeout: Any = ClientTimeout(total=None, sock_connect=_CONNECT_DEADLINE)
        super().__init__(api=api, timeout=timeout)

    async def close(self) -> None:
        # aiogram's own sleeps for a quarter of a second after this, for what aiohttp now waits for itself.
        if self._session is not None:
            await self._session.close()


class Api:
    """The Bot API under one token: what aiogram gives, with a deadline on each request.

    A token that cannot be one is not refused here, as with aiogram, but on the first request, as Telegram would.
    """

    def __init__(self, token: str, api_url: str | None) -> None:
        self.secret = Secret(token)
        self._server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
        self._bot: Bot | None = None

    async def request(self, method: TelegramMethod[Answer], deadline: float) -> Answer:
        """Make one request.

        Raises:
            Exception: aiogram's and the network's own; `TimeoutError` after the deadline. They may hold the token.
        """
        async with asyncio.timeout(deadline):
            return await self.bot(method)

    async def download(self, file_id: str, most: int, deadline: float) -> bytes | None:
        """A file that somebody sent; None where it has more than `most` bytes. Raises as `request` does."""
        content = bytearray()
        async with asyncio.timeout(deadline):
            file = await self.bot(GetFile(file_id=file_id))
            url = self._server.file_url(self.secret.reveal(), file.file_path or "")
            async for chunk in self.bot.session.stream_content(url, timeout=int(deadline)):
                content += chunk
                if len(content) > most:
                    return None
        return bytes(content)

    @property
    def bot(self) -> Bot:
        """The bot as aiogram has it.

        Raises:
            TokenValidationError: the token is no token.
        """
        if self._bot is None:
            self._bot = Bot(self.secret.reveal(), _Session(self._server))
        return self._bot

    async def close(self) -> None:
        """Close the connections."""
        if self._bot is not None:
            await self._bot.session.close()


class TelegramSender:
    """The `Sender` of Telegram.

    `unauthorized` is set when Telegram refuses the token; the front that shares this sender looks into it.
    """

    def __init__(self, token: str, api_url: str | None = None, *, deadline: float = SEND_DEADLINE) -> None:
        self.api = Api(token, api_url)
        self.unauthorized = asyncio.Event()
        self._deadline = deadline

    async def send(self, address: Address, message: Message) -> Outcome:
        """Send a message; every failure is an outcome, no exception leaves but cancellation."""
        outcome = await self._outcome(_request, address, message)
        return outcome if isinstance(outcome, Outcome) else Sent(str(outcome.message_id))

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        """Let a message say this from now on; as for `send`, and `Missing` where there is nothing to edit."""
        outcome = await self._outcome(_edit, address, message, message_id)
        return of_edit(outcome, message_id) if isinstance(outcome, Outcome) else Sent(message_id)

    def units(self, text: Text) -> int:
        """See `bot.ports.Sender`: UTF-16 units of what is read, Telegram does not count markup."""
        return text_units(text)

    async def send_document(self, address: Address, message: Message, document: Document) -> Outcome:
        """Send a file with a message, which is short, as its caption; as for `send`."""
        outcome = await self._outcome(_with_document, address, message, document)
        return outcome if isinstance(outcome, Outcome) else Sent(str(outcome.message_id))

    async def _outcome(self, request: Callable[..., TelegramMethod[Answer]], *what: Any) -> Answer | Outcome:
        """What Telegram answers, or what it means that it did not."""
        try:
            return await self.api.request(request(*what), self._deadline)
        except TokenValidationError:
            outcome: Outcome = UNAUTHORIZED
        except Exception as error:  # noqa: BLE001 - whatever a library raises, the outbox needs an outcome
            outcome = classify(error, self.api.secret)
        if outcome == UNAUTHORIZED:
            self.unauthorized.set()
        return outcome

    async def close(self) -> None:
        """Close the connections; a send after that opens them again."""
        await self.api.close()


def _request(address: Address, message: Message) -> SendMessage:
    return SendMessage(chat_id=_chat_id(address), **_there(address, message), **_said(message))


def _with_document(address: Address, message: Message, document: Document) -> SendDocument:
    said = _said(message)
    return SendDocument(
        chat_id=_chat_id(address),
        document=BufferedInputFile(document.content, document.name),
        caption=said["text"],
        parse_mode=said["parse_mode"],
        **_there(address, message),
    )


def _edit(address: Address, message: Message, message_id: str) -> EditMessageText:
    return EditMessageText(chat_id=_chat_id(address), message_id=int(message_id), **_said(message))


def _there(address: Address, message: Message) -> dict[str, Any]:
    """Where and how loudly a message is said, as a request has it."""
    options: dict[str, Any] = {}
    if address.topic:
        options["message_thread_id"] = int(address.topic)
    if message.reply_to and message.reply_to.isdecimal():
        options["reply_parameters"] = ReplyParameters(
            message_id=int(message.reply_to), allow_sending_without_reply=True
        )
    if message.silent:
        options["disable_notification"] = True
    return options


def _said(message: Message) -> dict[str, Any]:
    """What a message says, as a request has it."""
    options: dict[str, Any] = {
        "text": to_plain(fit(bare(message.text))) if message.plain else to_html(message.text),
        "parse_mode": None if message.plain else "HTML",
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
    rows = [[_button(button) for button in row] for row in message.buttons if row]
    if rows:
        options["reply_markup"] = InlineKeyboardMarkup(inline_keyboard=rows)
    return options


def _chat_id(address: Address) -> int | str:
    return address.chat if address.chat.startswith("@") else int(address.chat)


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=clean(button.label) or PLACEHOLDER, callback_data=button.action)
