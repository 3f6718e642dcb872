"""The year: one function per step, each `step(moment)`, changing the tables of that moment."""
