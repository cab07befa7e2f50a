"""Parts that the checks of several units are made of, each named after what it is."""
