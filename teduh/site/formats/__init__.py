"""How dates and times are written; times have two digits, as on a timetable."""
