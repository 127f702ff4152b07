"""
about: lacks a bracket
expect: CE
says: SyntaxError
"""
print((1 + 2)
