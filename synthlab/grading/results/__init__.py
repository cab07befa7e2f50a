"""Results of a class: records, the reasons for missing points, the table and the report."""
