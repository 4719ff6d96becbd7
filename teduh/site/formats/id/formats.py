"""Indonesian: hours and minutes with a point, in two digits."""

TIME_FORMAT = "H.i"
