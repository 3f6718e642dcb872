"""The classroom page: a class sees segregation happen, and what changes it (needs the extra `teach`)."""
