"""Hostile notebooks, and a proof for each that it does nothing: the test-suite of the sandbox.

Every attack (`attack.Attack`) is one notebook of the GAN exercise with a mechanism of its own. It
is judged twice:

- **All defences on.** It must get exactly the points that its honest part earned; the honest part
  stands behind the attack, so it also shows that the rest of the notebook is still graded. No file
  outside changes, no process stays, the verdicts are valid JSON in a valid notebook.
- **Its one defence off** (`attack.Off`). It must *succeed*: points are forged, a canary is read, a
  file is written, a connection is accepted, a limit that was raised a little is not reached. An
  attack that fails without the defence proves nothing, and is a dud.

What is switched off is a wall of the sandbox (`Walls`), a limit (`Limits`), a bound of the judge's
(patched for one run), the repair of notebooks, the secrecy of the seed, or the judge itself: then
check cells run in the kernel, as in stock nbgrader, in the form that an instructor writes there
(`Off.stock`). Where two defences stand behind one another, both are named and switched off.

Everything that an attack reaches for was made for this one run (`scene.Scene`): a classroom with a
gradebook, a secret and another student's work, listeners on the loopback, a process, a segment of
shared memory. No attack touches anything else of the machine, sandboxed or not, and none runs
without a limit.

One module a family; `corpus.ATTACKS` has them all. `python -m tests.attacks ID` judges one attack
both ways and prints what came of it.
"""
