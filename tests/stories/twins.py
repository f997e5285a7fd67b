"""A document registered twice: each copy is named by its own registration."""
from story import Story


def issue(story, op, name, count):
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                name)
    lines = story.sting(
        "bait", "issue", op, name, "--to",
        *["%s-%d" % (name, n) for n in range(1, count + 1)], "--out",
        story.path(name), "--json", *story.keys()).json()
    return {line["holder"]: line for line in lines}


def photograph(story, pdf, page, setting, seed):
    out = story.path("%d-%s-%d.jpg" % (page, setting, seed))
    story.sting("drill", "--photograph", pdf, "--page", page, "--setting",
                setting, "--seed", seed, "--out", out)
    return out


with Story("pages that look alike are told apart by their marks") as story:
    op = story.operation()
    shed, house = issue(story, op, "shed", 5), issue(story, op, "house", 9)

    def traced(pictures, code):
        return story.sting("trace", op, *pictures, "--json", *story.keys(),
                           code=code, seconds=200).json()

    pictures = []
    for seed, (row, holder, other) in enumerate((
            (shed["shed-3"], "shed-3", "house"),
            (house["house-8"], "house-8", "shed")), 31):
        picture = photograph(story, row["file"], 2, "half-light", seed)
        pictures.append(picture)
        line, = traced([picture], 0)
        story.check(line["verdict"] == "attributed"
                    and line["copy"] == row["copy"]
                    and line["issued_to"] == holder
                    and line["bait"] == row["bait"],
                    "the copy of %s is named" % holder, line)
        story.check([(one["bait"], one["page"], one["log10_lr"] < 3)
                     for one in line["alike"]] == [(other, 2, True)]
                    and line["alike_left"] == 0 and line["tried"] >= 14,
                    "the other registration was scored and paid for", line)
        story.check(line["run"] == seed - 30,
                    "a page registered twice is one question", line)

    file = house["house-2"]["file"]
    *lines, whole = traced([photograph(story, file, page, "half-light", 40)
                            for page in (1, 5)], 0)
    story.check([(line["bait"], line["issued_to"]) for line in lines]
                == [("house", "house-2")] * 2 and whole["picture"] is None
                and whole["issued_to"] == "house-2"
                and whole["page_list"] == [1, 5],
                "pages of one registration are judged together", whole)

    pictures.append(photograph(story, file, 5, "half-light", 40))
    for pair, holders in ((pictures[:2], ["shed-3", "house-8"]),
                          (pictures[::2], ["shed-3", "house-2"])):
        lines = traced(pair, 0)
        story.check([line["issued_to"] for line in lines] == holders
                    and all(line["picture"] for line in lines),
                    "what one registration names is not judged together with "
                    "what the other names, on one page or on two", lines)

    unmarked = photograph(story, story.sample("water-tank.pdf"), 2,
                          "half-light", 35)
    line, = traced([unmarked], 3)
    story.check(line["verdict"] == "none" and line["copy"] is None
                and line["words"] == "unmoved" and len(line["alike"]) == 1,
                "the unmarked original is no copy of either", line)
    words = story.sting("trace", op, unmarked, *story.keys(), code=3)
    story.check("Looks the same and was scored too: page 2 of" in words.out,
                "and it is said that two registered pages look like it", words)
    story.check(story.sting("verify", op).code == 0,
                "and the record of all this is intact")
