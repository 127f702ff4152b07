"""
about: imports what is not installed
expect: RE
says: ModuleNotFoundError
"""
import surely_no_such_module
