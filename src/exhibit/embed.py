#!/usr/bin/env python3
"""embed.py OUT.c FILE...: files as C arrays, and scripts.h's functions."""
import os
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write('#include "exhibit/scripts.h"\n')
    for path in sys.argv[2:]:
        name = os.path.basename(path).lower().replace(".", "_")
        with open(path, "rb") as file:
            body = file.read()
        out.write("\nstatic const uint8_t %s[] = {" % name)
        for i, byte in enumerate(body):
            out.write("%s%d," % ("\n    " if i % 16 == 0 else "", byte))
        out.write("\n};\n\nstruct bytes exhibit_%s(void)\n{\n"
                  "    return (struct bytes){%s, sizeof %s};\n}\n"
                  % (name, name, name))
