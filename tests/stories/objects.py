"""What a document has beside its pages' text is the same in a copy, object by
object, as qpdf reads both: tags, page labels, forms, notes, attachments,
destinations, boxes. Only what draws a page differs."""
import json

from copies import objects
from story import Story


def data(story, path, name):
    """A stream's bytes, unpacked."""
    number = name.split(":")[1].split()[0]
    return story.run("qpdf", "--show-object=" + number,
                     "--filtered-stream-data", path).bytes


def ref(number):
    return "%d 0 R" % number


def furnished(story):
    """The sample with all that it has not."""
    got = json.loads(story.run(
        "qpdf", "--json=2", "--json-stream-data=inline",
        story.sample("water-tank.pdf")).out)
    head, all_of = got["qpdf"]
    root = all_of["trailer"]["value"]["/Root"]
    pages = [name for name, one in all_of.items()
             if isinstance(one.get("value"), dict)
             and one["value"].get("/Type") == "/Page"]
    first = pages[0].split(":")[1]
    free = head["maxobjectid"] + 1

    def add(value):
        nonlocal free
        all_of["obj:" + ref(free)] = {"value": value}
        free += 1
        return ref(free - 1)

    note = add({"/Type": "/Annot", "/Subtype": "/Text", "/Rect":
                [500, 700, 520, 720], "/Contents": "u:ask the gardener",
                "/P": first})
    field = add({"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx",
                 "/T": "u:litres", "/V": "u:1000", "/P": first,
                 "/Rect": [400, 60, 500, 80]})
    element = add({"/Type": "/StructElem", "/S": "/P", "/Pg": first, "/K": 0,
                   "/Alt": "u:the tank in section"})
    tree = add({"/Type": "/StructTreeRoot", "/K": [element]})
    all_of["obj:" + element]["value"]["/P"] = tree
    all_of["obj:" + ref(free)] = {"stream": {
        "dict": {"/Type": "/EmbeddedFile"}, "data": "bGl0cmVzLDEwMDAK"}}
    free += 1
    sheet = add({"/Type": "/Filespec", "/F": "u:litres.csv",
                 "/EF": {"/F": ref(free - 1)}})
    all_of["obj:" + root]["value"].update({
        "/PageLabels": {"/Nums": [0, {"/S": "/r"}, 2, {"/S": "/D", "/St": 7}]},
        "/AcroForm": {"/Fields": [field], "/NeedAppearances": True},
        "/MarkInfo": {"/Marked": True}, "/StructTreeRoot": tree,
        "/Lang": "u:en-GB", "/ViewerPreferences": {"/DisplayDocTitle": True},
        "/Names": {"/EmbeddedFiles": {"/Names": ["u:litres.csv", sheet]},
                   "/Dests": {"/Names": ["u:table", [first, "/XYZ", 90, 400,
                                                     None]]}}})
    page = all_of[pages[0]]["value"]
    page["/Annots"] = [note, field]
    page["/CropBox"] = [10, 10, 580, 830]
    page["/StructParents"] = 0
    head["maxobjectid"] = free - 1
    path = story.path("furnished.pdf")
    made = story.run("qpdf", "--json-input", story.write(
        "furnished.json", json.dumps(got)), "--object-streams=generate", path)
    story.check(made.code == 0, "a document has tags, labels, a form, a note, "
                "an attachment, a destination", made)
    return path


with Story("all but what draws is the same in a copy") as story:
    op = story.operation()
    for kind, path in (("plain", story.sample("water-tank.pdf")),
                       ("furnished", furnished(story))):
        story.sting("bait", "add", op, path, "--name", kind)
        copies = [line["file"] for line in story.sting(
            "bait", "issue", op, kind, "--to", "Anna", "Bert", "--out",
            story.path(kind), "--json", *story.keys()).json()]
        was = objects(path)
        for copy in copies:
            now = objects(copy)
            other = [name for name in was.keys() | now.keys()
                     if was.get(name) != now.get(name)]
            story.check(not other, "%s: %d objects are the same"
                        % (kind, len(was)), [(name, was.get(name),
                                              now.get(name))
                                             for name in other[:3]])
            drawn = [name for name in was if was[name] == {}
                     and data(story, path, name) != data(story, copy, name)]
            same = [name for name in was if name not in drawn
                    and "value" not in was[name] and name != "trailer"
                    and data(story, path, name) != data(story, copy, name)]
            story.check(len(drawn) == 6 and not same,
                        "%s: six streams that draw pages differ, no other"
                        % kind, (drawn, same))
