"""What one person's identity opens of a folder: for stories of operations that
keep names from him."""
import os
import pty
import subprocess


def identity_of(story, op):
    """The first person's identity in clear, as Debian's age gives it."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("age", ["age", "-d", "-o", story.path("plain-identity"),
                          op + "/keys/identity"])
    os.read(terminal, 1024)
    os.write(terminal, story.PASSPHRASE.encode() + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass
    os.waitpid(child, 0)
    return story.path("plain-identity")


def all_that_opens(op, identity, known=()):
    """Everything in the folder that this identity opens, and as it is; but of
    files that are `known`."""
    for at, _, names in os.walk(op):
        for name in names:
            path = os.path.join(at, name)
            if not os.path.isfile(path) or path in known:
                continue
            done = subprocess.run(["age", "-d", "-i", identity, path],
                                  capture_output=True, check=False)
            if done.returncode == 0:
                yield path, done.stdout
            with open(path, "rb") as file:
                yield path, file.read()
