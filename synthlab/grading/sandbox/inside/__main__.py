"""A submission's kernel without a sandbox: ``python -m …sandbox.inside -f FILE``."""

from ipykernel.kernelapp import IPKernelApp

from synthlab.grading.sandbox.inside.kernel import SubmissionKernel

IPKernelApp.launch_instance(kernel_class=SubmissionKernel)
