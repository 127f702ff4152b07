"""
about: leaves files in each folder it may write; the next test finds none
expect: AC
tests: [{ in: "leave", out: "clean\n" }, { in: "look", out: "clean\n" }]
"""
import os

what = input()
places = (".", "/tmp", "/dev/shm", os.environ.get("HOME", "."))
print("ESCAPED" if any(os.path.exists(os.path.join(place, "left")) for place in places) else "clean")
if what == "leave":
    for place in places:
        open(os.path.join(place, "left"), "w").close()
