"""The checks of unit ``mode-collapse``: a module holds the questions of one subject."""
