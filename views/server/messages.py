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
