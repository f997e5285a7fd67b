#!/usr/bin/env python3
"""embed.py OUT.c FILE...: the files of the page as C arrays in a table."""
import hashlib
import os
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

with open(sys.argv[1], "w", encoding="ascii") as out:
    rows = []
    out.write('#include <string.h>\n\n#include "web/console.h"\n')
    for i, path in enumerate(sorted(sys.argv[2:], key=os.path.basename)):
        name = os.path.basename(path)
        with open(path, "rb") as file:
            body = file.read()
        out.write("\nstatic const uint8_t file_%d[] = {" % i)
        for at, byte in enumerate(body):
            out.write("%s%d," % ("\n    " if at % 16 == 0 else "", byte))
        out.write("\n};\n")
        address = "/" if name == "index.html" else "/page/" + name
        rows.append('    {"%s", "%s", file_%d, sizeof file_%d, "\\"%s\\""},'
                    % (address, TYPES[os.path.splitext(name)[1]], i, i,
                       hashlib.sha256(body).hexdigest()[:24]))
    out.write("\nstatic const struct page_file file[] = {\n%s\n};\n"
              % "\n".join(rows))
    out.write("""
const struct page_file *page_file_find(const char *path)
{
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        if (!strcmp(file[i].path, path)) {
            return &file[i];
        }
    }
    return strcmp(path, page_source.path) ? NULL : &page_source;
}
""")
