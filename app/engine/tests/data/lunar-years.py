"""Writes lunar-years.txt: the Vietnamese lunar years 1949-2099 as lunar-vn sees them.

    pip install lunar-vn==1.4.0 && python lunar-years.py > lunar-years.txt

One line a year: first day (mùng 1 Tết), leap month or 0, and the length of each
month in order, the leap month after its namesake (1 = 30 days, 0 = 29).
"""

import datetime
from lunar_vn import solar_to_lunar

day = datetime.date(1949, 1, 1)
years = {}  # year -> [first day, leap month, lengths]
while day <= datetime.date(2100, 3, 15):
    lunar = solar_to_lunar(day)
    if lunar.day == 1 and lunar.month == 1 and not lunar.leap:
        years[lunar.year] = [day, 0, []]
    if lunar.year in years:
        year = years[lunar.year]
        if lunar.leap:
            year[1] = lunar.month
        if lunar.day == 1:
            year[2].append(29)
        if lunar.day == 30:
            year[2][-1] = 30
    day += datetime.timedelta(days=1)

for year in range(1949, 2100):
    first, leap, lengths = years[year]
    print(first, leap, "".join("1" if n == 30 else "0" for n in lengths))
