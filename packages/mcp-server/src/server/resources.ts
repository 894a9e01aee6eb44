import { OllamaError } from '@ollama-toolbelt/core/neutral';
import { type AskedServers, errorText } from '../calls/tool-error.ts';
import { listedModels } from '../servers/ollama-servers.ts';
import { shownModel } from '../tools/ollama-server.ts';
import { plainText, plainValue } from '../tools/plain-text.ts';
import { readModelList } from '../tools/support/installed-models.ts';
import { readModel } from '../tools/support/model-details.ts';
import type { Session } from '../tools/tool-context.ts';

const NOT_FOUND = -32002;
const INTERNAL_ERROR = -32603;
const mimeType = 'application/json';

/** Template that is completed with the names of installed models. */
export const modelTemplate = 'ollama://models/{name}';

/** A group of resources whose URIs have the same prefix. */
interface Family {
  prefix: string;
  parameter: string;
  name: string;
  title: string;
  description: string;
  /** The values to include in the list of resources. */
  listed?(): readonly string[];
  /** The possible values of the parameter. */
  values(signal: AbortSignal): Promise<readonly string[]>;
  /** `undefined` if it does not exist. */
  read(value: string, signal: AbortSignal): Promise<unknown>;
}

/** The resources that clients can read. */
export class Resources {
  readonly #asked: AskedServers;
  readonly #families: readonly Family[];

  constructor(asked: AskedServers, session: Session | undefined) {
    this.#asked = asked;
    this.#families = [modelFamily(asked), ...(session ? [conversationFamily(session), embeddingFamily(session)] : [])];
  }

  /** Does not list individual models, because that would take a request to Ollama. */
  list(): object[] {
    const kept = this.#families.flatMap(({ prefix, name, listed }) =>
      (listed?.() ?? []).map((id) => ({ uri: `${prefix}${id}`, name: `${name} ${id}`, mimeType })),
    );
    const models = {
      uri: 'ollama://models',
      name: 'models',
      title: 'Installed models',
      description: 'Models installed in Ollama, and what each can do',
      mimeType,
    };
    return [models, ...kept];
  }

  templates(): object[] {
    return this.#families.map(({ prefix, parameter, name, title, description }) => ({
      uriTemplate: `${prefix}{${parameter}}`,
      name,
      title,
      description,
      mimeType,
    }));
  }

  /** @throws an error with a JSON-RPC `code`. */
  async read(uri: string, signal: AbortSignal): Promise<object[]> {
    const value = await this.#value(uri, signal).catch(async (error: unknown) => {
      const text = plainText(await errorText(error, this.#asked, signal));
      if (error instanceof OllamaError && error.code === 'model_not_found') throw notFound(text, uri);
      throw Object.assign(new Error(text), { code: INTERNAL_ERROR });
    });
    if (value === undefined) throw notFound(`Resource not found: ${shortened(uri)}`, uri);
    return [{ uri, mimeType, text: JSON.stringify(plainValue(value)) }];
  }

  /** The possible values for the parameter of a template. */
  async complete(uriTemplate: string, signal: AbortSignal): Promise<readonly string[]> {
    const family = this.#families.find(({ prefix, parameter }) => uriTemplate === `${prefix}{${parameter}}`);
    return family?.values(signal) ?? [];
  }

  async #value(uri: string, signal: AbortSignal): Promise<unknown> {
    if (uri === 'ollama://models') return readModelList(this.#asked.servers.all, signal);
    const family = this.#families.find(({ prefix }) => uri.startsWith(prefix));
    const value = decoded(uri.slice(family?.prefix.length ?? 0));
    return value === '' ? undefined : family?.read(value, signal);
  }
}

const shortened = (uri: string) => plainText(uri.slice(0, 200));

const notFound = (text: string, uri: string) =>
  Object.assign(new Error(text), { code: NOT_FOUND, data: { uri: shortened(uri) } });

/** Model names contain slashes and colons. Some clients encode them, others do not. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const modelFamily = ({ servers }: AskedServers): Family => ({
  prefix: 'ollama://models/',
  parameter: 'name',
  name: 'model',
  title: 'Installed model',
  description: 'Capabilities, context length, parameters and system prompt of one model',
  values: async (signal) => (await listedModels(servers, { signal })).models.map(({ shown }) => shown),
  async read(name, signal) {
    const { server, model } = await servers.find(name, { signal });
    try {
      return { ...(await readModel({ model }, { ...server, signal })), model: shownModel(server, model) };
    } catch (error) {
      throw servers.mark(error, server);
    }
  },
});

const conversationFamily = ({ conversations }: Session): Family => ({
  prefix: 'ollama://conversations/',
  parameter: 'id',
  name: 'conversation',
  title: 'Conversation',
  description: 'Messages of a conversation that ollama_chat keeps',
  listed: () => conversations.ids ?? [],
  values: async () => conversations.ids ?? [],
  read: async (id) => {
    const chat = conversations.get(id)?.chat;
    return chat && { messages: chat.messages };
  },
});

const embeddingFamily = ({ embeddings }: Session): Family => ({
  prefix: 'ollama://embeddings/',
  parameter: 'id',
  name: 'embeddings',
  title: 'Embeddings',
  description: 'All vectors of one call of ollama_embed',
  listed: () => embeddings.ids ?? [],
  values: async () => embeddings.ids ?? [],
  read: async (id) => embeddings.get(id),
});
