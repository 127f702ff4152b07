"""
about: nests folders thousands deep, closed ones among them; the next test finds none
expect: AC
limits: { cpuMs: 2000 }
tests: [{ in: "nest", out: "clean\n" }, { in: "look", out: "clean\n" }]
"""
import os

what = input()
seen = [name for place in (".", "/tmp", "/dev/shm") for name in os.listdir(place) if name.startswith("deep")]
print("ESCAPED" if seen else "clean")
if what == "nest":
    for place in (os.getcwd(), "/tmp", "/dev/shm"):
        os.chdir(place)
        try:
            for level in range(1000):
                os.mkdir("deep" + "x" * 100)
                os.chdir("deep" + "x" * 100)
                open("file", "w").close()
            os.chmod(".", 0)
        except OSError:
            pass
