"""Another machine, emulated: Debian's kernel over this machine's files, to
read only, with what a story needs of hardware. Not fast, but real."""
import glob
import os
import platform
import sys

from story import SKIPPED

# Its time goes by what it has computed, so that a busy host makes it late and
# not slow: what it measures in seconds is true all the same.
CLOCK = ["-icount", "shift=0,sleep=on", "-rtc", "clock=vm"]
INIT = """#!/bin/sh
/bin/busybox mkdir -p /proc /dev /new
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in $(cat /modules); do
    insmod /mod/$module $(cat /options/$module 2>/dev/null)
done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 \\
    root /new
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 story /new/mnt
mount -t devtmpfs dev /new/dev
mount -t proc proc /new/proc
mount -t tmpfs tmp /new/media
mount -t sysfs sys /new/sys
TMPDIR=/media chroot /new /bin/sh /mnt/script
poweroff -f
"""


def packed(files):
    """An archive that a kernel unpacks at its start: cpio's newc."""
    out = bytearray()
    for number, (name, mode, data) in enumerate(
            files + [("TRAILER!!!", 0, b"")], 1):
        name = name.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name),
                  0]
        out += b"070701" + b"".join(b"%08X" % one for one in fields) + name
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return bytes(out)


def kernel_with(module):
    """Version of an installed kernel that has it; without one: skipped."""
    found = glob.glob("/lib/modules/*/kernel/**/%s.ko" % module,
                      recursive=True)
    for path in sorted(found, reverse=True):
        version = path.split("/")[3]
        if os.access("/boot/vmlinuz-" + version, os.R_OK):
            return version
    print("no kernel with %s is here: install linux-image-amd64" % module)
    sys.exit(SKIPPED)


def modules_for(version, wanted):
    """Paths of modules and what they need, in the order of loading."""
    folder = "/lib/modules/%s/" % version
    with open(folder + "modules.dep") as file:
        rows = dict(line.rstrip("\n").split(":", 1) for line in file)
    named = {os.path.basename(path)[:-3]: path for path in rows}
    order = []
    for path in [named[one] for one in wanted if one in named]:
        for one in reversed([path] + rows[path].split()):
            if one not in order:
                order.append(one)
    return [folder + one for one in order]


def initial(version, wanted, options):
    """What the kernel starts with: a shell, modules, and INIT."""
    files = [(name, 0o40755, b"") for name in ("bin", "mod", "options")]
    with open("/bin/busybox", "rb") as file:
        files.append(("bin/busybox", 0o100755, file.read()))
    files.append(("bin/sh", 0o120777, b"busybox"))
    names = []
    for path in modules_for(version, wanted):
        names.append(os.path.basename(path))
        with open(path, "rb") as file:
            files.append(("mod/" + names[-1], 0o100644, file.read()))
    for name, text in options.items():
        files.append(("options/%s.ko" % name, 0o100644, text.encode()))
    files.append(("modules", 0o100644, " ".join(names).encode()))
    return packed(files + [("init", 0o100755, INIT.encode())])


def machine_start(story, module, options, script):
    """Boot one with that module and have its shell run the script, which
    finds the story's folder at /mnt, and room to write at /media: a build
    may lie below /tmp. Its console is the process's stdout."""
    if platform.machine() != "x86_64" or not os.path.exists("/bin/busybox"):
        print("needs busybox-static and a machine of kind x86_64")
        sys.exit(SKIPPED)
    version = kernel_with(module)
    story.run("qemu-system-x86_64", "--version")
    story.write("script", script)
    start = story.write("initial", initial(
        version, ["virtio_pci", "9p", "9pnet_virtio", module],
        {module: options}))
    share = "local,security_model=none,multidevs=remap,"
    return story.start(
        "qemu-system-x86_64", "-accel", "tcg", "-m", "1024", *CLOCK,
        "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
        "-kernel", "/boot/vmlinuz-" + version, "-initrd", start,
        "-append", "console=ttyS0 quiet panic=-1 no_timer_check",
        "-virtfs", share + "path=/,mount_tag=root,readonly=on",
        "-virtfs", share + "path=%s,mount_tag=story" % story.folder)
