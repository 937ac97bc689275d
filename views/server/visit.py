"""A page that is open: whose it is, asked again at every message, and what it was told."""

from typing import Final

from starlette.types import Message, Receive, Scope, Send

from access.identity import Identity
from views.server import messages
from views.server.guard import Guard

NOT_SIGNED_IN: Final = 4401
"""Code with which the websocket of whoever has no session ends."""


class Visit:
    """
    A page that is open.

    Parameters
    ----------
    guard : Guard
        Knows who asks.
    identity : Identity
        Whose page it is.
    scope : Scope
        Of its websocket.
    sign_in : str
        Path of the page where one signs in.
    """

    def __init__(self, guard: Guard, identity: Identity, scope: Scope, sign_in: str) -> None:
        self._guard, self._identity, self._scope = guard, identity, scope
        self._sign_in = sign_in

    def receiving(self, receive: Receive, send: Send) -> Receive:
        """Return a `receive` that ends with the first message after the session is over."""

        async def received() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            is_use = messages.is_deed(message["bytes"])
            now = await self._guard.identity(self._scope, is_use=is_use)
            if now is not None and now.account == self._identity.account:
                self._identity = now
                return {**message, "bytes": messages.telling_all(message["bytes"])}
            away = messages.leading_to(self._sign_in)
            await send({"type": "websocket.send", "bytes": away})
            await send({"type": "websocket.close", "code": NOT_SIGNED_IN})
            return {"type": "websocket.disconnect", "code": NOT_SIGNED_IN}

        return received

    def telling(self, send: Send) -> Send:
        """Return a `send` that notes which addresses the page was told."""

        async def told(message: Message) -> None:
            if message["type"] == "websocket.send" and message.get("bytes"):
                self._guard.note_told(self._identity, message["bytes"])
            await send(message)

        return told
