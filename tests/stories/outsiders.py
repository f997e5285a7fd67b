"""Outsiders for stories: a time-stamping authority that is OpenSSL's own
behind a small HTTP server, certificates for it, a beacon."""
import os
import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shim import on_day

CONFIG = """
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3650
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[stamp]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[server]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1
[elsewhere]
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.example
[tsa]
default_tsa = garden
[garden]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Serving:
    """An HTTP server on a free port; `answer(path, body)` gives status, type
    and body. With `tls`, a path without .pem and .key, an HTTPS server."""

    def __init__(self, answer, tls=None):
        self.asked = 0
        serving = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self, body):
                serving.asked += 1
                status, kind, out = answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def do_GET(self):
                self._do(b"")

            def do_POST(self):
                self._do(self.rfile.read(
                    int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http%s://127.0.0.1:%d" % (
            "s" if tls else "", self._server.server_port)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls + ".pem", tls + ".key")
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Authority:
    """A root, a stamping certificate and `openssl ts -reply`; `day` is the
    day on which it lives ("2011-11-01"), None for today."""

    def __init__(self, folder, day=None, days=3650, name="Garden Time",
                 curve="prime256v1"):
        self.folder, self.day, self.curve = folder, day, curve
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self._put("openssl.cnf", CONFIG)
        self._put("serial", "01\n")
        self._put("crlnumber", "01\n")
        self._put("index.txt", "")
        self._key("ca.key")
        self.openssl("req", "-x509", "-new", "-key", "ca.key", "-out",
                     "ca.pem", "-days", str(days), "-subj",
                     "/CN=%s Root" % name, "-config", "openssl.cnf",
                     "-extensions", "root")
        self.certify("tsa", days, name)
        self.ca = os.path.join(folder, "ca.pem")
        self.server = None

    def _put(self, name, text):
        with open(os.path.join(self.folder, name), "w") as out:
            out.write(text)

    def _key(self, name):
        self.openssl("ecparam", "-name", self.curve, "-genkey",
                     "-noout", "-out", name)

    def openssl(self, *words, code=0):
        before = on_day(self.folder, self.day) if self.day else []
        done = subprocess.run(before + ["openssl"] + list(words),
                              cwd=self.folder, capture_output=True,
                              env=dict(os.environ, TZ="UTC"), check=False)
        if done.returncode != code:
            raise RuntimeError("openssl %s: %s" % (
                " ".join(words), done.stderr.decode()))
        return done.stdout

    def certify(self, name, days, subject, use="stamp"):
        """A certificate for stamping, or another use, NAME.key and NAME.pem;
        gives their path without the ends."""
        self._key(name + ".key")
        self.openssl("req", "-new", "-key", name + ".key", "-out",
                     name + ".csr", "-subj", "/CN=" + subject,
                     "-config", "openssl.cnf")
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem",
                     "-CAkey", "ca.key", "-CAcreateserial", "-days",
                     str(days), "-out", name + ".pem", "-extfile",
                     "openssl.cnf", "-extensions", use)
        return os.path.join(self.folder, name)

    def revoke(self, name="tsa"):
        """Revoke NAME.pem; gives the path of the list."""
        self.openssl("ca", "-config", "openssl.cnf", "-keyfile", "ca.key",
                     "-cert", "ca.pem", "-revoke", name + ".pem")
        return self.crl()

    def crl(self):
        self.openssl("ca", "-config", "openssl.cnf", "-keyfile", "ca.key",
                     "-cert", "ca.pem", "-gencrl", "-out", "crl.pem")
        return os.path.join(self.folder, "crl.pem")

    def reply(self, query, name="tsa"):
        """The reply to a query, bytes both."""
        with open(os.path.join(self.folder, "query.tsq"), "wb") as out:
            out.write(query)
        self.openssl("ts", "-reply", "-queryfile", "query.tsq", "-config",
                     "openssl.cnf", "-section", "garden", "-signer",
                     name + ".pem", "-inkey", name + ".key", "-out",
                     "reply.tsr", "-chain", "ca.pem")
        with open(os.path.join(self.folder, "reply.tsr"), "rb") as file:
            return file.read()

    def query(self, data, digest="sha256"):
        with open(os.path.join(self.folder, "data"), "wb") as out:
            out.write(data)
        self.openssl("ts", "-query", "-data", "data", "-" + digest, "-cert",
                     "-out", "query.tsq")
        with open(os.path.join(self.folder, "query.tsq"), "rb") as file:
            return file.read()

    def answer(self, _, body):
        """What a Serving is to say."""
        return 200, "application/timestamp-reply", self.reply(body)

    def serve(self):
        """Answer over HTTP; gives the address."""
        self.server = Serving(self.answer)
        return self.server.url

    def close(self):
        if self.server:
            self.server.close()
