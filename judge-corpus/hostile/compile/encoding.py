"""
about: names a codec that is a module of its own making, so that reading the source runs it
expect: [CE, RE]
"""
# -*- coding: corpus_codec -*-
raise SystemExit(3)
