"""
about: says yes where the problem wants YES and minds it
expect: WA
compare: { caseSensitive: true }
tests: [{ out: "YES\n" }]
"""
print("yes")
