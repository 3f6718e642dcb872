"""What makes a report ready to be handed on."""
