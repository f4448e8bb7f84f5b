"""The embedded server, really started, killed and stopped."""
