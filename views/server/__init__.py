"""What is between the network and the pages: one gate, its rules, and how the server runs."""
