"""Every letter that a room writes, so that whoever sends or shows them knows them all: in every process."""

import territories.people.joining.letters  # noqa: F401
