"""The one-at-a-time mode of an abstract board: the switches on which the models of segregation differ."""
