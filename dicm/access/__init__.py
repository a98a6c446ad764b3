"""The access table: every address of both sites, and who gets what there.

A row is one address with one thing in it. `may` names those who get `status`; everybody else is refused: whoever
is not signed in goes to sign in, whoever is signed in is told that there is nothing (404). EVERYONE includes residents. An act
is a row whose address takes POST only: its rightful people get 405 for a GET.

docs/access.md is printed from it, the tests walk it, and `manage.py check` fails on an address that it doesn't name.
"""
