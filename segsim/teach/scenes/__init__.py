"""What a lesson shows and moves, and the settings it is made of."""
