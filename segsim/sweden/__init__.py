"""Facts on Sweden that come with segsim: its municipalities, their areas, districts and schools.

`PROVENANCE.md` beside this file names publisher, table, date and licence of every file.
"""
