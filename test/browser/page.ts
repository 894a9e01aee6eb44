/** Runs in the browser: asks the test what to do, does it, tells how it went, and asks again. */
import { createOllama } from '@ollama-toolbelt/core/fetch';
import { jobs, outcomeOf } from './jobs.ts';

interface Order {
  id: number;
  job: keyof typeof jobs;
  host: string;
}

const post = async (path: string, value: unknown) => {
  await fetch(path, { method: 'POST', body: JSON.stringify(value) });
};

async function work(): Promise<void> {
  const order = await fetch(`/next?origin=${encodeURIComponent(location.hostname)}`);
  const { id, job, host } = (await order.json()) as Order;
  // The test may tell a job to stop while it runs.
  void fetch(`/stop?id=${id}`).then((answer) => answer.ok && dispatchEvent(new Event('stop')));
  const ollama = createOllama({ host, retry: false });
  const outcome = await outcomeOf(jobs[job], ollama, (value) => post(`/tell?id=${id}`, value));
  await post(`/done?id=${id}`, outcome);
}

for (;;) await work();
