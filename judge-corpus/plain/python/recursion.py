"""
about: recurses deeper than Python's own limit
expect: RE
says: RecursionError
"""
def down(n):
    return down(n + 1) + 1


print(down(0))
