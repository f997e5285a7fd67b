"""What may be there of a batch of copies, whenever its program died."""
import hashlib
import os


def read(path):
    with open(path, "rb") as file:
        return file.read()


def numbers(story, op):
    """Holder by holder, the numbers of the copies registered."""
    held = {}
    for entry in story.sting("bait", "list", op, *story.keys(),
                             "--json").json():
        if entry.get("copy"):
            held.setdefault(entry["holder"], []).append(entry["copy"])
    return held


def committed(op):
    """Digests of registers that the ledger's issue lines name."""
    return {word[9:] for line in read(os.path.join(op, "evidence", "ledger"))
            .decode().splitlines() if line.split()[3] == "issue"
            for word in line.split() if word.startswith("register=")}


def check_files(story, op, out):
    """Every folder with anything in it is of a holder whose copy stands."""
    held = numbers(story, op)
    for holder, copies in held.items():
        if len(copies) != 1:
            story.check(False, "%s has one number" % holder, copies)
    found = [name for name in (os.listdir(out) if os.path.isdir(out) else [])
             if os.listdir(os.path.join(out, name))]
    folder = os.path.join(op, "bait", "water-tank", "register")
    batches = [name for name in os.listdir(folder) if name.endswith(".age")]
    if found:
        named = committed(op)
        for name in batches:
            digest = hashlib.sha256(read(os.path.join(folder, name)))
            if digest.hexdigest() not in named:
                story.check(False, "%s is committed before a file" % name)
    for name in found:
        if name not in held:
            story.check(False, "%s is in the register" % name)
    return len(found)
