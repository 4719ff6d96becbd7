"""The Dapodik student list: read (plain Python, in a process of its own), compared, applied."""
