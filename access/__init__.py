"""Who acts on an office's server: accounts, sessions, roles, and what of a district each sees."""
