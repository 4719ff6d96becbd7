"""What the screens of the people room need."""
