"""make install and make deb: what is put where, manual pages that say what the
commands say, a unit that systemd takes, a package that unpacks and runs."""
import os
import re
import shutil

from story import ROOT, Story


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def manual(story, to):
    listed = [line for line in story.sting("--help").out.splitlines()
              if line.startswith("  ")]
    names = [re.match(r"  (\S+(?: \S+)?)\s\s", line).group(1)
             for line in listed]
    story.check(len(names) > 30, "there are commands: %d" % len(names))
    for name in names:
        page = os.path.join(to, "share/man/man1/sting-%s.1"
                            % name.replace(" ", "-"))
        story_page = story.run("groff", "-man", "-Tutf8", "-P-c", "-P-b",
                               "-P-o", "-P-u", "-rLL=200n", "-ww",
                               page)
        said = squeezed(story_page.out)
        lines = story.sting(*name.split(), "--help").out.splitlines()
        lost = [line for line in lines if squeezed(line) not in said]
        if lost or story_page.err:
            story.check(False, "the page of %s says all that --help says"
                        % name, (lost[:3], story_page.err[:300]))
    story.check(True, "each has a page that says what its --help says")


def completion(story, to):
    script = os.path.join(to, "share/bash-completion/completions/sting")

    def complete(*words):
        return story.run(
            "bash", "-c", 'PATH=$1:$PATH; . "$2"; shift 2; COMP_WORDS=("$@"); '
            'COMP_CWORD=$(($# - 1)); _sting; echo "${COMPREPLY[*]}"', "bash",
            os.path.join(to, "bin"), script, "sting", *words).out.split()
    story.check("verify" in complete("ver"), "commands are completed")
    story.check("issue" in complete("bait", "is"), "and their second words")
    story.check(set(complete("disarm", "--")) >= {"--until", "--by"},
                "and their options")


def unit(story, to):
    path = os.path.join(to, "lib/systemd/system/sting@.service")
    if not shutil.which("systemd-analyze"):
        return
    here = story.path("sting@tank.service")
    with open(path, encoding="ascii") as file:
        text = file.read()
    binary = re.search(r"^ExecStart=(\S+)", text, re.M).group(1)
    story.write("sting@tank.service", text.replace(binary, "/bin/true"))
    got = story.run("systemd-analyze", "verify", "--man=no", here, code=None)
    story.check(got.code == 0 and "sting@" not in got.err,
                "systemd takes the unit", got.err)
    got = story.run("systemd-analyze", "security", "--offline=true", here,
                    code=None)
    level = float(re.search(r"exposure level.*?: ([\d.]+)", got.out).group(1))
    story.check(level < 3, "its exposure is %.1f of 10" % level, got.out)


def devices(story, to):
    """url: /dev/video0 works as the unit is, and no other device is there."""
    with open(os.path.join(to, "lib/systemd/system/sting@.service"),
              encoding="ascii") as file:
        rows = [line.strip().partition("=") for line in file
                if not line.startswith("#")]
    got = {key: [value for name, _, value in rows if name == key]
           for key in ("PrivateDevices", "DevicePolicy", "DeviceAllow",
                       "SupplementaryGroups", "CapabilityBoundingSet")}
    story.check(got == {"PrivateDevices": [], "DevicePolicy": ["closed"],
                        "DeviceAllow": ["char-video4linux rw"],
                        "SupplementaryGroups": ["video"],
                        "CapabilityBoundingSet": [""]},
                "it may use cameras at the machine, and no other device", got)


def package(story):
    got = story.run(os.path.join(ROOT, "tools/deb.sh"), story.binary,
                    story.path("out"))
    deb = re.search(r"'?(\S+\.deb)'?\.?$", got.out.strip()).group(1).strip("'")
    info = story.run("dpkg-deb", "-f", deb).out
    for library in ("libcurl4", "libmosquitto1", "libsqlite3-0", "libssl3"):
        story.check(library in info, "the package needs %s" % library, info)
    story.run("dpkg-deb", "-x", deb, story.path("unpacked"))
    binary = story.path("unpacked/usr/bin/sting")
    story.check(story.run(binary, "version").out ==
                story.sting("version").out, "what it unpacks runs")
    unit_text = open(story.path(
        "unpacked/lib/systemd/system/sting@.service"
        if os.path.exists(story.path("unpacked/lib")) else
        "unpacked/usr/lib/systemd/system/sting@.service")).read()
    story.check("ExecStart=/usr/bin/sting run /var/lib/sting/%i" in unit_text,
                "its unit starts that binary")


with Story("sting is installed, described and packed") as told:
    told.run(os.path.join(ROOT, "tools/install.sh"), told.binary,
             told.path("root"), "/usr/local")
    place = told.path("root/usr/local")
    manual(told, place)
    completion(told, place)
    unit(told, place)
    devices(told, place)
    package(told)
