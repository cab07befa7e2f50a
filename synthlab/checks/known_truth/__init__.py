"""The checks of unit ``known-truth``: a module holds the questions of one subject."""
