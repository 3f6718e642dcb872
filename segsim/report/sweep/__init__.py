"""What a sweep shows: tables and figures beside its runs, and a page of them."""
