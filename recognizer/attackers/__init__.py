"""Recognizers behind one interface: fit on training people, enroll a gallery, name the probes."""
