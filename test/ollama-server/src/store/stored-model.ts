import type { GgufFile } from '../llama/gguf.ts';
import { type GoTemplate, parseTemplate } from '../llama/go-template.ts';
import { timestamp } from '../wire/answer-lines.ts';
import type { Message } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import { sha256 } from './blob-store.ts';
import type { ModelName } from './model-name.ts';

export type LayerKind = 'model' | 'template' | 'system' | 'license' | 'params' | 'messages';

export interface Layer {
  kind: LayerKind;
  digest: string;
  size: number;
  /** The content, for every kind but the model itself. */
  text: string;
}

export const textLayer = (kind: LayerKind, text: string): Layer => ({
  kind,
  digest: sha256(text),
  size: Buffer.byteLength(text),
  text,
});

/** The template of a model without one. */
const plainTemplate = '{{ .Prompt }}';

/** An installed model: its layers and their content. */
export class StoredModel {
  readonly name: ModelName;
  readonly layers: readonly Layer[];
  readonly gguf: GgufFile;
  readonly quantization: string;
  /** Short name of the model it was created from. */
  readonly parent: string;
  /** In the format of the API; sorts as text. */
  readonly modifiedAt: string;
  readonly template: string;
  readonly parsedTemplate: GoTemplate;
  readonly digest: string;
  readonly capabilities: readonly string[];

  constructor(
    parts: Pick<StoredModel, 'name' | 'layers' | 'gguf' | 'quantization' | 'parent'> & { modifiedAt?: string },
  ) {
    this.name = parts.name;
    this.layers = parts.layers;
    this.gguf = parts.gguf;
    this.quantization = parts.quantization;
    this.parent = parts.parent;
    this.modifiedAt = parts.modifiedAt ?? timestamp();
    this.template = this.#text('template') ?? plainTemplate;
    this.parsedTemplate = parseTemplate(this.template);
    this.digest = sha256(JSON.stringify(this.layers.map(({ kind, digest }) => [kind, digest]))).slice('sha256:'.length);
    this.capabilities = capabilitiesOf(this.gguf, this.parsedTemplate);
  }

  get modelLayer(): Layer {
    return this.layers.find(({ kind }) => kind === 'model')!;
  }

  get size(): number {
    return this.layers.reduce((sum, { size }) => sum + size, 0);
  }

  get system(): string | undefined {
    return this.#text('system');
  }

  get licenses(): string[] {
    return this.layers.filter(({ kind }) => kind === 'license').map(({ text }) => text);
  }

  get parameters(): JsonObject {
    return JSON.parse(this.#text('params') ?? '{}') as JsonObject;
  }

  get messages(): Message[] {
    return JSON.parse(this.#text('messages') ?? '[]') as Message[];
  }

  /** The same model under another name, as copy creates it. */
  renamed(name: ModelName): StoredModel {
    const { layers, gguf, quantization, parent } = this;
    return new StoredModel({ name, layers, gguf, quantization, parent });
  }

  /** The same model, installed at another time. */
  installedAt(modifiedAt: string): StoredModel {
    const { name, layers, gguf, quantization, parent } = this;
    return new StoredModel({ name, layers, gguf, quantization, parent, modifiedAt });
  }

  #text(kind: LayerKind): string | undefined {
    return this.layers.find((layer) => layer.kind === kind)?.text;
  }
}

function capabilitiesOf(gguf: GgufFile, { fields }: GoTemplate): string[] {
  if (gguf.embedding) return ['embedding'];
  return [
    'completion',
    ...(fields.has('Tools') ? ['tools'] : []),
    ...(fields.has('Suffix') ? ['insert'] : []),
    ...(fields.has('Thinking') || fields.has('Think') ? ['thinking'] : []),
  ];
}
