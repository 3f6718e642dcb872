"""A folder of tables and maps as people have them, put together into a scenario that runs."""
