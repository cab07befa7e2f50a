"""GanArena: watch, drive, rewind and compare the training of a GAN in the plane."""

from synthlab_widgets.gan_arena.widget import GanArena

__all__ = ["GanArena"]
