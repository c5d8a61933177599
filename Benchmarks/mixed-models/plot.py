#!/usr/bin/env python3
"""Usage: MixedModelBenchmark cost | plot.py > cost.svg

Cost against size on a log-log plot from what the program prints: one line of points for each heading, with a grey line of slope 1 through the first."""
import math
import re
import sys

series = []
for line in sys.stdin:
    point = re.match(r"\s+(\d+) scores, \d+ raters: ([\d.]+) cpu s", line)
    slope = re.match(r"\s+slope on the log–log plot ([\d.]+)", line)
    if point:
        series[-1]["points"].append((math.log10(int(point[1])), math.log10(float(point[2]))))
    elif slope:
        series[-1]["name"] += f": slope {slope[1]}"
    elif line.strip():
        series.append({"name": line.strip(), "points": []})

width, height, left, bottom = 560, 380, 60, 40
points = [p for s in series for p in s["points"]]
x0, x1 = math.floor(min(p[0] for p in points)), math.ceil(max(p[0] for p in points))
y0, y1 = math.floor(min(p[1] for p in points)), math.ceil(max(p[1] for p in points))


def place(x, y):
    return left + (x - x0) / (x1 - x0) * (width - left - 20), height - bottom - (y - y0) / (y1 - y0) * (height - bottom - 20)


def line(a, b, style):
    (ax, ay), (bx, by) = place(*a), place(*b)
    print(f'<line x1="{ax:.1f}" y1="{ay:.1f}" x2="{bx:.1f}" y2="{by:.1f}" {style}/>')


print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">')
print(f'<rect width="{width}" height="{height}" fill="white"/>')
for x in range(x0, x1 + 1):
    line((x, y0), (x, y1), 'stroke="#ddd"')
    print(f'<text x="{place(x, y0)[0]:.1f}" y="{height - bottom + 16}" text-anchor="middle">1e{x}</text>')
for y in range(y0, y1 + 1):
    line((x0, y), (x1, y), 'stroke="#ddd"')
    print(f'<text x="{left - 6}" y="{place(x0, y)[1] + 4:.1f}" text-anchor="end">{10.0 ** y:g}</text>')
print(f'<text x="{(left + width) / 2:.0f}" y="{height - 6}" text-anchor="middle">scores</text>')
print(f'<text transform="translate(14 {height / 2:.0f}) rotate(-90)" text-anchor="middle">CPU seconds</text>')
for s, colour, k in zip(series, ("#0a58a5", "#c0392b", "#2e7d32"), range(3)):
    (ax, ay), bx = s["points"][0], s["points"][-1][0]
    line((ax, ay), (bx, ay + bx - ax), 'stroke="#999" stroke-dasharray="4 3"')
    path = " ".join("%.1f,%.1f" % place(*p) for p in s["points"])
    print(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
    for p in s["points"]:
        print('<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (*place(*p), colour))
    print(f'<text x="{left + 10}" y="{36 + 16 * k}" fill="{colour}">{s["name"]}</text>')
print("</svg>")
