"""A box around a submission: no network, no files of ours, no more than its share.

`bubblewrap` builds the box, `warm` forks the kernel that enters it, `provisioner` is how
jupyter_client finds both, `watch` keeps the limits that the kernel of the system does not.
docs/decisions/0008 says why it is built this way.
"""
