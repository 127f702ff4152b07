"""
about: reads and says letters that are not English
expect: AC
tests: [{ in: "Mwaramutse, ça va? 😀\n", out: "MWARAMUTSE, ÇA VA? 😀\n" }]
compare: { caseSensitive: true }
"""
print(input().upper())
