import type { InstalledModel } from '@ollama-toolbelt/core/neutral';
import {
  type ILoadOptionsFunctions,
  type INodeListSearchItems,
  type INodeListSearchResult,
  NodeOperationError,
} from 'n8n-workflow';
import { connect } from './client.ts';
import { toNodeError } from './node-error.ts';

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/** The installed models that have the capability an operation needs. */
function searchModels(capability?: string): Search {
  return async function (filter) {
    try {
      const { models } = await (await connect(this)).list();
      const capable = models.filter((model) => isCapable(model, capability));
      if (capable.length === 0) throw noModel(this, capability, models.length > 0);
      return {
        results: capable
          .sort((a, b) => a.name.localeCompare(b.name, 'en'))
          .map(item)
          .filter(({ name, value, description }) => matches(`${name} ${value} ${description}`, filter)),
      };
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
  };
}

/** The editor shows the message and the description instead of the list. */
function noModel(context: ILoadOptionsFunctions, capability: string | undefined, hasOthers: boolean): Error {
  const embeds = capability === 'embedding';
  const kind = embeds ? 'embedding model' : 'chat model';
  return new NodeOperationError(context.getNode(), `The server has no ${hasOthers ? kind : 'model'}`, {
    description: `Pull one with the operation Model > Pull of the Ollama Toolbelt node, such as ${embeds ? 'nomic-embed-text' : 'llama3.2'}.`,
  });
}

/** Older servers do not report the capabilities of a model; then it is offered. */
function isCapable({ capabilities }: InstalledModel, wanted: string | undefined): boolean {
  return wanted === undefined || !capabilities || capabilities.includes(wanted);
}

/** Every word of the filter must occur somewhere. */
function matches(label: string, filter = ''): boolean {
  const text = label.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The editor cuts long labels, so the deciding facts come first: the name, the capabilities, the size. */
function item({ name, size, details, capabilities, remote_host: remoteHost }: InstalledModel): INodeListSearchItems {
  const facts = [
    ...(capabilities ?? []).filter((capability) => capability !== 'completion'),
    remoteHost === undefined ? gigabytes(size) : 'cloud',
  ];
  const context = details?.context_length;
  const more = [
    details?.parameter_size,
    details?.family,
    details?.quantization_level,
    context === undefined ? '' : `${Math.round(context / 1024)}k context`,
  ];
  return {
    name: `${shortName(name)} (${facts.join(', ')})`,
    value: name,
    description: more.filter(Boolean).join(', '),
  };
}

/** Model names on Hugging Face are longer than the field; they differ at the end. */
const shortName = (name: string): string => name.replace(/^(hf\.co|huggingface\.co)\/[^/]+\//, 'hf.co/…/');

const gigabytes = (bytes: number) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

/** The loaded models. */
async function searchRunningModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
  try {
    const { models } = await (await connect(this)).ps();
    return { results: models.map(({ name }) => ({ name, value: name })).filter(({ name }) => matches(name, filter)) };
  } catch (error) {
    throw toNodeError(this.getNode(), error);
  }
}

export const listSearch = {
  searchRunningModels,
  searchModels: searchModels(),
  searchTextModels: searchModels('completion'),
  searchEmbeddingModels: searchModels('embedding'),
};
