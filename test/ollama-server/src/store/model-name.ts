/** A model name in its four parts, with the server's defaults filled in. */
export interface ModelName {
  host: string;
  namespace: string;
  model: string;
  tag: string;
}

const defaults = { host: 'registry.ollama.ai', namespace: 'library', tag: 'latest' };
const part = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;
const namespacePart = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/;
const hostPart = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/;

/**
 * `[host/][namespace/]model[:tag]`, or undefined if the text is not a name. Surrounding white space is ignored. Before
 * a host, everything up to the first `://` is dropped.
 */
export function parseModelName(text: string): ModelName | undefined {
  const pieces = text.trim().split('/');
  const [, model = '', tag = defaults.tag] = /^([^:]*)(?::(.*))?$/s.exec(pieces.at(-1)!) ?? [];
  const namespace = pieces.at(-2) ?? defaults.namespace;
  const host =
    pieces.length < 3
      ? defaults.host
      : pieces
          .slice(0, -2)
          .join('/')
          .replace(/^.*?:\/\//s, '');
  if (!part.test(model) || !part.test(tag) || !namespacePart.test(namespace) || !hostPart.test(host)) return undefined;
  return { host, namespace, model, tag };
}

/** The form that two spellings of one name share. */
export const nameKey = (name: ModelName): string => fullName(name).toLowerCase();

export const fullName = ({ host, namespace, model, tag }: ModelName): string => `${host}/${namespace}/${model}:${tag}`;

/** As the server lists it: without the defaults, but always with the tag. */
export function shortName(name: ModelName): string {
  if (name.host !== defaults.host) return fullName(name);
  const tagged = `${name.model}:${name.tag}`;
  return name.namespace === defaults.namespace ? tagged : `${name.namespace}/${tagged}`;
}
