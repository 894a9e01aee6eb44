import type { InstalledModel } from '@ollama-toolbelt/core';
import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { connect } from './client.ts';
import { toNodeError } from './node-error.ts';

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/** The installed models that can do what an operation needs. */
function searchModels(capability?: string): Search {
  return async function (filter) {
    try {
      const { models } = await (await connect(this)).list();
      return {
        results: models
          .filter((model) => isCapable(model, capability))
          .map((model) => item(model))
          .filter(({ name }) => matches(name, filter))
          .sort((a, b) => a.name.localeCompare(b.name, 'en')),
      };
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
  };
}

/** Older servers do not say what a model can do; then it is offered. */
function isCapable({ capabilities }: InstalledModel, wanted: string | undefined): boolean {
  return wanted === undefined || capabilities === undefined || capabilities.includes(wanted);
}

/** Each word of the filter must occur somewhere in the label. */
function matches(label: string, filter = ''): boolean {
  const text = label.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function item({ name, size, details, capabilities, remote_host: remoteHost }: InstalledModel): INodeListSearchItems {
  const facts = [
    [details?.parameter_size, details?.family].filter(Boolean).join(' '),
    remoteHost === undefined ? gigabytes(size) : 'cloud',
    details?.context_length === undefined ? '' : `${Math.round(details.context_length / 1024)}k context`,
    ...(capabilities ?? []).filter((capability) => capability !== 'completion'),
  ].filter((fact) => fact !== '');
  return { name: facts.length === 0 ? name : `${name} (${facts.join(', ')})`, value: name };
}

const gigabytes = (bytes: number) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

/** The models that are loaded. */
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
