"""Flow control: who is watching, and when the next frame may go.

The browser acknowledges what it has painted, and at most two frames are under way. So a slow
browser gets fewer frames instead of a growing queue, and training never waits. (The algorithm is
jupyter_rfb's; that the browser answers to every second frame is ours: docs/decisions/0007.)
"""

from __future__ import annotations

#: Seconds from one frame to the next: thirty a second, and two more for those that meet in the
#: browser between two paintings.
FRAME = 1 / 32
#: The share of the time that making frames may take: training comes first.
SHARE = 0.2
#: Frames that may be under way.
IN_FLIGHT = 2
#: Without an acknowledgement for this long, another cell probably keeps the kernel from
#: hearing any; frames then go out slowly instead of never.
PATIENCE = 1.0
#: Seconds between two frames that nobody acknowledges.
SLOW = 0.5
#: Seconds without a word from any view after which nobody is taken to be there. Views speak
#: every 20 seconds; browsers let a hidden page speak once a minute.
ABANDONED = 150.0

VISIBLE, HIDDEN = "visible", "hidden"


class Flow:
    """The views of one widget and the frames under way to them. It does not read the clock."""

    def __init__(self) -> None:
        self._views: dict[str, bool] = {}  # by the view's name: is it visible?
        self._sent = -1  # the number of the last frame that went out
        self._painted = -1  # the number of the last one that was acknowledged
        self._sent_at = -PATIENCE
        self._heard_at = -PATIENCE
        self._due = 0.0  # when the next may go, if the browser keeps up
        self._word_at = 0.0  # when a view last said anything

    @property
    def watched(self) -> bool:
        """Whether there is any view, visible or not."""
        return bool(self._views)

    def appear(self, view: str, now: float) -> None:
        """A view came up, or came back into sight: it gets the newest frame at once."""
        self._word_at = now
        if self._views.get(view):
            return  # it says again that it is there
        self._views[view] = True
        self._painted, self._heard_at, self._due = self._sent, now, now

    def hide(self, view: str, now: float) -> None:
        """A view went out of sight: no frames for it."""
        self._word_at = now
        self._views[view] = False

    def leave(self, view: str) -> None:
        """A view is gone for good."""
        self._views.pop(view, None)

    def forget(self) -> None:
        """No view is there any more."""
        self._views.clear()

    def patience(self, now: float) -> float:
        """Seconds until the views count as gone if they say nothing."""
        return max(0.001, self._word_at + ABANDONED - now)

    def abandoned(self, now: float) -> bool:
        """Whether there are views that have said nothing for too long: their page is gone."""
        return self.watched and now >= self._word_at + ABANDONED

    def sent(self, index: int, now: float, cost: float = 0.0) -> None:
        """A frame went out, and making it took ``cost`` seconds.

        Frames keep time: one that goes late does not put off those after it, as long as two are
        not closer than half an interval.
        """
        interval = max(FRAME, cost / SHARE)
        self._sent, self._sent_at = index, now
        self._due = max(self._due + interval, now + interval / 2)

    def painted(self, view: str, index: int, now: float) -> None:
        """A view acknowledged a frame."""
        self._views.setdefault(view, True)
        self._word_at = now
        self._painted, self._heard_at = max(self._painted, min(index, self._sent)), now

    def delay(self, now: float) -> float | None:
        """Seconds until a frame may go: 0 for now, None for not before something changes."""
        if not any(self._views.values()):
            return None
        if self._sent - self._painted < IN_FLIGHT:
            due = self._due
        else:
            due = max(self._heard_at + PATIENCE, self._sent_at + SLOW)
        return max(0.0, due - now)
