"""
about: is indented wrongly in a line that would never be reached
expect: CE
says: IndentationError
"""
if False:
    pass
      pass
