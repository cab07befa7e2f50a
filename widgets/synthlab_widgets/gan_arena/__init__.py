"""GanArena: watch, drive, rewind and compare the training of a GAN in the plane."""

from synthlab_widgets.gan_arena.arena import GanArena

__all__ = ["GanArena"]
