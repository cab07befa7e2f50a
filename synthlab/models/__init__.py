"""Generative models, one family a module: each reads in one sitting."""
