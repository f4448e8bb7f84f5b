"""What is shipped, and what it takes to start it."""
