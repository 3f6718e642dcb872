"""What callers hand to an index, read and checked at the door."""
