"""The checks of unit ``gan``: a module holds the questions of one subject."""
