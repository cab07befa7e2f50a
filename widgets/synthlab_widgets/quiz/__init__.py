"""Quiz: a question of the lesson that is judged at once."""

from synthlab_widgets.quiz.widget import Quiz

__all__ = ["Quiz"]
