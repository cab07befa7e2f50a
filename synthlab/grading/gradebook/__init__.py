"""The gradebook: nbgrader's course folder, its database, its pipelines and our steps in them."""
