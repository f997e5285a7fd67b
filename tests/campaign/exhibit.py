"""Every change that the story of exhibits knows, before all three verifiers:
the whole matrix, of which `make test` tries a sample."""
import os
import subprocess
import sys

import ground

STORY = os.path.join(ground.ROOT, "tests", "stories", "exhibit.py")
STANDIN = os.path.join(ground.BUILD, "tests", "standin", "sting-standin")
RESULTS = os.path.join(ground.ROOT, "docs", "results", "exhibit.md")

if __name__ == "__main__":
    sys.exit(subprocess.run([sys.executable, STORY, "--write", RESULTS],
                            env=dict(os.environ, STING=ground.STING,
                                     STANDIN=STANDIN),
                            check=False).returncode)
