"""English: the twenty-four-hour clock, as schools in Indonesia use it; the day before the month."""

TIME_FORMAT = "H:i"
DATE_FORMAT = "j F Y"
