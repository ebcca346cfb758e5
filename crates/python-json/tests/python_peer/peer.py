"""What the running Python makes of values and texts, a line for each."""

import hashlib
import json
import struct
import sys


def value(form):
    """Builds a value from a form that leaves nothing to a reader of JSON."""
    kind, content = form
    if kind == "float":
        content = bytes.fromhex(content)
        return struct.unpack(">d" if len(content) == 8 else ">f", content)[0]
    if kind == "integer":
        return int(content)
    if kind == "text":
        return bytes.fromhex(content).decode()
    if kind == "list":
        return [value(item) for item in content]
    if kind == "dict":
        entries = [(value(key), value(item)) for key, item in content]
        # Who writes as the entries come sees those too that a dict drops.
        dumps([item for _, item in entries])
        return dict(entries)
    return content


def dumps(value):
    return json.dumps(value, sort_keys=True, allow_nan=False)


def write(form):
    text = dumps(value(form))
    names = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    return [text] + [getattr(hashlib, name)(text.encode()).hexdigest() for name in names]


def rewrite(text):
    value = json.loads(bytes.fromhex(text).decode())
    # Half of a surrogate pair is in no encoding.
    json.dumps(value, ensure_ascii=False).encode()
    return [dumps(value)]


for line in sys.stdin.buffer.read().splitlines():
    task, argument = json.loads(line)
    try:
        print("\t".join({"write": write, "rewrite": rewrite}[task](argument)))
    except (TypeError, ValueError, RecursionError) as error:
        print("refused", type(error).__name__, sep="\t")
