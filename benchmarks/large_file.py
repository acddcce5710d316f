"""How long a question to a large event file takes, against the bare query that answers it.

    make bench                    3 million rows, about 1.3 GB
    make bench ROWS=10000000      10 million

Printed are ratios within this run and peak memory; the file is made anew and removed. The bare
query is one DuckDB statement on the CSV file in a Python process of its own, without a single check.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from acled_like import write_events

# Same numbers: fatalities of events that target civilians, by country and year.
_BARE = """
import duckdb, sys
duckdb.sql("set enable_progress_bar = false")
print(duckdb.sql(f\"\"\"
    select country, year(event_date::date) as year, sum(fatalities::int)::int as deaths
    from read_csv('{sys.argv[1]}', all_varchar = true, header = true)
    where civilian_targeting = 'Civilian targeting' and country in ('Mali', 'Burkina Faso')
        and event_date >= '2017' and event_date < '2024'
    group by all order by country desc, year\"\"\").df()['deaths'].tolist())
"""


@dataclass(frozen=True)
class Timed:
    """Wall time in seconds, peak memory in MB and standard output of a process."""

    seconds: float
    megabytes: float
    output: str


def timed(command: list[str], **environment: str) -> Timed:
    """Run a command and measure it."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command[:3])} … ended with {process.returncode}")
    return Timed(time.perf_counter() - start, usage.ru_maxrss / 1024, output)


def best_of(times: int, command: list[str], prepare=lambda: {}) -> Timed:
    """The fastest of several runs, with the largest memory of all."""
    runs = [timed(command, **prepare()) for _ in range(times)]
    fastest = min(runs, key=lambda run: run.seconds)
    return Timed(fastest.seconds, max(run.megabytes for run in runs), fastest.output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sahel-bench-") as name:
        folder = Path(name)
        file = folder / "events.csv"
        write_events(file, given.rows)
        print(f"{given.rows:,} rows, {file.stat().st_size / 2**20:,.0f} MB, 2 threads")
        sahel = str(Path(sys.executable).parent / "sahel")
        question = [sahel, "indicator", "civilian-deaths", "--format", "csv",
                    "-p", f"deaths_source={file}", "-p", "deaths_definition=A2"]  # fmt: skip
        nothing = timed([sahel, "parameters"])
        bare = best_of(given.times, [sys.executable, "-c", _BARE, str(file)])
        empty = iter(range(10**6))
        first = best_of(
            given.times, question, lambda: {"SAHEL_CACHE": str(folder / f"cache{next(empty)}")}
        )
        later = best_of(given.times, question, lambda: {"SAHEL_CACHE": str(folder / "cache0")})
        demand_same(bare, first, later)
    print("                       seconds  of the bare query  peak MB")
    for title, run in (
        ("bare DuckDB query", bare), ("first question", first), ("later question", later),
        ("no question (start)", nothing),
    ):  # fmt: skip
        ratio = run.seconds / bare.seconds
        print(f"{title:22} {run.seconds:8.2f} {ratio:18.2f} {run.megabytes:8.0f}")
    beyond = (first.seconds - nothing.seconds) / bare.seconds
    print(f"first question without the start of the command: {beyond:.2f} of the bare query")


def demand_same(bare: Timed, *questions: Timed) -> None:
    """Stop if the command and the bare query do not give the same numbers."""
    expected = [float(number) for number in bare.output.strip("[]\n").split(",")]
    for question in questions:
        lines = question.output.splitlines()
        place = lines[0].split(",").index("value")
        found = [float(line.split(",")[place]) for line in lines[1:]]
        if found != expected:
            raise SystemExit(f"The numbers differ: expected {expected}, found {found}.")


if __name__ == "__main__":
    main()
