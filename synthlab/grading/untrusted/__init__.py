"""Untrusted notebooks, made harmless for formgrader and the feedback.

nbgrader's pages put a notebook's HTML into the page as it stands: a ``<script>`` in an output
or in a Markdown answer runs as the instructor, and can call the server. Templates also trust
what no notebook editor writes: an image's ``width``, an ``execution_count`` that is text, a
cell's tags. So nothing is taken over that is not known:

- a cell and its outputs are built anew, from the fields that the format knows and within
  bounds (`cells`, `outputs`);
- text keeps letters, and colours in a terminal (`text`);
- HTML, and the HTML that Markdown becomes, keeps an allowlist of tags and attributes, through
  nh3 (`markup`, `prose`);
- what a check cell shows is rendered anew, by us, from the verdict's data (`verdicts`).
"""
