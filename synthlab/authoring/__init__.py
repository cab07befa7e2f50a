"""How the course is made: sources, notebooks, translations, and the proof that they agree."""
