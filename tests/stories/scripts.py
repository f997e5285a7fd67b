"""Pages in other scripts name their copy from a photograph in half light.

Hebrew, Devanagari, Tamil and Thai as Chromium prints them, which places Thai
sign by sign.
"""
import html
import random
import subprocess

from story import Story

HOLDERS = ["gardener-%d" % n for n in range(1, 6)]
# language, font, which way, where the water of a garden tank comes from.
PAGES = [
    ("he", "DejaVu Sans", "rtl",
     "המים במיכל שבגינה באים מן הגשם. המיכל עומד על במת עץ ומתחתיו ברז. "
     "בקיץ אנו משקים את הצמחים בכל ערב. רשת מונעת מן העלים ליפול פנימה. "
     "לפני החורף מרוקנים את המיכל ומנקים אותו."),
    ("hi", "Lohit Devanagari", "ltr",
     "बगीचे की टंकी में पानी बारिश से आता है। टंकी लकड़ी के एक चबूतरे पर रखी है "
     "और उसके नीचे एक नल लगा है। गर्मियों में हम हर शाम पौधों को पानी देते हैं। "
     "पत्तियों को रोकने के लिए जाली लगाई गई है।"),
    ("ta", "Lohit Tamil", "ltr",
     "தோட்டத்து தொட்டியில் மழை நீர் சேர்கிறது. தொட்டி மர மேடையில் "
     "வைக்கப்பட்டுள்ளது. கோடையில் தினமும் மாலையில் செடிகளுக்கு நீர் "
     "ஊற்றுகிறோம். இலைகள் விழாமல் இருக்க வலை போடப்பட்டுள்ளது."),
]
THAI = [(
    "th", "Garuda", "ltr",
    "ถังน้ำในสวนเก็บน้ำฝนจากหลังคา ถังวางอยู่บนแท่นไม้ และมีก๊อกน้ำ "
    "อยู่ด้านล่าง ในฤดูร้อนเรารดน้ำต้นไม้ทุกเย็น มีตะแกรงกันใบไม้ "
    "ปิดอยู่ที่ปากถัง ก่อนฤดูฝนต้องล้างถังให้สะอาด")]
STYLE = ("@page{size:A4;margin:20mm}section+section{break-before:page}"
         "body{margin:0;font-size:9pt}")


def paragraphs(text, count):
    """Its words, in so many orders."""
    words = text.split()
    chance = random.Random(count)
    for _ in range(count):
        chance.shuffle(words)
        yield " ".join(words + words[:len(words) // 2])


def section(language, font, way, text):
    return '<section lang=%s dir=%s style=\'font-family:"%s"\'>%s</section>' % (
        language, way, font, "".join("<p>%s</p>" % html.escape(paragraph)
                                     for paragraph in paragraphs(text, 11)))


def browser_pdf(story, name, pages):
    page = story.write(name + ".html", (
        "<!doctype html><meta charset=utf-8><style>%s</style>%s" % (
            STYLE, "".join(section(*page) for page in pages))).encode())
    out = story.path(name + ".pdf")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
         "--no-pdf-header-footer", "--user-data-dir=" + story.path("browser"),
         "--print-to-pdf=" + out, page],
        check=True, capture_output=True, timeout=100)
    return out


def photographs(story, op, bait, pdf):
    """All pages of its third copy."""
    story.sting("bait", "add", op, pdf, "--name", bait)
    lines = story.sting("bait", "issue", op, bait, "--to", *HOLDERS, "--out",
                        story.path(bait), "--json", *story.keys()).json()
    story.check(not lines[0]["unmarkable_pages"],
                "every page of %s carries marks" % bait, lines[0])
    third = lines[2]
    for page in range(1, third["pages"] + 1):
        out = story.path("%s-%d.jpg" % (bait, page))
        story.sting("drill", "--photograph", third["file"], "--page", page,
                    "--setting", "half-light", "--seed", page, "--out", out)
        yield bait, third["copy"], page, out


with Story("pages in other scripts name their copy") as story:
    op = story.operation()
    taken = [*photographs(story, op, "tank", browser_pdf(story, "tank", PAGES)),
             *photographs(story, op, "thai",
                          browser_pdf(story, "thai", THAI))]
    found = story.sting("trace", op, *(picture for *_, picture in taken),
                        "--json", *story.keys(), seconds=300).json()
    for bait, copy, page, picture in taken:
        line, = [line for line in found if line["picture"] == picture]
        story.check(line["verdict"] == "attributed" and line["copy"] == copy
                    and line["bait"] == bait and line["page"] == page,
                    "page %d of %s names its copy by %d units" % (
                        page, bait, line["units"]), line)
    story.check(len(taken) == len(PAGES + THAI), "and there were no others", taken)
