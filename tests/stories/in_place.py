"""A pipe, a link, a socket, a folder or a gigabyte of zeros stands where a file
of an operation belongs: each command says in a line what it is, why it does
not go on and what to do; none hangs, and none takes it into memory.
"""
import os
import re
import shutil
import subprocess
import time

from exhibit_changes import listener, zeros
from story import Story

MOST_KB = 200 * 1024  # the program itself takes about 100 MB
SECONDS = 100

KINDS = {
    "a pipe": os.mkfifo,
    "a symbolic link": lambda path: os.symlink("/etc/hostname", path),
    "a socket": listener,
    "a folder": os.mkdir,
    "a gigabyte": zeros,
}


def places(op):
    """Name, path, and what else it may be without being refused."""
    notes = "evidence/checkpoints/" + os.listdir(
        op + "/evidence/checkpoints")[0]
    return [("a file of checkpoints", notes, ()),
            ("the checkpoints", "evidence/checkpoints", ("a folder",)),
            ("the ledger", "evidence/ledger", ()),
            ("the evidence", "evidence", ("a folder",)),
            # A link to a file that is one is read as that file.
            ("operation.yaml", "operation.yaml", ("a symbolic link",))]


def measured(words):
    """Exit code, what it said, and the most memory it took, in kB."""
    begun = time.time()
    child = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True)
    try:
        out, _ = child.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, 9)
        child.communicate()
        return None, "it hangs", 0
    peak = re.search(r"^PEAK (\d+)$", out.decode("utf-8", "replace"), re.M)
    return (child.returncode, re.sub(r"PEAK \d+\n", "", out.decode(
        "utf-8", "replace")), int(peak[1]), time.time() - begun)[:3]


PEAK = ("import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:]).returncode\n"
        "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN)"
        ".ru_maxrss, flush=True)\nsys.exit(code)")


def commands(story, office, there):
    """Of those that read evidence: words, and the codes that refuse."""
    who = ("--by", "the gardener", "--reason", "the season is over")
    return [(("verify", there), (12, 13)), (("run", there), (2,)),
            (("log", there, "the tank was looked at"), (2,)),
            (("import", office, there, "--name", "shed", "--fingerprint",
              "0" * 64, *who), (2, 3))]


def is_told(command, path, kind, said):
    """One line that names the thing and what to do."""
    line = [one for one in said.split("\n") if one.strip()][:1]
    if path.endswith(".notes") and command in ("run", "log"):
        # A writer passes over it, as over all that anybody puts there, and
        # is left without a checkpoint.
        return bool(line) and "no checkpoint signs the beginning" in line[
            0] and ": put evidence/checkpoints back" in line[0]
    if kind == "a gigabyte" and path not in ("evidence",
                                             "evidence/checkpoints"):
        # It is a file: refused for what is in it.
        return bool(line) and bool(re.search(
            r"bytes|malformed|genesis|checkpoint", line[0]))
    shown = "a file" if kind == "a gigabyte" else kind
    # "... is a pipe, not a file", "neither a file nor a folder"
    wanted = "%s is %s, n" % (os.path.basename(path), shown)
    return bool(line) and wanted in line[0] and re.search(
        r": (put|look|take)", line[0]) is not None


def try_all(story, op, office):
    there, tried = story.path("op-changed"), 0
    for name, path, fine in places(op):
        for kind, make in KINDS.items():
            if kind in fine:
                continue
            for words, codes in commands(story, office, there):
                if path == "operation.yaml" and words[0] == "verify":
                    continue  # no evidence: told as changed
                shutil.rmtree(there, ignore_errors=True)
                subprocess.run(["cp", "-a", op, there], check=True)
                at = os.path.join(there, path)
                (shutil.rmtree if os.path.isdir(at) else os.unlink)(at)
                make(at)
                code, said, peak = measured(
                    ["python3", "-c", PEAK, story.binary, *words])
                tried += 1
                if not (code in codes and peak < MOST_KB and is_told(
                        words[0], path, kind, said)):
                    story.check(False, "%s for %s: sting %s says so" % (
                        kind, name, words[0]), (code, peak, said))
    story.check(tried == 84, "what stands in place of a file or a folder is "
                "named, and no command hangs or takes it in", tried)


def main():
    with Story("what stands in place of evidence is named") as story:
        op, office = story.operation(), story.operation("office")
        story.sting("log", op, "the tank was looked at", "--by",
                    "the gardener")
        try_all(story, op, office)


if __name__ == "__main__":
    main()
