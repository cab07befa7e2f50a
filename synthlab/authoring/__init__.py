"""The making of the course: sources, notebooks, translations, and the proof that they agree."""
