"""Names of earlier releases; see `synthlab.grading.gradebook.steps`."""
