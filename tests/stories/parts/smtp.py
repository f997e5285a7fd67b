"""A real SMTP server with STARTTLS and a login, for stories.

Usage: smtp.py PORT CERTIFICATE KEY USER PASSWORD OUT. Mail in clear, or
without the login, is refused; each mail is kept as OUT/N.eml beside N.to.
Says "ready" when it listens. Needs Debian's python3-aiosmtpd.
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

PORT, CERTIFICATE, KEY, USER, PASSWORD, OUT = sys.argv[1:7]


class Keeper:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        Keeper.count += 1
        name = "%s/%d" % (OUT, Keeper.count)
        with open(name + ".to", "w", encoding="ascii") as out:
            out.write("%s\n%s\n" % (envelope.mail_from,
                                    ",".join(envelope.rcpt_tos)))
        with open(name + ".part", "wb") as out:
            out.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")  # whole when it is there
        print("mail", flush=True)
        return "250 kept"


def login(server, session, envelope, mechanism, data):
    good = (data.login.decode() == USER and data.password.decode() == PASSWORD)
    return AuthResult(success=good)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Keeper(), hostname="shed", tls_context=context,
                     require_starttls=True, authenticator=login,
                     auth_required=True, loop=loop),
        "127.0.0.1", int(PORT))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
