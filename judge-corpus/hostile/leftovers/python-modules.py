"""
about: leaves modules that Python would load by itself when the next test starts
expect: AC
tests: [{ in: "leave", out: "clean\n" }, { in: "look", out: "clean\n" }]
"""
import os
import site
import sys

what = input()
print("ESCAPED" if hasattr(sys, "corpus") else "clean")
if what == "leave":
    home = site.getusersitepackages()
    for folder in (".", "/tmp", home, "/build", "/build/__pycache__"):
        try:
            os.makedirs(folder, exist_ok=True)
            for name in ("sitecustomize.py", "usercustomize.py", "os.py", "site.py", "main.cpython-311.pyc", "corpus.pth"):
                with open(os.path.join(folder, name), "w") as file:
                    file.write("import sys; sys.corpus = True\n")
        except OSError:
            pass
