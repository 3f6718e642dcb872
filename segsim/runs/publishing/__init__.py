"""Results that others can cite and make again: how to cite them, and one file that remakes them."""
