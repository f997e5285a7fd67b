"""What leaves the operation: a cut that carries nothing but its pictures, and
a dossier on which hostile words stay words. Checked by Debian's ffmpeg."""
import json
import os
import re

from story import Story

MASK = (0.5, 0.5, 0.25, 0.25)  # parts of the picture


def streams(story, path):
    got = story.run("ffprobe", "-v", "error", "-of", "json", "-show_streams",
                    "-show_format", path)
    return json.loads(got.out)


def masked_levels(story, path, width, height):
    """Least and greatest luma inside the mask asked for, over all pictures."""
    x, y, w, h = (int(part * size) for part, size in
                  zip(MASK, (width, height) * 2))
    raw = story.run("ffmpeg", "-v", "error", "-i", path, "-vf",
                    "crop=%d:%d:%d:%d" % (w & ~1, h & ~1, x, y), "-pix_fmt",
                    "gray", "-vsync", "passthrough", "-f", "rawvideo",
                    "-").bytes
    return len(raw) // ((w & ~1) * (h & ~1)), min(raw), max(raw)


with Story("what is given out holds nothing that was not asked for") as story:
    op = story.operation()
    port = story.free_port()
    scene = story.sting_start("drill", "--camera", "127.0.0.1:%d" % port,
                              "--quiet", "13", "--seed", "3")
    scene.wait_line(r"^listening", 60)
    kept = re.sub(r"^(?:cameras|alerts|quiet_s):.*\n(?:[ #].*\n)*", "",
                  open(op + "/operation.yaml", encoding="utf-8").read(),
                  flags=re.M)
    with open(op + "/operation.yaml", "w", encoding="utf-8") as config:
        config.write(kept + "\ncameras:\n  - name: garage\n"
                     "    url: rtsp://127.0.0.1:%d/garage\nquiet_s: 60\n" % port)
    station = story.sting_start("run", op)
    station.wait_line(r"INCIDENT 1\b", 60)
    scene.wait_line(r"^gone", 60)
    story.sting("log", op, "</td><script>alert(1)</script>",
                "--by", "<b>Workshop</b>")
    early = story.sting("release", op, "--incident", "1", "--out",
                        story.path("early.mp4"),
                        *story.keys_for("a test"), code=2)
    story.check("not over" in early.err,
                "an incident that goes on is not cut by accident", early)
    story.check(station.stop() == 0, "the station ends in order")

    cut = story.path("cut.mp4")
    told = story.sting("release", op, "--incident", "1", "--mask",
                       ",".join(map(str, MASK)), "--out", cut, "--json",
                       *story.keys_for("the press asks"),
                       seconds=200).json()[0]
    seen = streams(story, cut)
    story.check(len(seen["streams"]) == 1
                and seen["streams"][0]["codec_name"] == "h264",
                "the cut has one stream, of pictures", seen)
    tags = {**seen["format"].get("tags", {}),
            **seen["streams"][0].get("tags", {})}
    story.check(not set(tags) & {"encoder", "creation_time", "title",
                                 "handler_name", "comment"},
                "it names no program and no date", tags)
    with open(cut, "rb") as file:
        data = file.read()
    story.check(not re.search(rb"x264|Lavf|Lavc|edts|garage|GStreamer", data),
                "no string in it tells where it comes from")
    frames, least, most = masked_levels(story, cut,
                                        seen["streams"][0]["width"],
                                        seen["streams"][0]["height"])
    story.check(frames == told["frames"],
                "it has the %d pictures that were told" % frames, told)
    story.check(most - least <= 2 and most <= 20,
                "attack 31: every masked pixel is the same black on all of them, "
                "no ghost of what moved under it",
                (least, most))
    words = open(told["text"], encoding="utf-8").read()
    ledger = open(op + "/evidence/ledger", encoding="utf-8").read()
    story.check(told["sha256"] in words and told["sha256"] in ledger,
                "the text and the ledger name the cut by its hash")
    digests = re.findall(r"^  ct ([0-9a-f]{64})$", words, re.M)
    story.check(digests and all("ct=" + one in ledger for one in digests),
                "each source that the text names stands in the ledger")
    line = re.search(r"^\d+ \S+ \S+ release .*$", ledger, re.M)[0]
    text_sha256 = story.run("sha256sum", told["text"]).out.split()[0]
    story.check(" pt=" + text_sha256 in line and " masks=1" in line,
                "the release line holds the hash of the text, which lists the "
                "filled areas", (line, text_sha256))
    for edit in (lambda text: re.sub(r"Filled with black.*?around\.\n", "",
                                     text, flags=re.S),
                 lambda text: text.replace("50.0 % from the left",
                                           "40.0 % from the left")):
        story.write("edited.txt", edit(words))
        edited = story.run("sha256sum", story.path("edited.txt"))
        story.check(edited.out.split()[0] not in line
                    and edit(words) != words,
                    "attack 33: an edited list of areas is not the line's")
    shown = story.run("sha256sum", cut).out.split()[0]
    story.check(shown == told["sha256"], "sha256sum agrees")
    again = story.sting("release", op, "--incident", "1", "--out", cut,
                        *story.keys_for("without areas"), code=2)
    story.check("there already" in again.err
                and story.run("sha256sum", cut).out.split()[0] == shown
                and "without" not in open(op + "/evidence/ledger").read(),
                "a cut that was given out is not replaced by another", again)
    wrong = story.sting("release", op, "--incident", "1", "--mask", "2,0,1,1",
                        "--out", cut, *story.keys_for("a test"), code=1)
    story.check("no area" in wrong.err, "a mask outside the picture is refused")
    story.sting("release", op, "--incident", "9", "--out",
                story.path("no.mp4"), *story.keys_for("a test"), code=2)

    page = story.path("dossier.html")
    paper = story.path("dossier.pdf")
    story.sting("dossier", op, "--out", page, "--out", paper,
                *story.keys_for("the court asks"))
    text = open(page, encoding="utf-8").read()
    film = story.path("look.mp4")
    story.sting("unlock", op, "--incident", "1", "--out", film,
                *story.keys_for("a look"))
    for path, words in ((paper, ("dossier", op, "--out", story.path("new.html"),
                                 "--out", paper)),
                        (film, ("unlock", op, "--incident", "1", "--out",
                                film))):
        before = story.run("sha256sum", path).out
        again = story.sting(*words, *story.keys_for("without a line"), code=2)
        story.check("there already" in again.err
                    and story.run("sha256sum", path).out == before
                    and not os.path.exists(story.path("new.html"))
                    and "without" not in open(op + "/evidence/ledger").read(),
                    "what %s gave out is not replaced" % words[0], again)
    story.check("<script" not in text and "&lt;script&gt;" in text
                and "<b>Workshop" not in text,
                "hostile words stay words in the dossier")
    story.check(text.count('src="data:image/jpeg;base64,') >= 4
                and not re.search(r'(?:src|href)="(?!data:)', text),
                "its pictures are inside it, and nothing is fetched")
    story.check(">INTACT" in text, "it tells the verdict")
    words = " ".join(story.run("pdftotext", "-layout", paper, "-").out.split())
    with open(paper, "rb") as file:
        data = file.read()
    story.check("<script>alert(1)</script>" in words and "INTACT" in words
                and not re.search(rb"/(?:JavaScript|JS|URI|Launch)\b", data),
                "the paper says the same, and nothing in it acts")
    story.check(len(story.run("pdfimages", "-list", paper).out.splitlines())
                >= 6, "and shows the same pictures")
    story.sting("verify", op)
