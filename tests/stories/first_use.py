"""What somebody sees who types sting for the first time, or types it wrong."""
from story import Story

with Story("help lists what works, and mistakes are told in one line") as story:
    overview = story.sting("--help")
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
