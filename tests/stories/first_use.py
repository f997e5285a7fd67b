"""What somebody sees who types sting for the first time, or types it wrong."""
from story import Story

with Story("help lists what works, and mistakes are told in one line") as story:
    overview = story.sting("--help")
    story.check(story.sting("-h").out == overview.out, "-h says the same")
    story.check(story.sting("--version").out == story.sting("version").out,
                "--version is understood")
    names = [line.split("  ")[1].strip() for line in overview.out.splitlines()
             if line.startswith("  ")]
    story.check(names, "sting --help lists commands")
    for name in names:
        text = story.sting(*name.split(), "--help").out
        story.check(text.startswith("usage: sting " + name),
                    "sting %s --help begins with its usage" % name, text)
    wrong = story.sting("wach", code=1)
    story.check(wrong.err.startswith("sting: wach: ")
                and wrong.err.count("\n") == 1 and not wrong.out,
                "a command that does not exist is one line on stderr", wrong)
    for words, meant in [("trce", "trace"), ("drl", "drill"),
                         ("bait strenght", "bait strength")]:
        wrong = story.sting(*words.split(), code=1)
        story.check(wrong.err == "sting: %s: there is no such command: did you "
                    "mean sting %s?\n" % (words, meant) and not wrong.out,
                    "%s: what was meant is told" % words, wrong)
    family = [name for name in names if name.startswith("bait ")]
    alone = story.sting("bait", code=1)
    asked = story.sting("bait", "--help")
    story.check(family == [line.split("  ")[1].strip() for line in
                           alone.err.splitlines() if line.startswith("  ")]
                and alone.err == asked.out and not alone.out,
                "bait alone tells what can follow it, and all of that", alone)
