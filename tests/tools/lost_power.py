"""Every state in which lost power can leave an operation, and what sting must
say of each.

`libdisk_record.so` wrote down what a run did to its folder. After the first k
calls the power goes. What was synced is there; of the rest each 512-byte
sector of a file, and each change of a folder, is there or not. A rename is
there whole or not at all. `states()` builds these for every k:

    issued    everything that was asked for
    synced    only what was synced
    names     the folders are as asked for, unsynced bytes and lengths are not
    zeros     the lengths too, the bytes are zero
    data      the bytes are there, unsynced changes of folders are not
    torn      the last unsynced write of each file ends at a sector's border
    mixed     a random choice, sector by sector, change by change

This is harsher than file systems with a journal are: they keep changes of
folders in order. Standard library only.
"""
import hashlib
import os
import random
import shutil

SECTOR = 512
MODES = ("issued", "synced", "names", "zeros", "data", "torn", "mixed")
LEFT_OUT = ("lock", "core.sock", "catalog.db")  # not part of what is kept


def read_record(path):
    """The calls of a record: (us, name, words, data)."""
    with open(path, "rb") as file:
        text = file.read()
    at, calls = 0, []
    while at < len(text):
        end = text.index(b"\n", at)
        us, name, rest = text[at:end].decode().split(" ", 2)
        at, data = end + 1, b""
        if name == "write":
            size = int(rest.split(" ")[2])
            data, at = text[at:at + size], at + size
        calls.append((int(us), name, rest, data))
    return calls


def sectors(offset, data):
    """A write in pieces that a disk writes whole."""
    while data:
        size = SECTOR - offset % SECTOR
        yield offset, data[:size]
        offset, data = offset + size, data[size:]


class Bytes:
    """One file's content: what is synced, and what is asked for since."""

    def __init__(self, content=b""):
        self.synced, self.pending = content, []

    def sync(self):
        self.synced, self.pending = self.issued(), []

    @staticmethod
    def _apply(content, step):
        kind, offset, data = step
        if kind == "truncate":
            return content[:offset] + bytes(max(0, offset - len(content)))
        content += bytes(max(0, offset - len(content)))
        return content[:offset] + data + content[offset + len(data):]

    def issued(self):
        content = self.synced
        for step in self.pending:
            content = self._apply(content, step)
        return content

    def zeros(self):
        return self.synced + bytes(max(0, len(self.issued())
                                       - len(self.synced)))

    def torn(self, chance):
        content = self.synced
        for step in self.pending[:-1]:
            content = self._apply(content, step)
        if self.pending and self.pending[-1][0] == "write":
            _, offset, data = self.pending[-1]
            pieces = list(sectors(offset, data))
            for piece in pieces[:chance.randrange(len(pieces))]:
                content = self._apply(content, ("write",) + piece)
        return content

    def mixed(self, chance):
        content = self.synced
        for kind, offset, data in self.pending:
            if kind == "truncate":
                if chance.random() < 0.5:
                    content = self._apply(content, (kind, offset, data))
                continue
            for piece in sectors(offset, data):
                if chance.random() < 0.5:
                    content = self._apply(content, ("write",) + piece)
        whole = len(self.issued())
        if chance.random() < 0.5:  # the length is that of the whole
            content = content[:whole] + bytes(max(0, whole - len(content)))
        return content


class Disk:
    """A folder as it is asked for and as it is synced."""

    def __init__(self, folder):
        self.file, self.names, self.pending = {}, {}, {}
        for at, folders, files in os.walk(folder):
            below = os.path.relpath(at, folder)
            below = "" if below == "." else below
            for name in folders:
                self.names[os.path.join(below, name)] = "folder"
            for name in files:
                path = os.path.join(below, name)
                if path not in LEFT_OUT:
                    with open(os.path.join(folder, path), "rb") as file:
                        content = file.read()
                    self.file["old " + path] = Bytes(content)
                    self.names[path] = "old " + path
        self.issued_names = dict(self.names)
        self.inode, self.made = {}, 0  # of the record -> ours

    def _change(self, change):
        """Names set (to an inode or None) at once, in one folder."""
        folder = os.path.dirname(next(iter(change)))
        self.pending.setdefault(folder, []).append(change)
        self._set(self.issued_names, change)

    @staticmethod
    def _set(names, change):
        for path, inode in change.items():
            if inode is None:
                names.pop(path, None)
            else:
                names[path] = inode

    def take(self, call):
        """One call of the record. False: it changed nothing here."""
        _, name, rest, data = call
        if name == "create":
            inode, path = rest.split(" ", 1)
            if path in LEFT_OUT:
                return False
            self.made += 1
            self.inode[inode] = "new %d" % self.made
            self.file[self.inode[inode]] = Bytes()
            self._change({path: self.inode[inode]})
        elif name == "open":
            inode, path = rest.split(" ", 1)
            self.inode[inode] = self.issued_names.get(path)
            return False
        elif name in ("write", "truncate", "sync"):
            words = rest.split(" ")
            file = self.file.get(self.inode.get(words[0]))
            if file is None:
                return False
            if name == "sync":
                file.sync()
            else:
                file.pending.append((name, int(words[1]), data))
        elif name == "rename":
            old, new = rest.split("\t")
            self._change({old: None, new: self.issued_names[old]})
        elif name == "unlink":
            if rest not in self.issued_names:
                return False
            self._change({rest: None})
        elif name == "mkdir":
            self._change({rest: "folder"})
        elif name == "syncdir":
            for change in self.pending.pop(rest, []):
                self._set(self.names, change)
        return True

    def _names(self, mode, chance):
        names = dict(self.names)
        for changes in self.pending.values():
            if mode in ("synced", "data"):
                continue
            keep = changes
            if mode == "mixed" and chance.random() < 0.5:
                keep = changes[:chance.randrange(len(changes) + 1)]
            elif mode == "mixed":
                keep = [one for one in changes if chance.random() < 0.5]
            for change in keep:
                self._set(names, change)
        return names

    def state(self, mode, chance):
        """{path: bytes, or None for a folder}."""
        names, built = self._names(mode, chance), {}
        for path, inode in names.items():
            above = os.path.dirname(path)
            if above and not _is_reached(above, names):
                continue
            built[path] = None if inode == "folder" else {
                "issued": lambda f: f.issued(), "data": lambda f: f.issued(),
                "synced": lambda f: f.synced, "names": lambda f: f.synced,
                "zeros": lambda f: f.zeros(),
                "torn": lambda f: f.torn(chance),
                "mixed": lambda f: f.mixed(chance),
            }[mode](self.file[inode])
        return built


def _is_reached(path, names):
    while path:
        if names.get(path) != "folder":
            return False
        path = os.path.dirname(path)
    return True


def digest_of_state(state, known):
    """`known` keeps digests of contents that stay the same."""
    told = hashlib.sha256()
    for path in sorted(state):
        content, digest = state[path], b"/"
        if content is not None:
            if id(content) not in known:
                known[id(content)] = (content,
                                      hashlib.sha256(content).digest())
            digest = known[id(content)][1]
        told.update(path.encode() + b"\0" + digest)
    return told.hexdigest()


def write_state(state, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o700)
    for path in sorted(state):
        if state[path] is None:
            os.mkdir(os.path.join(folder, path), 0o700)
    for path, content in state.items():
        if content is not None:
            with open(os.path.join(folder, path), "wb") as file:
                file.write(content)


def states(folder, calls, seed, mixed=2):
    """(k, moment in us, mode, state, disk) of every different state, k the
    number of calls done; the moment is that of the next one, the worst."""
    disk, seen, known = Disk(folder), set(), {}
    for k in range(len(calls) + 1):
        if k and not disk.take(calls[k - 1]):
            continue
        moment = calls[min(k, len(calls) - 1)][0]
        if len(known) > 4096:  # torn contents, of no further use
            known.clear()
        for mode in MODES[:-1] + (MODES[-1],) * mixed:
            chance = random.Random("%s %d %s %d" % (seed, k, mode, len(seen)))
            state = disk.state(mode, chance)
            told = digest_of_state(state, known)
            if told not in seen:
                seen.add(told)
                yield k, moment, mode, state, disk
