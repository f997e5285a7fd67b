"""A camera that misbehaves as cameras do. Serves a clip (H.264 or AV1 in MP4)
packet by packet and in real time over RTSP, interleaved, to any number of
connections, and again from its start when it is over.

Usage: odd_camera.py CLIP PORT [key=value ...]; prints "listening PORT" and
what it sees, one line each; ends with its standard input.

  loop=0            end the connection after the clip instead
  auth=basic|digest user= password=    only who knows them may look
  nonce_s=N         a nonce of Digest is good for N s, then it asks anew
  drop_s=N          hang up N s after the last request that it granted:
                    keep-alive wanted
  untold=1          and do not say so
  boot_s=N          answer 503 for N s from the first connection on
  stale_s=N         refuse for N s whoever comes after one that sent no TEARDOWN
  hang_s=N          N s after PLAY send nothing more, and hold the connection
  early=1           pictures before the answer to PLAY
  sei=1             before each picture a remark with its own marker and time
  jump=T:S ...      at T s of playing, camera time goes S s on (or back)
  own=1             numbers its answers as it likes, and calls itself otherwise
  equal=1           every second picture has the time of the one before
  rate=PPM          its clock is fast by so many millionths
  wall=T:S ...      says once a second (RTCP) what its own wall clock shows:
                    from T s of playing on S s more than ours (or "start":
                    how long it runs, as who has no clock)
  skip=N            begin N pictures after the keyframe
  udp=1             no TCP transport
  audio=1           G.711 and AAC beside the video, sent though nobody asked
  other=CLIP        change to this clip and back every second
  size=WxH          headers claim this size, none stand in the SDP
  answer=garbage|headers|redirect      instead of RTSP
"""
import base64
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

MOST_PAYLOAD = 1200


def run(*words):
    return subprocess.run(words, check=True, capture_output=True).stdout


def option(name, otherwise=None):
    for word in sys.argv[3:]:
        if word.startswith(name + "="):
            return word[len(name) + 1:]
    return otherwise


def number(name):
    return float(option(name, "0"))


# ---- the clip ----

def units(data):
    """The NAL units of a byte stream."""
    found = []
    for piece in data.split(b"\0\0\1")[1:]:
        piece = piece.rstrip(b"\0") if piece else piece
        if piece:
            found.append(piece)
    return found


def read_h264(clip):
    data = run("ffmpeg", "-v", "error", "-i", clip, "-map", "0:v", "-c", "copy",
               "-bsf:v", "h264_mp4toannexb,h264_metadata=aud=insert", "-f",
               "h264", "-")
    pictures = []
    for unit in units(data):
        if unit[0] & 31 == 9:
            pictures.append([])
        else:
            pictures[-1].append(unit)
    return pictures


def read_av1(clip):
    data = run("ffmpeg", "-v", "error", "-i", clip, "-map", "0:v", "-c", "copy",
               "-f", "ivf", "-")
    pictures, at = [], 32
    while at < len(data):
        size = struct.unpack_from("<I", data, at)[0]
        pictures.append(obus(data[at + 12:at + 12 + size]))
        at += 12 + size
    return pictures


def leb_read(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 128:
            return value, at


def leb(value):
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def obus(data):
    """Units without sizes and delimiters, as RTP wants them."""
    found, at = [], 0
    while at < len(data):
        head = 2 if data[at] & 4 else 1
        size, body = leb_read(data, at + head)
        kind = data[at] >> 3 & 15
        if kind not in (2, 8):
            found.append(bytes([data[at] & ~2]) + data[at + 1:at + head]
                         + data[body:body + size])
        at = body + size
    return found


class Clip:
    def __init__(self, path):
        probe = json.loads(run("ffprobe", "-v", "error", "-select_streams",
                               "v", "-show_entries", "stream=codec_name:"
                               "packet=pts_time,flags", "-of", "json", path))
        self.codec = probe["streams"][0]["codec_name"]
        self.pictures = (read_av1 if self.codec == "av1" else read_h264)(path)
        packets = probe["packets"]
        times = [float(one["pts_time"]) for one in packets]
        self.keys = [one["flags"][0] == "K" for one in packets]
        self.times = [one - min(times) for one in times]
        # decoding order: sent when the picture n-th in order is shown
        self.sent = sorted(self.times)
        self.length = self.sent[-1] + self.sent[-1] / (len(times) - 1)
        if self.codec == "h264":
            self.parameters = [one for one in self.pictures[0]
                               if one[0] & 31 in (7, 8)]

    def sdp(self):
        if self.codec == "av1":
            return "a=rtpmap:96 AV1/90000\r\n"
        if option("size"):
            return "a=rtpmap:96 H264/90000\r\n"
        sets = ",".join(base64.b64encode(one).decode()
                        for one in self.parameters)
        return ("a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;"
                "sprop-parameter-sets=%s\r\n" % sets)


# ---- RTP ----

def payloads_h264(pictures):
    for unit in pictures:
        if len(unit) <= MOST_PAYLOAD:
            yield unit
            continue
        parts = [unit[i:i + MOST_PAYLOAD]
                 for i in range(1, len(unit), MOST_PAYLOAD)]
        for i, part in enumerate(parts):
            ends = (128 if i == 0 else 0) | (64 if i == len(parts) - 1 else 0)
            yield bytes([unit[0] & 0x60 | 28, unit[0] & 31 | ends]) + part


def payloads_av1(units_of, key):
    """One unit a packet and two small ones in one, all ways to tell sizes."""
    first, small = True, b""
    for index, unit in enumerate(units_of):
        parts = [unit[i:i + MOST_PAYLOAD]
                 for i in range(0, len(unit), MOST_PAYLOAD)]
        if len(parts) == 1 and index + 1 < len(units_of) and not small:
            small = unit
            continue
        for i, part in enumerate(parts):
            head = (128 if i else 0) | (64 if i < len(parts) - 1 else 0)
            head |= 8 if first and key else 0
            if small:
                yield (bytes([head | 0x20]) + leb(len(small)) + small + part
                       if index % 2 else
                       bytes([head]) + leb(len(small)) + small
                       + leb(len(part)) + part)
                small = b""
            else:
                yield bytes([head | 0x10]) + part
            first = False


def bits_of(values):
    text = ""
    for value in values:
        if isinstance(value, str):
            text += value
        else:
            code = bin(value + 1)[2:]
            text += "0" * (len(code) - 1) + code
    text += "1"
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def headers_of(size):
    """An SPS of the baseline profile with this size."""
    width, height = (int(one) for one in size.split("x"))
    body = bits_of([0, 0, 2, 1, "0", width // 16 - 1, height // 16 - 1,
                    "1", "1", "0", "0"])
    return b"\x67\x42\xc0\x3c" + body.replace(b"\0\0\1", b"\0\0\3\1")


class Player(threading.Thread):
    def __init__(self, session):
        super().__init__(daemon=True)
        self.session, self.sequence, self.began_utc_s = session, 0, 0
        self.stopped = self.sounded = False

    def packet(self, payload, ticks, marker):
        head = struct.pack(">BBHII", 0x80, 96 | (128 if marker else 0),
                           self.sequence & 0xffff, int(ticks) & 0xffffffff,
                           0x7a11)
        self.sequence += 1
        self.session.interleaved(0, head + payload)

    @staticmethod
    def ticks(seconds):
        ticks = 3000000000 + seconds * 90000 * (1 + number("rate") * 1e-6)
        for at, step in jumps():
            ticks += step * 90000 if seconds >= at else 0
        return ticks

    def picture(self, clip, index, seconds):
        ticks = self.ticks(seconds)
        parts = clip.pictures[index]
        if option("size"):
            parts = [headers_of(option("size")) if one[0] & 31 == 7 else one
                     for one in parts]
        if clip.codec == "av1":
            sent = list(payloads_av1(parts, clip.keys[index]))
        else:
            sent = list(payloads_h264(parts))
        if option("sei"):
            self.packet(b"\x06\x05\x10" + bytes(range(1, 17)) + b"\x80",
                        ticks - 45, True)
        if option("equal") and index % 2:
            ticks -= (clip.times[index] - clip.times[index - 1]) * 90000
        for i, payload in enumerate(sent):
            self.packet(payload, ticks, i == len(sent) - 1)

    def sound(self, seconds):
        """A tenth of a second of either, on channels of their own."""
        for channel, kind, size in ((2, 0, 800), (4, 97, 300)):
            head = struct.pack(">BBHII", 0x80, kind | 128,
                               self.sequence & 0xffff,
                               int(seconds * 8000) & 0xffffffff, 0x50d)
            self.session.interleaved(channel, head + os.urandom(size))
        if not self.sounded:
            self.sounded = True
            print("sends sound", flush=True)

    def report(self, seconds):
        """What the wall clock shows beside the time of pictures: it goes with
        that, however late the report is sent."""
        off = [one for one in walls() if one[0] <= seconds][-1][1]
        wall = (int((self.began_utc_s + seconds + 2208988800 + float(off))
                    * 2**32)
                if off != "start" else int(seconds * 2**32))
        self.session.interleaved(1, struct.pack(
            ">BBHIQIII", 0x80, 200, 6, 0x7a11, wall % 2**64,
            int(self.ticks(seconds)) & 0xffffffff, self.sequence, 0))

    def run(self):
        began, hang_s = time.monotonic(), number("hang_s")
        self.began_utc_s = time.time()
        clips = [CLIP, OTHER] if OTHER else [CLIP]
        reported = 0
        rounds, index = 0, int(number("skip"))
        # the first picture is at once, however many were skipped
        offset = -CLIP.sent[index]
        try:
            while not self.stopped:
                clip = clips[rounds % len(clips)]
                at = offset + clip.sent[index]
                wait = began + at - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                if hang_s and time.monotonic() - began > hang_s:
                    return
                if option("wall") and time.monotonic() >= reported + 1:
                    reported = time.monotonic()
                    self.report(reported - began)
                self.picture(clip, index, offset + clip.times[index])
                if option("audio"):
                    self.sound(at)
                index += 1
                over = index == len(clip.pictures)
                if over or (OTHER and clip.sent[index] >= 1):
                    offset += clip.length if over else clip.sent[index]
                    rounds, index = rounds + 1, 0
                    if over and option("loop") == "0":
                        self.session.close()
                        return
        except OSError:
            pass


def jumps():
    return [tuple(float(part) for part in one.split(":"))
            for one in option("jump", "").split(",") if one]


def walls():
    """From when on how much its wall clock is off."""
    pairs = [one.split(":") for one in option("wall", "").split(",") if one]
    return [(float(at), off) for at, off in pairs]


# ---- RTSP ----

class Session(threading.Thread):
    owner, free_at, booted_at = None, 0, 0
    lock = threading.Lock()

    def __init__(self, connection):
        super().__init__(daemon=True)
        self.connection, self.player = connection, None
        self.sending = threading.Lock()
        self.heard = time.monotonic()
        self.nonce, self.nonce_at, self.stale = os.urandom(8).hex(), 0, ""

    def close(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def send(self, data):
        with self.sending:
            self.connection.sendall(data)

    def interleaved(self, channel, packet):
        self.send(b"$" + struct.pack(">BH", channel, len(packet)) + packet)

    def answer(self, status, headers="", body=""):
        if body:
            headers += "Content-Length: %d\r\n" % len(body)
        self.send(("RTSP/1.0 %s\r\nCSeq: %s\r\n%s\r\n%s" % (
            status, "1" if option("own") else self.header("cseq"), headers,
            body)).encode())

    def header(self, name):
        return self.headers.get(name, "")

    def request(self):
        """The next one; what comes interleaved is skipped."""
        line = b""
        while True:
            byte = self.connection.recv(1)
            if not byte:
                return None
            if byte == b"$" and not line:
                head = self.connection.recv(3, socket.MSG_WAITALL)
                self.connection.recv(struct.unpack(">xH", head)[0],
                                     socket.MSG_WAITALL)
                continue
            line += byte
            if line.endswith(b"\r\n\r\n"):
                break
        lines = line.decode("latin-1").split("\r\n")
        self.headers = {one.split(":", 1)[0].strip().lower():
                        one.split(":", 1)[1].strip()
                        for one in lines[1:] if ":" in one}
        return lines[0].split(" ")

    def is_stale(self):
        """Whether the nonce is too old; then there is another."""
        now, good_s = time.monotonic(), number("nonce_s")
        self.nonce_at = self.nonce_at or now
        if not good_s or now - self.nonce_at < good_s:
            return False
        self.nonce, self.nonce_at = os.urandom(8).hex(), now
        self.stale = ", stale=true"
        return True

    def knows(self, method, uri):
        """Whether user and password are right, by what was asked for."""
        user, password = option("user"), option("password")
        given = self.header("authorization")
        if option("auth") == "basic":
            return given == "Basic " + base64.b64encode(
                ("%s:%s" % (user, password)).encode()).decode()
        if self.is_stale():
            return False
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        want = md5("%s:%s:%s" % (md5("%s:camera:%s" % (user, password)),
                                 self.nonce, md5("%s:%s" % (method, uri))))
        return 'response="%s"' % want in given

    def refuse(self):
        if option("auth") == "basic":
            how = 'Basic realm="camera"'
        else:
            how = 'Digest realm="camera", nonce="%s"%s' % (self.nonce,
                                                           self.stale)
        self.answer("401 Unauthorized", "WWW-Authenticate: %s\r\n" % how)

    def describe(self, uri):
        media = "m=video 0 RTP/AVP 96\r\n%sa=control:track0\r\n" % CLIP.sdp()
        if option("audio"):
            media += ("m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
                      "a=control:track1\r\nm=audio 0 RTP/AVP 97\r\n"
                      "a=rtpmap:97 MPEG4-GENERIC/48000/2\r\n"
                      "a=fmtp:97 streamtype=5;mode=AAC-hbr;config=1190;"
                      "sizelength=13;indexlength=3;indexdeltalength=3\r\n"
                      "a=control:track2\r\n")
        self.answer("200 OK", "Content-Type: application/sdp\r\n"
                    "Content-Base: %s%s/\r\n" % (
                        uri, ";own=1" if option("own") else ""),
                    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\n"
                    "c=IN IP4 0.0.0.0\r\nt=0 0\r\n" + media)

    def setup(self):
        if option("udp"):
            self.answer("461 Unsupported Transport")
            return
        with Session.lock:
            busy = number("stale_s") and (
                Session.owner not in (None, self)
                or time.monotonic() < Session.free_at)
            if not busy:
                Session.owner = self
        if busy:
            print("refused", flush=True)
            self.answer("453 Not Enough Bandwidth")
            return
        timeout = ";timeout=%d" % number("drop_s") if (
            option("drop_s") and not option("untold")) else ""
        self.answer("200 OK", "Session: 7%s\r\nTransport: RTP/AVP/TCP;unicast;"
                    "interleaved=0-1\r\n" % timeout)

    def play(self):
        self.player = Player(self)
        if option("early"):
            for i in range(3):
                self.player.picture(CLIP, i, CLIP.times[i] - 1)
        self.answer("200 OK", "Session: 7\r\n")
        self.player.start()

    def serve(self, words):
        method, uri = words[0], words[1]
        print(method, flush=True)
        if time.monotonic() < Session.booted_at:
            self.answer("503 Service Unavailable")
            return True
        if option("auth") and method != "OPTIONS" and not self.knows(method,
                                                                      uri):
            self.refuse()
            return True
        self.heard = time.monotonic()
        if method == "OPTIONS":
            self.answer("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, "
                        "TEARDOWN, GET_PARAMETER\r\n")
        elif method == "DESCRIBE":
            self.describe(uri)
        elif method == "SETUP":
            self.setup()
        elif method == "PLAY":
            self.play()
        elif method == "TEARDOWN":
            with Session.lock:
                Session.owner = None
            self.answer("200 OK")
            return False
        else:
            self.answer("200 OK")
        return True

    def watch_keep_alive(self):
        while time.monotonic() - self.heard < number("drop_s"):
            time.sleep(0.1)
        print("dropped", flush=True)
        self.close()

    def run(self):
        try:
            if ODD.get(option("answer")):
                ODD[option("answer")](self)
                return
            if option("drop_s"):
                threading.Thread(target=self.watch_keep_alive,
                                 daemon=True).start()
            while True:
                words = self.request()
                if not words or not self.serve(words):
                    break
        except OSError:
            pass
        if self.player:
            self.player.stopped = True
        with Session.lock:
            if Session.owner is self:
                Session.owner = None
                Session.free_at = time.monotonic() + number("stale_s")
        self.connection.close()


def garbage(session):
    while True:
        session.send(os.urandom(65536))


def headers(session):
    session.request()
    session.send(b"RTSP/1.0 200 OK\r\n")
    line = b"X-Tank: " + b"g" * 4000 + b"\r\n"
    for _ in range((1 << 30) // len(line)):
        session.send(line)


def redirect(session):
    words = session.request()
    while words:
        print("redirected", flush=True)
        session.answer("302 Moved", "Location: %s\r\n" % words[1])
        words = session.request()


ODD = {"garbage": garbage, "headers": headers, "redirect": redirect}
CLIP = None if option("answer") else Clip(sys.argv[1])
OTHER = Clip(option("other")) if option("other") else None


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
    print("listening %d" % listener.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)),
                     daemon=True).start()
    while True:
        connection, _ = listener.accept()
        if not Session.booted_at:
            Session.booted_at = time.monotonic() + number("boot_s")
        Session(connection).start()


main()
