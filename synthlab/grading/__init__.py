"""Grading of a class: a normal nbgrader course, its results and its report.

nbgrader stays the gradebook. Everything here works on a folder that nbgrader's own commands,
formgrader and exporters understand. What is added has a room each, from the bottom up: a sandbox
for the students' code; data that is `untrusted`, made harmless; the `intake` of submissions, which
repairs them; `judging`; the `gradebook`, where nbgrader's pipelines meet ours; and `results` that
a person can read. docs/decisions/0025 says why.
"""
