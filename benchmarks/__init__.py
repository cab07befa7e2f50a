"""Measurements: ``python -m benchmarks NAME [--json FILE]``.

Each module here whose name does not begin with an underscore is a benchmark. It defines
``measure(options) -> Iterable[Row]``, ``add_options(parser)`` when it takes any, and
``STRICT = True`` when a missed goal makes the exit status 1.
"""
