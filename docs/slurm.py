"""A sweep on a cluster with SLURM: python docs/slurm.py docs/sweep.yml

The scheduler lives in this process; each job of SLURM is one worker, and starts only if it sees the
same code, lock and data. Queue, account and what else a site asks stand in dask's configuration
(`~/.config/dask/jobqueue.yaml`) or here.
"""

import subprocess
import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster

JOBS = 20

if __name__ == "__main__":
    with SLURMCluster(cores=1, processes=1, memory="2GB", walltime="02:00:00") as cluster:
        cluster.scale(jobs=JOBS)
        sahel = Path(sys.executable).parent / "sahel"
        done = subprocess.run(
            [sahel, "sweep", *sys.argv[1:], "--scheduler", cluster.scheduler_address, "--shared"],
            check=False,
        )
    sys.exit(done.returncode)
