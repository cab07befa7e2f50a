"""PacGAN: the discriminator sees m points at once, so that it sees a lack of variety.

A generator that puts everything on one mode is perfect point by point. Two of its points side by
side give it away: real pairs lie on two modes seven times in eight (Lin et al. 2018, "PacGAN:
The power of two samples in generative adversarial networks").
"""

from __future__ import annotations

from torch import Tensor, nn

from synthlab.errors import SynthlabError


def pack(x: Tensor, m: int) -> Tensor:
    """Put m rows side by side: (B, d) -> (B / m, m · d).

    Raises:
        SynthlabError: When the rows do not come out even.
    """
    rows, width = x.shape
    if m < 1 or rows % m:
        raise SynthlabError(f"{rows} rows cannot be packed {m} at a time: choose a divisor.")
    return x.reshape(rows // m, m * width)


class Packed(nn.Module):
    """A discriminator of packs: (B, d) -> logits (B / m,). With m = 1 it is the net alone.

    Args:
        net: Maps (n, m · d) to logits (n,).
        m: Points in a pack.
    """

    def __init__(self, net: nn.Module, m: int) -> None:
        super().__init__()
        self.net, self.m = net, m

    def forward(self, x: Tensor) -> Tensor:
        """Pack the rows in their order, then apply the net."""
        logits: Tensor = self.net(pack(x, self.m))
        return logits
