"""Messages of a kernel that nobody trusts: looked at before they are parsed.

Three bytes of JSON make an object of sixty, so a message of a hundred megabytes costs the grader
gigabytes and seconds, in one call that nothing can interrupt.
"""

from __future__ import annotations

from typing import Any

from jupyter_client.session import Session
from traitlets import Integer

#: Stands as the type of a message that was too large to be parsed.
OVERSIZED = "synthlab_oversized"
#: Bytes of header, parent and metadata together; they take some hundreds.
_FRAME = 100_000


class BoundedSession(Session):
    """A session of the grader's, which does not parse what is larger than a cell's output."""

    most = Integer(help="Bytes of the largest content that is parsed.")

    def deserialize(
        self, msg_list: list[Any], content: bool = True, copy: bool = True
    ) -> dict[str, Any]:
        """A message from its parts, or `OVERSIZED` in its place.

        Raises:
            ValueError: When the parts that say what the message is are too large themselves.
        """
        if sum(len(part) for part in msg_list[1:4]) > _FRAME:
            raise ValueError("a message whose header is too large")
        large = len(msg_list) > 4 and len(msg_list[4]) > self.most
        message = super().deserialize(msg_list, content and not large, copy)
        if large:
            message["msg_type"] = message["header"]["msg_type"] = OVERSIZED
            message["content"] = {}
        return message
