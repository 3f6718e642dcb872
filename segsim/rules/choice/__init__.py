"""What people choose by: what they want of a home, tables of points, functions of one's own."""
