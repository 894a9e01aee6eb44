import { objectIn } from '../calls/written-as-text.ts';

interface PromptArgument {
  name: string;
  description: string;
  required: boolean;
  /** Whether to complete it with the names of installed models. */
  isModel?: true;
}

type Arguments = Readonly<Record<string, string>>;

/** What the server can do. */
interface Abilities {
  /** Whether its tools accept paths. */
  files: boolean;
}

/** A task that a person picks. It tells the host's model to have an Ollama model do the work. */
interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  text(args: Arguments, abilities: Abilities): string;
}

const model: PromptArgument = {
  name: 'model',
  description: 'Ollama model to use',
  required: true,
  isModel: true,
};

const prompts: readonly Prompt[] = [
  {
    name: 'summarize_file',
    title: 'Summarize a file',
    description: 'Lets an Ollama model summarize a file that does not pass through this conversation',
    arguments: [
      { name: 'file', description: 'Path of a text file', required: true },
      model,
      { name: 'focus', description: 'What to focus on', required: false },
    ],
    text: ({ file = '', model = '', focus }, { files }) => {
      const request = `Summarize the file${focus ? `, especially what it says about ${focus}` : ''}.`;
      const how = files
        ? `Call ollama_chat with model ${quoted(model)}, files [${quoted(file)}] and one user message: ${quoted(request)} Do not read the file yourself.`
        : `The Ollama server may not read files (its option --allow-dir). Read ${quoted(file)} yourself, and call ollama_chat with model ${quoted(model)} and one user message: the text of the file, then ${quoted(request)}`;
      return `${how} Then give me the answer, and say which model wrote it.`;
    },
  },
  {
    name: 'compare_models',
    title: 'Compare two models',
    description: 'Asks two Ollama models the same question, and compares the answers',
    arguments: [
      { ...model, name: 'model_a', description: 'First Ollama model' },
      { ...model, name: 'model_b', description: 'Second Ollama model' },
      { name: 'question', description: 'Question for both models', required: true },
    ],
    text: ({ model_a = '', model_b = '', question = '' }) =>
      `Call ollama_generate twice with the prompt ${quoted(question)}: once with model ${quoted(model_a)}, once with model ${quoted(model_b)}, the second after the first. Compare the answers in a table: what is right, what is missing, length, tokens per second. Quote where they disagree, and say which one you would use.`,
  },
  {
    name: 'extract_json',
    title: 'Extract JSON',
    description: 'Lets an Ollama model extract fields from a text or a file, as JSON that follows a schema',
    arguments: [
      { name: 'fields', description: 'Such as "name, date of birth, employer"', required: true },
      { name: 'source', description: 'The text, or the path of a file', required: true },
      model,
    ],
    text: ({ fields = '', source = '', model = '' }, { files }) =>
      `Write a JSON Schema (an object with simple properties, all required) for these fields: ${fields}. Call ollama_chat with model ${quoted(model)}, that schema as format, options {"temperature": 0} and one user message that asks for the fields. The source follows; ${files ? 'if it is the path of a file, pass it in files and do not read it yourself; otherwise put it into the message' : 'put it into the message'}. Give me the parsed value as JSON, and say which fields the source lacks.\n\nSource:\n${source}`,
  },
];

const quoted = (text: string) => JSON.stringify(text);

/** An argument of a prompt that a client wants to complete. */
export interface PromptField {
  prompt: string;
  argument: string;
}

const INVALID_PARAMS = -32602;

/** The prompts as clients see them. */
export class Prompts {
  readonly #abilities: Abilities;

  constructor(abilities: Abilities) {
    this.#abilities = abilities;
  }

  list(): object[] {
    return prompts.map(({ name, title, description, arguments: all }) => ({
      name,
      title,
      description,
      arguments: all.map(({ isModel: _, ...argument }) => argument),
    }));
  }

  /** @throws an error with a JSON-RPC `code` if there is no such prompt, or an argument is missing. */
  get(name: string, args: unknown): object {
    const prompt = prompts.find((candidate) => candidate.name === name);
    if (prompt === undefined) throw invalid(`Unknown prompt: ${name.slice(0, 64)}. There are: ${names()}.`);
    const given = Object.fromEntries(
      Object.entries(objectIn(args) ?? {})
        .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
        .map(([key, value]) => [key, String(value)]),
    );
    const missing = prompt.arguments.filter(({ name, required }) => required && !given[name]);
    if (missing.length > 0) throw invalid(`${name} lacks ${missing.map(({ name }) => name).join(', ')}.`);
    const text = prompt.text(given, this.#abilities);
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  }

  /** Whether the argument is the name of a model. */
  isModel({ prompt, argument }: PromptField): boolean {
    const all = prompts.find(({ name }) => name === prompt)?.arguments ?? [];
    return all.some(({ name, isModel }) => name === argument && isModel === true);
  }
}

const names = () => prompts.map(({ name }) => name).join(', ');

const invalid = (message: string) => Object.assign(new Error(message), { code: INVALID_PARAMS });
