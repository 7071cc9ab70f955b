#!/usr/bin/env bash
# e2ep on several nodes of a SLURM cluster: sbatch docs/cluster/slurm.sh [options of `e2ep run`]
# Run it in the project's folder, whose .venv has the extra `cluster` and is on a shared disk.
#SBATCH --job-name=e2ep
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=16
#SBATCH --mem-per-cpu=4G
#SBATCH --time=12:00:00
set -euo pipefail
export PATH="$PWD/.venv/bin:$PATH" RAY_USAGE_STATS_ENABLED=0

# A secret for this job alone; without one, whoever reaches the port could run code as you.
RAY_AUTH_TOKEN=$(python -c 'import secrets; print(secrets.token_hex(32))')
export RAY_AUTH_MODE=token RAY_AUTH_TOKEN

head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
# A port that no other job on the head node is likely to use.
export RAY_ADDRESS="$head:$((20000 + SLURM_JOB_ID % 20000))"

srun --nodes=1 --ntasks=1 --nodelist="$head" \
  ray start --head --block --port="${RAY_ADDRESS##*:}" --num-cpus="$SLURM_CPUS_PER_TASK" \
  --include-dashboard=false &
until ray status >/dev/null 2>&1; do sleep 2; done

if [ "$SLURM_NNODES" -gt 1 ]; then
  srun --nodes=$((SLURM_NNODES - 1)) --ntasks=$((SLURM_NNODES - 1)) --exclude="$head" \
    ray start --block --address="$RAY_ADDRESS" --num-cpus="$SLURM_CPUS_PER_TASK" &
fi

# Nodes that join later take part too. SLURM ends them all with the job.
srun --nodes=1 --ntasks=1 --nodelist="$head" --overlap e2ep run "$@"
