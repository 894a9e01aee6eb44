import { setTimeout as sleep } from 'node:timers/promises';
import { type FlattedRun, unflatten } from './flatted.ts';
import { CREDENTIAL_TYPE, type WorkflowFile } from './workflow.ts';

/** The session of the owner of a running n8n. */
export interface N8nAccess {
  url: string;
  cookie: string;
  /** n8n ties the cookie to the browser that received it. */
  browserId: string;
}

export interface Execution {
  status: 'new' | 'running' | 'success' | 'error' | 'canceled' | 'crashed' | 'waiting' | 'unknown';
  run: FlattedRun;
}

const owner = {
  email: 'owner@n8n.example',
  firstName: 'Olla',
  lastName: 'Ma',
  // For a server that lives for a minute, on this machine only.
  password: 'Toolbelt-1',
};

/** The requests of the editor to n8n's server, so any version of n8n may change them. */
export class N8nApi {
  readonly access: N8nAccess;

  constructor(access: N8nAccess) {
    this.access = access;
  }

  /** Creates the owner of a new n8n, as the first visitor does. */
  static async setUp(url: string): Promise<N8nApi> {
    const browserId = crypto.randomUUID();
    const response = await fetch(`${url}/rest/owner/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'browser-id': browserId },
      body: JSON.stringify(owner),
    });
    const [cookie] = response.headers.getSetCookie();
    if (!response.ok || cookie === undefined) {
      throw new Error(`n8n's set-up answered ${response.status}: ${await response.text()}`);
    }
    return new N8nApi({ url, cookie: cookie.split(';', 1)[0]!, browserId });
  }

  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { url, cookie, browserId } = this.access;
    const response = await fetch(`${url}/rest${path}`, {
      method,
      headers: { cookie, 'browser-id': browserId, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (JSON.parse(text) as { data: Answer }).data;
  }

  async addCredential(data: object, type = CREDENTIAL_TYPE, name = 'Ollama'): Promise<string> {
    return (await this.call<{ id: string }>('POST', '/credentials', { name, type, data })).id;
  }

  async testCredential(data: object): Promise<{ status: string; message: string }> {
    return this.call('POST', '/credentials/test', {
      credentials: { id: '', name: 'Ollama', type: CREDENTIAL_TYPE, data },
    });
  }

  async addWorkflow(file: WorkflowFile): Promise<WorkflowFile & { id: string; versionId: string }> {
    return this.call('POST', '/workflows', file);
  }

  /** Activates webhooks and other triggers of a workflow. */
  async publish({ id, versionId }: { id: string; versionId: string }): Promise<void> {
    await this.call('POST', `/workflows/${id}/activate`, { versionId });
    await until(async () => {
      const { status } = await this.call<{ status: string }>('GET', `/workflows/${id}/publication-status`);
      return status === 'published' ? true : undefined;
    }, `workflow ${id} to be published`);
  }

  /** Presses the editor's button; returns the id of the execution. */
  async start(workflow: WorkflowFile & { id: string }, trigger = 'Start'): Promise<string> {
    return this.#run(workflow, { name: trigger });
  }

  /** Writes into the editor's chat window. */
  async say(workflow: WorkflowFile & { id: string }, trigger: string, chatInput: string): Promise<string> {
    const json = { action: 'sendMessage', sessionId: crypto.randomUUID(), chatInput };
    const about = { startTime: 0, executionTime: 0, executionIndex: 0, executionStatus: 'success', source: [null] };
    return this.#run(workflow, { name: trigger, data: { ...about, data: { main: [[{ json }]] } } });
  }

  async #run(workflow: WorkflowFile & { id: string }, triggerToStartFrom: object): Promise<string> {
    const body = { workflowData: workflow, triggerToStartFrom };
    return (await this.call<{ executionId: string }>('POST', `/workflows/${workflow.id}/run`, body)).executionId;
  }

  async stop(executionId: string): Promise<void> {
    await this.call('POST', `/executions/${executionId}/stop`);
  }

  /** Waits for the end of an execution. */
  async ended(executionId: string, limitMs = 120_000): Promise<Execution> {
    type Answer = { status: Execution['status']; data: string };
    const ended = async () => {
      const { status, data } = await this.call<Answer>('GET', `/executions/${executionId}`);
      return ['new', 'running'].includes(status) ? undefined : { status, run: unflatten(data) };
    };
    return until(ended, `execution ${executionId} to end`, limitMs);
  }
}

/** Polls until there is a response, because n8n sends no notification. */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 120_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(50);
  }
}
