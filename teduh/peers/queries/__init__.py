"""What the screens of peer support need, as dataclasses; every function has a fixed number of queries."""
