"""The shell: everything that waits, retries or knows the time; the one floor that sees store and channels."""
