"""
about: raises what nobody catches
expect: RE
says: exit code 1[\s\S]*ValueError
"""
int("three")
