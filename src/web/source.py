#!/usr/bin/env python3
"""source.py ROOT ARCHIVE.tar.gz TABLE.c DEPENDENCIES: the source that this
program is built of, as one archive inside it. The same tree gives the same
bytes: no times, owners or orders of this machine are in it."""
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile

NAME = "sting"
LEFT_OUT = {".git", "node_modules", "__pycache__"}


def kept_by_git(root):
    """All files but those that are ignored; None where git cannot say."""
    try:
        told = subprocess.run(["git", "-C", root, "ls-files", "-z", "-co",
                               "--exclude-standard"], check=True,
                              capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return {os.fsdecode(one) for one in told.split(b"\0") if one}


def found(root):
    """The same without git: all that lies in no folder of a build."""
    for top, folders, names in os.walk(root):
        folders[:] = [one for one in folders if one not in LEFT_OUT and not
                      os.path.exists(os.path.join(top, one, "build.ninja"))]
        for name in names:
            yield os.path.relpath(os.path.join(top, name), root)


def files(root):
    return sorted(one for one in kept_by_git(root) or found(root)
                  if os.path.isfile(os.path.join(root, one)))


def archive(root, names):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in names:
            path = os.path.join(root, name)
            entry = tarfile.TarInfo(NAME + "/" + name)
            entry.size = os.path.getsize(path)
            entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
            with open(path, "rb") as file:
                tar.addfile(entry, file)
    return gzip.compress(packed.getvalue(), 6, mtime=0)


TABLE = """#include "web/console.h"

/* %(sha256)s */
extern const uint8_t sting_source[%(size)d];
__asm__(".pushsection .rodata\\n"
        ".global sting_source\\n"
        "sting_source:\\n"
        ".incbin \\"%(path)s\\"\\n"
        ".popsection\\n");

const struct page_file page_source = {"/source.tar.gz", "application/gzip",
                                      sting_source, sizeof sting_source,
                                      "\\"%(tag)s\\""};
"""


def main(root, out, table, dependencies):
    names = files(root)
    packed = archive(root, names)
    sha256 = hashlib.sha256(packed).hexdigest()
    with open(out, "wb") as file:
        file.write(packed)
    with open(table, "w", encoding="utf-8") as file:
        file.write(TABLE % {"sha256": sha256, "tag": sha256[:24],
                            "size": len(packed), "path": os.path.abspath(out)})
    with open(dependencies, "w", encoding="utf-8") as file:
        file.write("%s: %s\n" % (table, " ".join(
            os.path.join(root, name).replace(" ", "\\ ") for name in names)))


if __name__ == "__main__":
    main(*sys.argv[1:])
