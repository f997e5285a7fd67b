"""Alerts through real channels: a webhook whose signature is checked, mail
with STARTTLS and a login, a broker with TLS, syslog; updates, acknowledgement
by link, escalation; nothing secret in any output."""
import email
import email.policy
import glob
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import sys
import time

from channels import Broker, Mail, Syslog
from outsiders import Authority
from shim import BOOT, WALL, Shim
from story import BUSY, Script, Story, film_s, wait_for

SECRET = "the shed key hangs behind the door"
TOKEN = "tk_9f3c_rhubarb"
SECOND_US = 10 ** 6
CAMERAS = """  - name: garage
    url: clip.txt
    zones:
      - name: table
        instruction: "Two go to the gate, nobody speaks to him."
        polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
"""
# Somebody comes, the page is touched, he goes.
CLIP = ("interval_ms=100 duration_ms=100 person_at=20 page_at=35 "
        "person_until=60")

# How often each is told of one incident that is raised: who hears of touches
# alone, once less.
DELIVERED = {"webhook-1": 3, "mail-2": 3, "mqtt-3": 3, "syslog-4": 3,
             "syslog-5": 2, "webhook-6": 2}


def channels_of(story):
    garden = Authority(story.path("garden"), name="Garden Web")
    tls = garden.certify("shed", 30, "127.0.0.1", "server")
    return garden, Mail(story, tls), Broker(story, tls, garden.ca), Syslog()


def configure(story, op, clip, alerts, more="", camera="clip.txt"):
    for name, text in (("secret", SECRET), ("token", TOKEN),
                       ("mail", Mail.password), ("broker", Broker.password)):
        with open(op + "/keys/" + name, "w", encoding="ascii") as out:
            out.write(text + "\n")
    with open(op + "/clip.txt", "w", encoding="ascii") as out:
        out.write(clip)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read().replace("quiet_s: 10", "quiet_s: 1")
    text = text.replace("\ncameras:\n", "\ncameras:\n" + CAMERAS.replace(
        "clip.txt", camera), 1)
    text = text.replace("\nalerts:\n", "\nalerts:\n" + alerts, 1) + more
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    story.sting("check", op)


def ledger(op, kind):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return [line for line in file if " %s " % kind in line]


def checked(hook, number, seconds=20):
    """The body of that message, its signature held against the secret."""
    _, path, headers, body = hook.wait(number, seconds)
    want = "sha256=" + hmac.new(SECRET.encode(), body,
                                hashlib.sha256).hexdigest()
    return (headers.get("X-Sting-Signature") == want, path, headers,
            json.loads(body))


def all_sent(op):
    """What waits for its channel lies in the queue."""
    wait_for(lambda: not glob.glob(op + "/queue/*.age"))


def every_channel(story):
    op = story.operation()
    garden, mail, broker, syslog = channels_of(story)
    hook, ntfy = story.webhook(), story.webhook()
    late = story.webhook()
    mail_row = ("  - mail: smtp://127.0.0.1:%d\n    ca_file: %s\n"
                "    from: Shed <sting@garden.example>\n"
                "    to: night@garden.example, gate@garden.example\n"
                "    user: %s\n    password_file: keys/mail\n" % (
                    mail.port, garden.ca, mail.user))
    configure(story, op, CLIP, """  - webhook: %s
    secret_file: keys/secret
%s  - mqtt: mqtts://127.0.0.1:%d
    ca_file: %s
    user: %s
    password_file: keys/broker
    topic: garden/shed
    discovery: yes
  - syslog: udp://127.0.0.1:%d
  - syslog: tcp://127.0.0.1:%d
    tier: touch
  - webhook: %s
    template: ntfy
    to: garden
    token_file: keys/token
    tier: touch
  - webhook: %s
    after_s: 300
""" % (hook.url, mail_row, broker.port, garden.ca, broker.user, syslog.port,
       syslog.port, ntfy.url, late.url), "ack_url: https://192.0.2.7:8443\n")

    tried = story.sting("alert", "test", op, "--json")
    rows = tried.json()
    story.check(len(rows) == 7 and all(row["delivered"] for row in rows),
                "sting alert test reaches all seven channels", tried.out)
    told, _ = mail.wait(1)
    story.check("a test" in told["subject"], "and says that it is a test")
    story.check(not ledger(op, "alert"), "of which the ledger knows nothing")
    is_signed, _, _, body = checked(hook, 1)
    story.check(is_signed and body["change"] == "test",
                "the webhook's test is signed as alerts are")

    heard = broker.listen("#")
    camera = Script(op + "/clip.txt", CLIP, 30, 50)
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera garage", 20)
    is_signed, _, _, body = checked(hook, 2)
    story.check(is_signed and body["change"] == "opened"
                and body["tier"] == "presence",
                "the webhook is told before anything else happens, signed",
                body)
    link = body["ack_url"]
    story.check(re.fullmatch(
        r"https://192\.0\.2\.7:8443/#ack=[0-9a-f]{64}", link) is not None,
        "with a link that acknowledges it")

    first, to = mail.wait(2)
    story.check(to == "night@garden.example,gate@garden.example"
                and "somebody is there" in first["subject"]
                and first["from"] == "Shed <sting@garden.example>"
                and "I see to it: https://192.0.2.7:8443/#ack="
                in mail.text(first),
                "mail comes over STARTTLS with its login", str(first))
    heard.wait_line(r"garden/shed/availability online", 10)
    heard.wait_line(r'garden/shed/state \{.*"presence": ?"ON"', 10)
    heard.wait_line(r'garden/shed/alert \{.*"change": ?"opened"', 10)
    found = heard.wait_line(
        r"homeassistant/binary_sensor/garden_shed/touch/config (\{.*)", 10)
    config = json.loads(found.group(1))
    story.check(config["state_topic"] == "garden/shed/state" and
                config["availability_topic"] == "garden/shed/availability"
                and config["unique_id"] == "garden_shed_touch",
                "Home Assistant can discover it", config)
    line = syslog.wait("udp", "tier=presence")
    story.check(re.match(r"<84>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ sting \d+ alert "
                         "- alert=", line) is not None,
                "syslog is RFC 5424", line)

    camera.go_on()
    station.wait_line("ALERT! INCIDENT 1 .*TOUCHED", 20)
    syslog.wait("tcp", "tier=touch")
    is_signed, _, _, body = checked(hook, 3)
    story.check(is_signed and body["change"] == "raised"
                and body["tier"] == "touch", "a touch is told anew", body)
    raised, _ = mail.wait(3)
    story.check(raised["in-reply-to"] == first["message-id"]
                and raised["x-priority"].startswith("1"),
                "in one thread of mail, as urgent")
    _, _, headers, phone = ntfy.wait(2)[0], *ntfy.wait(2)[1:]
    phone = json.loads(phone)
    story.check(headers["Authorization"] == "Bearer " + TOKEN
                and phone["topic"] == "garden" and phone["priority"] == 5
                and "TOUCHED" in phone["title"],
                "ntfy gets it in its own form, at the highest priority", phone)
    story.check(len(ntfy.received) == 2,
                "and of somebody who is only there hears nothing")

    got = story.sting("ack", op, "--link", link.rsplit("=", 1)[1],
                      "--by", "night desk")
    story.check("Incident 1" in got.out, "the link acknowledges")
    again = story.sting("ack", op, "--link", link.rsplit("=", 1)[1], code=2)
    story.check("was used" in again.err, "once", again.err)
    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    wrong = story.sting("ack", op, "--link", forged.rsplit("=", 1)[1], code=2)
    story.check("not of this operation" in wrong.err, "and only as it came")

    camera.go_on()
    station.wait_line("incident 1: over", 20)
    is_signed, _, _, body = checked(hook, 4)
    story.check(is_signed and body["change"] == "closed",
                "its end is told too", body)
    heard.wait_line(r'garden/shed/state \{.*"presence": ?"OFF".*"incident": ?1',
                    10, after=len(heard.line) // 2)
    states = lambda: [re.search(r" channel=(\S+) state=(\S+)", line).groups()
                      for line in ledger(op, "alert")]
    wait_for(lambda: all(states().count((name, "delivered")) >= count
                         for name, count in DELIVERED.items()))
    story.check(station.stop() == 0, "the station ends in order")
    heard.wait_line("garden/shed/availability offline", 10)
    story.check(True, "and the broker itself says that it is gone")
    everything = station.text() + tried.out + tried.err + open(
        op + "/evidence/ledger", encoding="ascii").read()
    for word in (SECRET, TOKEN, mail.password, broker.password):
        story.check(word not in everything and word.replace(" ", "%20")
                    not in everything, "no secret is told or written")
    for name, count in DELIVERED.items():
        story.check(states().count((name, "delivered")) == count,
                    "each delivery of %s is a line: those for touches hear of "
                    "the touch and of its end" % name, states())
    story.check(len(late.received) == 1 and ("webhook-7", "spared") in states(),
                "who is next in line was not woken: it was acknowledged",
                states())
    story.check(not glob.glob(op + "/queue/*.age"), "the queue is empty")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] in ("INTACT", "INTACT WITH GAPS"),
                "the record holds", found)


def nobody_answers(story):
    op, shim = story.operation(), Shim(story)
    hook, next_one, held = story.webhook(), story.webhook(), story.webhook()
    day = "mo tu we th fr sa su".split()
    other = day[(time.localtime().tm_wday + 3) % 7]
    configure(story, op, "interval_ms=100 duration_ms=100 person_at=20 "
              "person_until=30", """  - webhook: %s
    secret_file: keys/secret
  - webhook: %s
    secret_file: keys/secret
    after_s: 3600
  - webhook: %s
    hours: "%s 00:00-24:00"
""" % (hook.url, next_one.url, held.url, other))
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("INCIDENT 1", 20)
    hook.wait(1)
    story.check(station.stop() == 0 and not next_one.received,
                "the station ends before the next in line is told")
    with open(op + "/clip.txt", "w", encoding="ascii") as out:
        out.write("interval_ms=100 duration_ms=100")
    shim.add(BOOT, 3000 * SECOND_US)
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("camera garage: recording", 20)
    story.wait_film(op, "garage", film_s(op, "garage") + 3)
    story.check(station.stop() == 0 and not next_one.received,
                "started again within his hour it does not tell him")
    shim.add(BOOT, 600 * SECOND_US)
    station = story.sting_start("run", op, env=shim.env)
    is_signed, _, _, body = checked(next_one, 1)
    story.check(is_signed and body["unanswered"],
                "and after it, he is told", body)
    story.check(not held.received and any(
        "state=held" in line and "outside" in line
        for line in ledger(op, "alert")),
        "outside its hours a channel is not told, and that is a line")
    all_sent(op)
    station.stop()
    with open(op + "/clip.txt", "w", encoding="ascii") as out:
        out.write("interval_ms=100 duration_ms=100 person_at=20 "
                  "person_until=30")

    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
    story.sting("disarm", op, "--until", until, "--by", "the head gardener",
                "--reason", "the lamp is changed", env=shim.env)
    count = len(hook.received)
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("NO ALERTS GO OUT", 20)
    station.wait_line("INCIDENT 2", 20)
    station.wait_line("incident 2: over", 20)
    story.check(len(hook.received) == count and any(
        "state=held" in line and "disarmed%20by%20the%20head" in line
        for line in ledger(op, "alert")),
        "a disarmed station shows and records, and wakes nobody")
    shim.add(WALL, -86400 * SECOND_US)
    story.check(station.wait_line("ALERTS GO OUT AGAIN", 20),
                "a clock that is set back keeps nobody asleep")
    told = len(station.line)
    shim.add(WALL, 86400 * SECOND_US)
    station.wait_line("NO ALERTS GO OUT", 20, after=told)
    story.sting("arm", op, env=shim.env)
    station.wait_line("alerts go out again", 20)
    story.check(station.stop() == 0, "and is armed again by a line")


# A program with another resolv.conf, in a mount namespace of its own.
NOBODY_ANSWERS = ("unshare", "-m", "sh", "-c", 'mount --bind "$0" '
                  '"$(readlink -f /etc/resolv.conf)" && exec "$@"')


def told_before_failures(op):
    """Messages that the last of five channels had before any of the others had
    failed with theirs: five are queued together, and have numbers in turn."""
    rows = [(int(n), channel, state) for n, channel, state in re.findall(
        r" alert n=(\d+) .*? channel=(\S+) state=(\S+)",
        "".join(ledger(op, "alert")))]
    return sum(not any(state == "failed" and number - 5 < n < number
                       for n, _, state in rows[:at])
               for at, (number, channel, state) in enumerate(rows)
               if channel == "webhook-5" and state == "delivered")


def slow_names(story):
    """A name server that never answers: four channels that ask it, and one
    that needs none and hears of all as if it were alone."""
    op = story.operation()
    deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    deaf.bind(("127.9.9.9", 53))
    hook = story.webhook()
    configure(story, op, CLIP, """  - syslog: udp://log.slow.test:514
  - mqtt: mqtt://broker.slow.test
  - mail: smtp://mail.slow.test
    from: sting@garden.example
    to: night@garden.example
  - webhook: http://hook.slow.test/
  - webhook: %s
    secret_file: keys/secret
""" % hook.url)
    station = story.start(*NOBODY_ANSWERS, story.write(
        "resolv.conf", "nameserver 127.9.9.9\noptions timeout:25 attempts:1\n"),
        story.binary, "run", op)
    for words in ("INCIDENT 1", "ALERT! INCIDENT 1", "incident 1: over"):
        station.wait_line(words, 20)
    hook.wait(3)
    late = time.time() + BUSY * 25
    failed = {}
    while len(failed) < 4 and time.time() < late:
        failed = {re.search(r"channel=(\S+)", line).group(1): line
                  for line in ledger(op, "alert") if "state=failed" in line}
        time.sleep(0.2)
    story.check(sorted(failed) == ["mail-3", "mqtt-2", "syslog-1", "webhook-4"]
                and not any("no%20net" in line for line in failed.values()),
                "of the others each has failed by itself, in time", failed)
    story.check(told_before_failures(op) == 3, "who can be reached heard of it, "
                "of the touch and of its end before any of them had failed to")
    story.check(station.stop() == 0 and not ledger(op, "worker"),
                "and no worker had to be replaced")


def other_settings(story):
    """operation.yaml is another while an incident goes on: who was told of it
    stays told, mail goes to whom it was written for or to nobody, a broker
    gets the new login at once."""
    op = story.operation()
    garden, mail, broker, _ = channels_of(story)
    mail.process.stop()
    story.run("mosquitto_passwd", "-b", story.path("mosquitto.passwords"),
              "shed", "a ball of string")
    os.kill(broker.process.pid, signal.SIGHUP)
    hook = story.webhook()
    configure(story, op, CLIP, """  - webhook: %s
    secret_file: keys/secret
  - mail: smtp://127.0.0.1:%d
    ca_file: %s
    from: sting@garden.example
    to: night@garden.example
    user: %s
    password_file: keys/mail
  - mqtt: mqtts://127.0.0.1:%d
    ca_file: %s
    user: %s
    password_file: keys/broker
""" % (hook.url, mail.port, garden.ca, mail.user, broker.port, garden.ca,
       broker.user))
    camera = Script(op + "/clip.txt", CLIP, 30)
    station = story.sting_start("run", op)
    broker.process.wait_line(r"connected from .*u'sting'", 20)
    station.wait_line("INCIDENT 1", 20)
    hook.wait(1)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    hook_row, rest = text.split("  - webhook: ")[1].split("  - mail:", 1)
    text = text.replace("  - webhook: " + hook_row, "")
    text = text.replace("user: %s\n    password_file: keys/broker\n" % (
        broker.user), "user: shed\n    password_file: keys/shed\n"
        "  - webhook: " + hook_row)
    text = text.replace("to: night@", "to: gate@")
    with open(op + "/keys/shed", "w", encoding="ascii") as out:
        out.write("a ball of string\n")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.kill(station.pid, signal.SIGHUP)
    station.wait_line("operation.yaml was read again", 10)
    broker.process.wait_line(r"connected from .*u'shed'", 10)
    story.check(True, "the broker gets the new login at once")
    camera.go_on()
    station.wait_line("incident 1: over", 20)
    body = checked(hook, 3)[3]
    story.check(body["change"] == "closed" and body["incident"] == 1,
                "who was told of an incident is told of its end, in another "
                "place of the list", body)
    mail.start()
    sent = None
    while not sent and station.is_running():
        sent = [line for line in ledger(op, "alert")
                if "channel=mail-2" in line and "state=given-up" in line]
        time.sleep(0.2)
    story.check("no%20longer%20configured" in sent[0]
                and not glob.glob(mail.folder + "/*.eml"),
                "mail that was written for somebody else goes to nobody", sent)
    story.check(station.stop() == 0 and rest, "the station ends in order")


def recording_stopped(story):
    op, shim = story.operation(), Shim(story)
    hook = story.webhook()
    end = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 10 * 86400))
    configure(story, op, "interval_ms=100 duration_ms=100", """  - webhook: %s
    secret_file: keys/secret
    tier: touch
    hours: "%s 00:00-24:00"
""" % (hook.url, "mo tu we th fr sa su".split()[
        (time.localtime().tm_wday + 3) % 7]), "until: %s\n" % end)
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("camera garage: recording", 20)
    shim.add(WALL, 11 * 86400 * SECOND_US)
    station.wait_line("THE OPERATION IS PAST ITS END", 20)
    is_signed, _, _, body = checked(hook, 1)
    story.check(is_signed and body["change"] == "station"
                and "PAST ITS END" in body["text"] and body["incident"] == 0
                and body["kind"] is None and body["tier"] == "none",
                "who waits for touches alone, and at another hour, is told "
                "that nothing is recorded any more", body)
    story.check(station.stop() == 0, "the station ends in order")


def nobody_reached(story):
    """Nobody hears: that is told with its reason, once; so is who hears again,
    and what never arrived. Nothing is called delivered that was not."""
    op = story.operation()
    hook, deaf = story.webhook(answer=503), story.free_port()
    dead = "  - webhook: http://127.0.0.1:%d/\n" % deaf
    configure(story, op, "interval_ms=100 duration_ms=100 person_at=20 "
              "person_until=30", dead + "  - webhook: %s\n" % hook.url)
    station = story.sting_start("run", op)
    for words in ("INCIDENT 1", "alerts by webhook-1 DO NOT ARRIVE: .*onnect",
                  "alerts by webhook-2 DO NOT ARRIVE: it answered 503",
                  "NOBODY CAN BE TOLD", "incident 1: over"):
        station.wait_line(words, 20)
    hook.answer = 200
    station.wait_line("alerts by webhook-2 arrive again", 20)
    wait_for(lambda: len([line for line in ledger(op, "alert")
                          if "state=delivered" in line]) == 2)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace(dead, ""))
    os.kill(station.pid, signal.SIGHUP)
    station.wait_line("NEVER DELIVERED, given up: 2 alerts by webhook-1: "
                      "no longer configured", 20)
    station.wait_line("no alert waits any more: 2 delivered, 2 NEVER "
                      "DELIVERED", 20)
    story.check(station.stop() == 0
                and station.text().count("DO NOT ARRIVE") == 2
                and station.text().count("NOBODY CAN BE TOLD") == 1,
                "each of them is told once", station.text())
    story.check("all alerts were delivered" not in station.text()
                and "NOT DELIVERED YET" not in station.text(),
                "and nothing else", station.text())
    hook.answer = 503
    station = story.sting_start("run", op)
    station.wait_line("alerts by webhook-1 DO NOT ARRIVE", 20)
    story.check(station.stop() == 0 and re.search(
        r"NOT DELIVERED YET: \d+ alerts? by webhook-1; sent when",
        station.text()), "what waits at the end is told", station.text())


def form(message):
    """The fields of a multipart body: {name: (file's name, bytes)}."""
    _, _, headers, body = message
    whole = email.message_from_bytes(
        b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
        + body, policy=email.policy.default)
    return {part["content-disposition"].params["name"]:
            (part.get_filename(), part.get_payload(decode=True))
            for part in whole.iter_parts()}


def film_of(hook, seconds=15):
    """The first message that is a form."""
    for number in range(1, 6):
        got = hook.wait(number, seconds)
        if got[2]["Content-Type"].startswith("multipart/"):
            return got
    return got


def pictures(story):
    """A real camera whose film ends: the last that it saw follows the words,
    for some in clear, for others sealed."""
    clip = story.path("tank.mp4")
    story.run("ffmpeg", "-v", "error", "-f", "lavfi", "-i",
              "testsrc2=size=640x360:rate=25:duration=5", "-c:v", "libx264",
              "-preset", "ultrafast", "-bf", "0", "-g", "25", clip)
    _, identity = story.recipient()
    op = story.operation()
    clear, sealed, words = (story.webhook() for _ in range(3))
    garden = Authority(story.path("garden"), name="Garden Web")
    mail = Mail(story, garden.certify("shed", 30, "127.0.0.1", "server"))
    camera = story.start(os.environ["RTSP_SERVE"], clip, "0")
    port = camera.wait_line(r"listening (\d+)").group(1)
    configure(story, op, "", """  - webhook: %s
    secret_file: keys/secret
    attach: clear
  - webhook: %s
    attach: sealed
  - webhook: %s
  - mail: smtp://127.0.0.1:%d
    ca_file: %s
    from: sting@garden.example
    to: night@garden.example
    user: %s
    password_file: keys/mail
    attach: clear
""" % (clear.url, sealed.url, words.url, mail.port, garden.ca, mail.user),
              camera="rtsp://127.0.0.1:%s/camera" % port)
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera garage: the camera is gone", 30)
    told, _, headers, _ = clear.wait(1)
    story.check(headers["Content-Type"] == "application/json", "words come",
                headers)
    moment, _, headers, body = film_of(clear)
    story.check(headers["X-Sting-Signature"] == "sha256=" + hmac.new(
        SECRET.encode(), body, hashlib.sha256).hexdigest(),
        "pictures follow, signed as a whole: %.2f s behind them"
        % (moment - told), headers)
    fields = form(film_of(clear))
    story.check(json.loads(fields["alert"][1])["change"] == "film"
                and fields["picture"][0] == "incident-1.jpg"
                and fields["clip"][0] == "incident-1.mp4",
                "in a form with their names", list(fields))
    shown = story.write("shown.jpg", fields["picture"][1])
    size = story.run("ffprobe", "-v", "error", "-show_entries",
                     "stream=width,height", "-of", "csv=p=0", shown).out
    story.check(size.strip() == "640,360", "a picture as the camera saw it")
    film = story.write("film.mp4", fields["clip"][1])
    frames = story.run("ffprobe", "-v", "error", "-count_packets",
                       "-show_entries", "stream=nb_read_packets", "-of",
                       "csv=p=0", film).out
    story.check(int(frames) == 125, "and the film from before", frames)
    fields = form(film_of(sealed))
    story.check(fields["clip"][0] == "incident-1.mp4.age"
                and fields["clip"][1].startswith(b"age-encryption.org/v1"),
                "where it was not said to be clear they are sealed")
    opened = story.run("age", "-d", "-i", identity, story.write(
        "sealed.age", fields["clip"][1])).bytes
    story.check(opened == open(film, "rb").read(),
                "to those who read the operation")
    names, number = [], 1
    while not names and number < 6:
        sent, _ = mail.wait(number)
        names = sorted(part.get_filename() for part in sent.iter_attachments())
        number += 1
    story.check(names == ["incident-1.jpg", "incident-1.mp4"],
                "mail carries them as attachments", names)
    story.check(all(json.loads(got[3])["change"] != "film"
                    for got in words.received),
                "who did not ask for pictures gets none")
    story.check(station.stop() == 0, "the station ends in order")


def played(title, part):
    with Story(title) as told:
        told.binary = os.environ["STANDIN"]
        part(told)


if __name__ == "__main__" and sys.argv[1:] == ["more"]:
    played("one slow name keeps nobody else waiting", slow_names)
    played("settings change while an incident goes on", other_settings)
    played("that recording has stopped is told to everybody", recording_stopped)
    played("who is not reached is not called reached", nobody_reached)
elif __name__ == "__main__":
    played("alerts reach people through every channel", every_channel)
    played("who does not answer is not the last", nobody_answers)
    with Story("pictures follow words, to those who may have them") as told:
        pictures(told)
