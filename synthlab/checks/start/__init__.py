"""The checks of unit ``start``: a module holds the questions of one subject."""
