"""The inside of a sandbox, beside the student's code: the kernel, and what stands for the judge.

These modules are part of the library that a sandbox shows. They hold no answer and no verdict.
"""
