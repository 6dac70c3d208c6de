# Speaks to a director by what docs/socket.md says, and by nothing else. Its argument is the socket.
import base64
import json
import socket
import sys


class Director:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rw", encoding="utf-8", newline="\n")

    def say(self, value):
        self.lines.write(json.dumps(value) + "\n")
        self.lines.flush()

    def ask(self, *args, pieces=(), **fields):
        """The answer's exit code and its two outputs; standard input in pieces, as the director wants it."""
        self.say({"version": 1, "args": args, **fields})
        pieces = list(pieces)
        out, err = b"", ""
        while True:
            line = json.loads(self.lines.readline())
            out += line.get("out", "").encode() + base64.b64decode(line.get("bytes", ""))
            err += line.get("err", "")
            if line.get("want") == "stdin":
                self.say({"stdin": pieces.pop(0) if pieces else None})
            if "exit" in line:
                return line["exit"], out.decode(), err


def check(wanted, got):
    assert wanted == got, f"{got!r} is not {wanted!r}"


director = Director(sys.argv[1])
rules = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 2\n"
check((0, "", ""), director.ask("ipvsadm-restore", pieces=[rules[:20], rules[20:]]))
# Several requests over one connection, and standard input that comes with one.
check((0, rules, ""), director.ask("ipvsadm", "-Sn"))
check((0, "", ""), director.ask("ipvsadm", "-R", stdin="-A -u 10.0.0.1:53 -s wlc\n"))
exit_code, out, err = director.ask("ipvsadm", "-D", "-t", "10.0.0.9:80")
check((255, "No such service\n"), (exit_code, err))
exit_code, out, err = director.ask("drain", "10.0.1.1:8080", "--json")
check((0, "drained"), (exit_code, json.loads(out.splitlines()[-1])["state"]))
exit_code, out, err = director.ask("undrain", "10.0.1.1:8080", "--json")
check(2, json.loads(out)["weight"])
exit_code, out, err = director.ask("config", "apply", "mine.yaml", pieces=["sysctls: {sloppy_tcp", ": 1}\n"])
check(0, exit_code)
exit_code, out, err = director.ask("sysctl", "sloppy_tcp", "--json")
check("1", json.loads(out)[0]["value"])
exit_code, out, err = director.ask("events", "--past", "--json")
check({"change", "drain", "config"}, {json.loads(line)["kind"] for line in out.splitlines()})
# A client of another version is told so, and is hung up on.
other = Director(sys.argv[1])
other.say({"version": 2, "args": ["ipvsadm", "-C"]})
check(4, json.loads(other.lines.readline())["exit"])
check("", other.lines.readline())
check(0, director.ask("ipvsadm", "-Sn")[0])
print("all as docs/socket.md says")
