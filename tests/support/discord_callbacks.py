"""How the bot answers, on the stand-in for Discord, what people do."""

from typing import Any

from . import discord_faults as faults
from . import discord_schema
from .discord_chats import LOADING, Received
from .discord_faults import Refused
from .discord_interactions import (
    AUTOCOMPLETION,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Choice,
    File,
    Interaction,
)
from .discord_messages import Messages
from .discord_requests import Asked, allow


class Callbacks(Messages):
    """The operations on interactions."""

    def _create_interaction_response(self, asked: Asked) -> Any:
        interaction = self.interactions.get(asked.path["interaction_token"])
        if interaction is None or str(interaction.id) != asked.path["interaction_id"] or interaction.expired:
            raise Refused(*faults.UNKNOWN_INTERACTION)
        if interaction.acknowledgement is not None:
            raise Refused(*faults.ACKNOWLEDGED_ALREADY)
        kind, data = asked.fields.get("type"), asked.fields.get("data") or {}
        if (kind == AUTOCOMPLETION) != (interaction.kind == 4):
            raise Refused(*faults.INVALID_FORM, errors={"type": "This is no answer to such an interaction"})
        match kind:
            case 4 | 5:
                interaction.pending = kind == DEFERRED
                if kind == MESSAGE:
                    self._check(data, asked.files, within="data.")
                body = data if kind == MESSAGE else {"flags": data.get("flags", 0) | LOADING}
                interaction.original = self._answer(interaction, body, asked.files)
            case 6 | 7:
                if interaction.message is None:
                    raise Refused(*faults.INVALID_FORM, errors={"type": "This interaction has no message to update"})
                interaction.original = interaction.message
                interaction.pending = kind == DEFERRED_UPDATE
                if kind == UPDATE:
                    self._change(interaction.message, data, asked.files)
                    interaction.settle(interaction.message)
            case 8:
                choices = data.get("choices") or []
                allow(discord_schema.choice_errors(choices))
                interaction.choices = [Choice(one["name"], one["value"]) for one in choices]
            case 9:
                interaction.modal = data
            case _:
                raise Refused(*faults.INVALID_FORM, errors={"type": "Value must be one of 4 to 9"})
        interaction.acknowledgement = kind
        if asked.query.get("with_response", "").lower() not in {"true", "1"}:
            return None
        shown: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
        result: dict[str, Any] = {"interaction": shown}
        if interaction.original is not None and kind not in {AUTOCOMPLETION, MODAL}:
            shown |= {
                "response_message_id": str(interaction.original.id),
                "response_message_loading": kind == DEFERRED,
                "response_message_ephemeral": interaction.original.ephemeral,
            }
            result["resource"] = {"type": kind, "message": interaction.original.as_json()}
        return result

    def _answer(self, interaction: Interaction, body: dict[str, Any], files: dict[str, File]) -> Received:
        message = self._message(interaction.place, body, files, interaction)
        if not message.flags & LOADING:
            interaction.answers[message.id] = message
        if not message.ephemeral:
            interaction.place.keep(message)
        return message

    def _execute_webhook(self, asked: Asked) -> Any:
        interaction = self._interaction(asked)
        self._check(asked.fields, asked.files)
        if interaction.pending and interaction.original is not None and interaction.acknowledgement == DEFERRED:
            # The first thing that is said after a deferral takes its place, and is seen by whom this was for.
            return self._settle(interaction, interaction.original, asked)
        interaction.pending = False
        interaction.follow_ups += 1
        if interaction.is_foreign and interaction.follow_ups > 5:
            raise Refused(*faults.TOO_MANY_FOLLOW_UPS)
        return self._answer(interaction, asked.fields, asked.files).as_json()

    def _settle(self, interaction: Interaction, message: Received, asked: Asked) -> Any:
        message.flags &= ~LOADING
        self._change(message, asked.fields, asked.files)
        interaction.settle(message)
        return message.as_json()

    def _get_original_webhook_message(self, asked: Asked) -> Any:
        return self._of_interaction(asked)[1].as_json()

    def _update_original_webhook_message(self, asked: Asked) -> Any:
        interaction, message = self._of_interaction(asked)
        self._check(asked.fields, asked.files, old=message)
        return self._settle(interaction, message, asked)

    def _delete_original_webhook_message(self, asked: Asked) -> None:
        interaction, message = self._of_interaction(asked)
        interaction.pending = False
        interaction.answers.pop(message.id, None)
        message.delete()

    _get_webhook_message = _get_original_webhook_message
    _update_webhook_message = _update_original_webhook_message
    _delete_webhook_message = _delete_original_webhook_message

    def _interaction(self, asked: Asked) -> Interaction:
        interaction = self.interactions.get(asked.path["webhook_token"])
        if interaction is None or asked.path["webhook_id"] != str(self.bot.id):
            raise Refused(*faults.UNKNOWN_WEBHOOK)
        if interaction.expired:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if interaction.acknowledgement is None:
            raise Refused(*faults.UNKNOWN_WEBHOOK)
        return interaction

    def _of_interaction(self, asked: Asked) -> tuple[Interaction, Received]:
        interaction = self._interaction(asked)
        message = interaction.original
        if "message_id" in asked.path and (message is None or message.id != asked.number("message_id")):
            message = interaction.answers.get(asked.number("message_id"))
        if message is None:
            raise Refused(*faults.UNKNOWN_MESSAGE)
        return interaction, message
