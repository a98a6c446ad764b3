"""Signing in with the identity provider of one's force or council, for whoever has an account here already.

A provider vouches for addresses of its own domains alone. The first time, the address finds the account; from then
on it is the provider's own identifier for the person (`sub`), so an address that was given to somebody else opens nothing.
"""
