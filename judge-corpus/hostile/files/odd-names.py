"""
about: leaves files with the longest names there are, with line breaks, bytes that are no text, and names that look like options
expect: AC
tests: [{ in: "leave", out: "clean\n" }, { in: "look", out: "clean\n" }]
"""
import os

what = input()
places = (b".", b"/tmp", b"/dev/shm")
own = set(os.listdir(b"/build")) if os.path.isdir(b"/build") else {b"main.py"}
left = [name for place in places for name in os.listdir(place) if name not in own and name != b"__pycache__"]
print("ESCAPED" if left else "clean", *left)
if what == "leave":
    for place in places:
        for name in (b"x" * 255, b"\xff" * 255, b"\n\n", b"-rf", b" ", b"...", b"\x01\x1b[2J", b"*"):
            try:
                os.mkdir(os.path.join(place, name))
                open(os.path.join(place, name, name), "w").close()
            except FileExistsError:
                pass
