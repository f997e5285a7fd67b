"""One thread of a process is stopped and no other, as a decoder that goes round
in circles would be. There is no signal for that, but a debugger can."""
import ctypes
import os
import re
import sys

from story import SKIPPED, wait_for

PTRACE_INTERRUPT, PTRACE_SEIZE, PTRACE_DETACH = 0x4207, 0x4206, 17
WALL = 0x40000000  # waits for threads too


def threads_of(pid):
    """Those of a process which did not begin it; none of one that is gone."""
    try:
        return [int(tid) for tid in os.listdir("/proc/%d/task" % pid)
                if int(tid) != pid]
    except FileNotFoundError:
        return []


def _trace(request, tid):
    call = ctypes.CDLL(None, use_errno=True).ptrace
    call.argtypes = [ctypes.c_long] * 4
    return call(request, tid, 0, 0) == 0


def thread_stop(pid, but=()):
    """Stop the one that is none of `but`, and give it."""
    other = [tid for tid in threads_of(pid) if tid not in but]
    if len(other) != 1:
        raise RuntimeError("threads of the worker: %s" % other)
    return _stop(pid, other[0])


def youngest_stop(pid):
    """Stop the one that began last, and give it."""
    return _stop(pid, max(threads_of(pid)))


def _stop(pid, tid):
    for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
        if not _trace(request, tid):
            print("no thread may be stopped here: %s"
                  % os.strerror(ctypes.get_errno()))
            sys.exit(SKIPPED)
    state = wait_for(lambda: re.search(
        r"^State:\s+t", open("/proc/%d/task/%d/status" % (pid, tid),
                             encoding="ascii").read(), re.M), 5)
    if not state:
        raise RuntimeError("the thread did not stop")
    return tid


def thread_go_on(tid):
    _trace(PTRACE_DETACH, tid)


def thread_bury(tid):
    """One that ended with its process: who stopped it has to ask for it, else
    nobody is told that the process ended."""
    try:
        return os.waitpid(tid, WALL | os.WNOHANG)[0] == tid
    except ChildProcessError:
        return True
