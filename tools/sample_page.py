"""The page at the end of the sample sting: five pictures, one file."""
import base64
import glob
import html
import os
import re

STYLE = """
:root{--ink:#1c1b19;--soft:#6a675f;--line:#d8d4ca}
body{margin:0;background:#f4f2ec;color:var(--ink);
font:17px/1.5 Georgia,'Liberation Serif','DejaVu Serif',serif}
main{max-width:980px;margin:0 auto;padding:56px 24px 80px}
h1{font-size:34px;font-weight:600;margin:0 0 6px;line-height:1.15}
main>p{color:var(--soft);margin:0 0 40px;max-width:40em}
section{display:grid;grid-template-columns:2.2em 1fr;margin:0 0 52px}
h2{font-size:20px;font-weight:600;margin:0 0 10px;grid-column:2}
.n{font-size:20px;color:var(--soft)}
.body{grid-column:2}
img,video,object{display:block;width:100%;background:#1c1b19}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px;align-items:start}
.caption{color:var(--soft);font-size:15px;margin:8px 0 0}
.paper{height:1123px;width:794px;max-width:100%;overflow:hidden;
border:1px solid var(--line);background:#fff}
iframe{width:794px;height:1123px;border:0}
"""


def data(kind, path):
    with open(path, "rb") as file:
        return "data:%s;base64,%s" % (
            kind, base64.b64encode(file.read()).decode())


DAY_S = 86400


def figures(dossier):
    """The dossier's stills: (second of the UTC day, the data address)."""
    return [((int(hour) * 60 + int(minute)) * 60 + int(second), src)
            for src, hour, minute, second in re.findall(
                r'<figure><img alt="[^"]*" src="([^"]+)">\s*'
                r"<figcaption>[^<]*?(\d\d):(\d\d):(\d\d) UTC", dossier)]


def nearest(found, moment):
    def apart(one):
        far = abs(one[0] - moment) % DAY_S
        return min(far, DAY_S - far)
    return min(found, key=apart)[1]


def first_page(dossier):
    """The dossier up to its first incident's stills."""
    return dossier[:dossier.index("<h2>Incidents</h2>")] + "</body></html>"


def marked(sample):
    """The photographs with the marks drawn in, as trace drew them."""
    folder = sample.story.path("marks")
    for photo in sample.photo:
        name, = glob.glob(os.path.basename(photo) + "-????????.svg",
                          root_dir=folder)
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            yield "data:image/svg+xml;base64," + base64.b64encode(
                file.read().encode()).decode()


def section(number, title, body, caption):
    return ("<section><div class=n>%d</div><h2>%s</h2><div class=body>%s"
            "<p class=caption>%s</p></div></section>\n"
            % (number, html.escape(title), body, html.escape(caption)))


def write_page(sample):
    with open(sample.dossier, encoding="utf-8") as file:
        dossier = file.read()
    found = figures(dossier)
    taking = sample.event("photograph") or sample.incident_at
    team = sample.event("team") or sample.incident_at
    best = max(row["log10_lr"] for row in sample.findings)
    parts = [
        section(1, "Two figures photograph what lies on the table",
                '<img alt="two figures at a table" src="%s">'
                % nearest(found, taking + 1),
                "From the sealed recording of camera garage."),
        section(2, "The pages they took, with the marks drawn in",
                '<div class=two>%s</div>' % "".join(
                    '<img alt="a photographed page" src="%s">' % src
                    for src in marked(sample)),
                "Copy %d, issued to %s. The strongest page is at least "
                "10^%d times more probable if it derives from this copy."
                % (sample.findings[0]["copy"],
                   sample.findings[0]["issued_to"], int(best))),
        section(3, "The team comes in",
                '<img alt="two more figures in the room" src="%s">'
                % nearest(found, team + 2),
                "The alert was out %.1f s after the first figure came in."
                % (sample.incident_at - (sample.event("enter")
                                         or sample.incident_at))),
        section(4, "The first page of the dossier",
                '<div class=paper><iframe title="the dossier" sandbox '
                'srcdoc="%s"></iframe></div>'
                % html.escape(first_page(dossier), quote=True),
                "The whole: " + os.path.basename(sample.dossier)),
        section(5, "The press cut",
                '<video controls autoplay muted loop playsinline src="%s">'
                '</video>' % data("video/mp4", sample.cut),
                "Newly encoded, masked at the top left, without sound or "
                "metadata. Its sources: " + os.path.basename(sample.cut_text)),
    ]
    path = sample.story.path("five-pictures.html")
    with open(path, "w", encoding="utf-8") as out:
        out.write("<!doctype html>\n<html lang=en><meta charset=utf-8>"
                  "<title>A sample sting in five pictures</title>"
                  "<style>%s</style>\n<main><h1>A sample sting in five "
                  "pictures</h1><p>Six pages about a garden water tank lay on "
                  "a table in a half-lit garage. The scene is made up; every "
                  "picture went through the whole of sting.</p>\n%s"
                  "</main></html>\n" % (STYLE, "".join(parts)))
    return path
