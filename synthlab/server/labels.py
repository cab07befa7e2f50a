"""Labels of the sidebar, the toolbar and the commands, in the catalogue ``lab``."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_, phrases

#: Domain of the catalogue.
DOMAIN = "lab"

LABELS: Mapping[str, str] = {
    # The sidebar
    "course": N_("Course"),
    "language": N_("Language of the course"),
    "lessons": N_("Lessons"),
    "lesson": N_("Lesson"),
    "exercise": N_("Exercise"),
    "not-begun": N_("not begun"),
    "begun": N_("begun"),
    "done": N_("done"),
    "minutes": N_("about {n} minute", "about {n} minutes"),
    "questions": N_("Questions"),
    "points": N_("{points} of {maximum} points"),
    "extra_points": N_("{points} of {maximum} extra points"),
    "by_person": N_("A person reads your answer."),
    "previous": N_("Previous"),
    "next": N_("Next"),
    "up_next": N_("Next: {title}"),
    "all_done": N_("You have done everything that a check can judge."),
    # Check
    "check": N_("Check my work"),
    "check_what": N_("Save, run everything in a fresh kernel, and show the results"),
    "checking": N_("Checking: {title}"),
    "starting": N_("A fresh kernel starts."),
    "in_sandbox": N_(
        "Checks run in a sandbox: without a network, and with no files but those beside the "
        "notebook. This message appears once."
    ),
    "no_sandbox": N_(
        "This machine has no sandbox, so checks run your notebook with your own rights. "
        "Linux with bubblewrap has one. This message appears once."
    ),
    "stop": N_("Stop checking"),
    "stopped": N_("You stopped the check."),
    "failed": N_("The check could not run: {message}"),
    "result": N_("{title}: {status}"),
    "all_right": N_("Everything is right: {right} of {all} questions."),
    "some_right": N_("{right} of {all} questions are right. Look at “{title}” first."),
    "raised": N_("A cell raised an error: {message}"),
    "correct": N_("Correct"),
    "partial": N_("Partly correct"),
    "incorrect": N_("Not correct yet"),
    "not-attempted": N_("Not attempted yet"),
    "error": N_("Error in your code"),
    "timeout": N_("Out of time"),
    "unchecked": N_("Not checked yet"),
    "filled_in": N_("“{title}”: your prediction from the lesson, {value}, is filled in."),
    # Hints
    "hint": N_("A hint"),
    "hint_for": N_("A hint for “{title}”"),
    "hint_more": N_("The method"),
    "hint_more_for": N_("The method for “{title}”"),
    "hints_seen": N_("Hints so far: {count}"),
    "no_hint": N_("Check your work first; then there is a hint for what is not right yet."),
    # A class's exchange
    "assignments": N_("Assignments of your class"),
    "no_assignments": N_("Nothing has been released yet."),
    "fetch": N_("Fetch"),
    "open": N_("Open"),
    "submit": N_("Hand in"),
    "feedback": N_("Fetch feedback"),
    "open_feedback": N_("Open the feedback"),
    "fetched": N_("“{title}” is here."),
    "submitted": N_("“{title}” was handed in: {time}. Your receipt: {receipt}"),
    "receipt": N_("Handed in: {time}. Receipt:"),
    "feedback_waiting": N_("there is feedback"),
    "feedback_fetched": N_("The feedback on “{title}” is here."),
    "no_feedback": N_("There is no feedback on “{title}” yet."),
    "nothing_to_fetch": N_("You have fetched everything that was released."),
    "no_assignment": N_("Open a notebook of an assignment that you have fetched."),
    "not_released": N_("This assignment is not in the exchange any more."),
    # Reset
    "reset": N_("Start this notebook anew"),
    "reset_what": N_(
        "Your answers go back to the beginning. Your work until now is kept in the folder "
        "“kept”, with the date."
    ),
    "reset_yes": N_("Start anew"),
    "reset_no": N_("Keep my work"),
    "reset_done": N_("Started anew. Your work until now is in {copy}."),
    # Glossary
    "glossary": N_("Glossary"),
    "find_term": N_("Find a term"),
    "english": N_("English"),
    "arabic": N_("Arabic"),
    "terms_found": N_("{n} term", "{n} terms"),
    # What is stored
    "stored": N_("What is stored about me"),
    "stored_where": N_("One file on this machine, {file}. Nothing of it is sent anywhere."),
    "stored_nothing": N_("Nothing is stored."),
    "stored_delete": N_("Delete it"),
    "stored_sure": N_("Your checks, hints, answers and your place are forgotten."),
    "stored_yes": N_("Delete"),
    "stored_no": N_("Keep it"),
    "stored_deleted": N_("Deleted."),
    # Toolbar and commands
    "show_course": N_("Show the course"),
    "switch": N_("Notebook in {language}"),
    "switched": N_("This notebook is now in {language}."),
    "direction": N_("Text direction"),
    "to_rtl": N_("Text from right to left"),
    "to_ltr": N_("Text from left to right"),
    "no_workspace": N_(
        "There is no course in this folder. The command “synthlab lab my-course” makes one."
    ),
    "no_notebook": N_("Open a notebook of the course first."),
    "trouble": N_("This did not work: {message}"),
    "again": N_("Try again"),
}


def labels(language: str) -> dict[str, str]:
    """All of them, in a language."""
    return phrases(DOMAIN, LABELS, language)
