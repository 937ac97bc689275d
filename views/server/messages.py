"""Messages of the page's websocket: which a browser may send, and what it need not be told."""

from typing import Final

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MOST_BYTES: Final = 2_000_000
"""The largest message of a browser that is read."""

_LONGEST_QUERY: Final = 8_000  # characters
_WANTED: Final = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
_OPERATIONS: Final = {"deferred_file", "dataframe_chunk"}  # a download made when asked for, rows


def is_wanted(frame: bytes) -> bool:
    """
    Return whether a page needs the message.

    Refused are those that act on the whole server or tell of it: emptying the caches, running on
    save, git, debugging, installing; a query that no address has; and what is no message.
    """
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _WANTED and len(message.rerun_script.query_string) <= _LONGEST_QUERY


def is_deed(frame: bytes) -> bool:
    """Return whether a person does something by a message, not a page that is merely open."""
    message = BackMsg()
    message.ParseFromString(frame)
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun


def telling_all(frame: bytes) -> bytes:
    """
    Return a message of a browser that leaves the server to tell everything.

    A browser says which messages it has kept, and gets their names alone: the gate would not see
    which addresses are told, and give none of their data after a restart.
    """
    message = BackMsg()
    message.ParseFromString(frame)
    if not message.rerun_script.cached_message_hashes:
        return frame
    message.rerun_script.ClearField("cached_message_hashes")
    return bytes(message.SerializeToString())


def leading_to(address: str) -> bytes:
    """Return the message by which a browser leaves its page for `address`."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    return bytes(message.SerializeToString())


def without_path(frame: bytes, path: bytes) -> bytes:
    """
    Return a message to a browser without the script's path.

    Parameters
    ----------
    frame : bytes
        A serialized `ForwardMsg`.
    path : bytes
        The path in UTF-8. Only messages that hold it are read: others are many and large.
    """
    if path not in frame:
        return frame
    message = ForwardMsg()
    message.ParseFromString(frame)
    message.new_session.main_script_path = ""
    return bytes(message.SerializeToString())
