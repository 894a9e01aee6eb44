import { readdir, readFile } from 'node:fs/promises';

/** CPU time of all threads of a process so far. Linux only. */
export async function cpuMsOf(pid: number | undefined): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const times = (await readdir(tasks)).map(async (task) => readFile(`${tasks}/${task}/schedstat`, 'utf8'));
  return (await Promise.all(times)).reduce((sum, line) => sum + Number(line.split(' ')[0]) / 1e6, 0);
}

/** Resident memory of a process. Linux only. */
export async function rssMbOf(pid: number | undefined): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
