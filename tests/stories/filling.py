"""A disk that is filled up."""
import os


def free_mb(folder):
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize / 1e6


def fill(path, leave_mb):
    """Take all but so many MB, or all there is, and keep what was taken."""
    block = b"\0" * 100000
    with open(path, "ab", buffering=0) as file:
        try:
            while free_mb(os.path.dirname(path)) > leave_mb:
                if file.write(block) < len(block):
                    return
        except OSError:
            return
