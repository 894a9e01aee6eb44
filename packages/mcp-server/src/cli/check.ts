import { access, constants, stat } from 'node:fs/promises';
import { closestNames, isLoopback, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import type { OllamaServers } from '../servers/ollama-servers.ts';
import { errorWords } from '../tools/error-words.ts';
import { type OllamaServer, shownModel } from '../tools/ollama-server.ts';
import { plainLine } from '../tools/plain-text.ts';
import { addressSetting } from './address-setting.ts';
import { keptVectorsIn } from './kept-vectors.ts';
import type { Config, ReadConfig } from './read-config.ts';
import { serversIn } from './servers-in.ts';

/** The result of one check. */
interface Finding {
  /** `note`: works, but is worth knowing. */
  kind: 'ok' | 'note' | 'problem';
  text: string;
  /** What to do about it. */
  advice?: string | undefined;
}

const TIMEOUT_MS = 10_000;
/** Older servers do not support thinking, and do not list capabilities. */
const OLDEST = [0, 9] as const;

/** Tests the settings with the real servers. Returns lines for people, and whether everything works. */
export async function checkSetup(
  read: ReadConfig,
  servers: OllamaServers,
  signal: AbortSignal,
): Promise<{ ok: boolean; lines: string[] }> {
  const { config, hostFrom } = read;
  const setting = addressSetting(hostFrom, false);
  const keys = serversIn(read).map(({ apiKey }) => apiKey);
  const checked = await Promise.all(
    servers.all.map((server, index) => checkServer(server, keys[index] ?? '', setting, signal)),
  );
  const installed = checked.flatMap(({ installed }) => installed ?? []);
  const isReached = checked.some(({ installed }) => installed !== undefined);
  const findings = [
    ...checked.flatMap(({ findings }) => findings),
    ...(config.apiKey !== undefined && keys.every((key) => key === '') ? [unusedKey] : []),
    ...(isReached ? await modelFindings(config, installed, servers, signal) : []),
    ...(await Promise.all(config.allowDir.map((folder) => folderFinding(folder, reading)))),
    ...(await Promise.all(config.allowWrite.map((folder) => folderFinding(folder, writing)))),
    ...(config.allowDir.length > 0 ? await vectorFindings(config) : []),
  ];
  return {
    ok: findings.every(({ kind }) => kind !== 'problem'),
    lines: findings.flatMap(({ kind, text, advice }) => [
      `${kind.padEnd(7)}  ${plainLine(text)}`,
      ...(advice === undefined ? [] : [`${' '.repeat(9)}${plainLine(advice)}`]),
    ]),
  };
}

const unusedKey: Finding = {
  kind: 'note',
  text: 'OLLAMA_API_KEY is not sent to any server.',
  advice: 'With several servers, say which one it belongs to: NAME=KEY.',
};

interface CheckedServer {
  findings: Finding[];
  /** Names for clients; `undefined` if the server does not answer. */
  installed?: string[];
}

async function checkServer(
  server: OllamaServer,
  apiKey: string,
  setting: string,
  signal: AbortSignal,
): Promise<CheckedServer> {
  const { name, ollama } = server;
  const call = { signal, timeouts: { totalMs: TIMEOUT_MS } };
  const named = (finding: Finding) => (name === undefined ? finding : { ...finding, text: `${name}: ${finding.text}` });
  try {
    const { version } = await ollama.version(call);
    const { models } = await ollama.list(call);
    const key = await keyFinding(apiKey, ollama, signal);
    const findings = [versionFinding(version, ollama.url), countFinding(models.length), ...(key ? [key] : [])];
    return { findings: findings.map(named), installed: models.map(({ name }) => shownModel(server, name)) };
  } catch (error) {
    return { findings: [named(problem(error, ollama.url, `Ollama at ${ollama.url}: `, setting))] };
  }
}

async function modelFindings(
  { model, embedModel }: Config,
  installed: readonly string[],
  servers: OllamaServers,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings = await Promise.all([
    modelFinding('Default model', model, 'completion', installed, servers, signal),
    modelFinding('Default embedding model', embedModel, 'embedding', installed, servers, signal),
  ]);
  return findings.filter((one) => one !== undefined);
}

function versionFinding(version: string, url: string): Finding {
  const text = `Ollama ${version} answers at ${url}.`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // A development build has the version 0.0.0.
  const old = version !== '0.0.0' && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]));
  return old
    ? {
        kind: 'note',
        text,
        advice: `It is older than ${OLDEST.join('.')}, so thinking and other features fail. Update it.`,
      }
    : { kind: 'ok', text };
}

const countFinding = (count: number): Finding =>
  count === 0
    ? { kind: 'problem', text: 'No models are installed.', advice: 'To install one: ollama pull llama3.2' }
    : { kind: 'ok', text: count === 1 ? '1 model is installed.' : `${count} models are installed.` };

async function keyFinding(apiKey: string, ollama: Ollama, signal: AbortSignal): Promise<Finding | undefined> {
  const { hostname, protocol } = new URL(ollama.url.startsWith('unix:') ? 'http://localhost' : ollama.url);
  if (hostname === 'ollama.com') {
    if (apiKey === '') {
      return {
        kind: 'problem',
        text: 'ollama.com needs a key.',
        advice: 'Create one at https://ollama.com/settings/keys and set OLLAMA_API_KEY.',
      };
    }
    try {
      await ollama.me({ signal, timeouts: { totalMs: TIMEOUT_MS } });
      return { kind: 'ok', text: 'The key is accepted.' };
    } catch (error) {
      return problem(error, ollama.url, 'The key: ');
    }
  }
  if (apiKey === '') return undefined;
  const open = protocol === 'http:' && !isLoopback(hostname);
  return open
    ? {
        kind: 'note',
        text: 'OLLAMA_API_KEY is sent over plain HTTP.',
        advice: 'Anyone in between can read it: use https, or unset it.',
      }
    : { kind: 'ok', text: 'OLLAMA_API_KEY is sent to this server.' };
}

async function modelFinding(
  label: string,
  written: string | undefined,
  capability: 'completion' | 'embedding',
  installed: readonly string[],
  servers: OllamaServers,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  if (written === undefined) return undefined;
  const { server, model: own } = await servers.find(written, { signal });
  const { ollama } = server;
  const model = shownModel(server, own);
  try {
    const { capabilities } = await ollama.show({ model: own }, { signal, timeouts: { totalMs: TIMEOUT_MS } });
    if (capabilities === undefined || capabilities.includes(capability)) {
      return { kind: 'ok', text: `${label}: ${model}.` };
    }
    return {
      kind: 'problem',
      text: `${label}: ${model} cannot do this (it can: ${capabilities.join(', ') || 'nothing that Ollama lists'}).`,
      advice: `Choose one with the capability ${capability}; see ollama_list_models.`,
    };
  } catch (error) {
    const near = closestNames(written, installed, 3);
    const found = problem(error, ollama.url, `${label}: `);
    return near.length === 0
      ? found
      : { ...found, advice: `Installed: ${near.join(', ')}. ${found.advice ?? ''}`.trim() };
  }
}

/** The purpose of a folder. */
interface Use {
  flag: string;
  mode: number;
  allowed: string;
  refused: string;
}

const reading: Use = {
  flag: '--allow-dir',
  mode: constants.R_OK,
  allowed: 'Files may be read from',
  refused: 'cannot be read',
};
const writing: Use = {
  flag: '--allow-write',
  mode: constants.W_OK,
  allowed: 'Answers may be written to',
  refused: 'cannot be written to',
};

async function folderFinding(folder: string, { flag, mode, allowed, refused }: Use): Promise<Finding> {
  try {
    const isFolder = (await stat(folder)).isDirectory();
    await access(folder, mode);
    if (isFolder) return { kind: 'ok', text: `${allowed} ${folder}.` };
    return {
      kind: 'problem',
      text: `${folder} is not a folder.`,
      advice: `Pass the folder that contains it to ${flag}.`,
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return {
      kind: 'problem',
      text: `${folder} ${refused} (${code}).`,
      advice: `Create it, or remove it from ${flag}.`,
    };
  }
}

/** Ranking also works without a cache, but more slowly. */
async function vectorFindings(config: Config): Promise<Finding[]> {
  const vectors = keptVectorsIn(config);
  if (vectors === undefined) return [];
  if (await vectors.check()) return [{ kind: 'ok', text: `Vectors of ranked files are cached in ${vectors.folder}.` }];
  const text = `Vectors of ranked files are not cached: ${vectors.problem}.`;
  return [
    { kind: 'note', text, advice: 'Each call embeds all of them again. Choose another folder with --cache-dir.' },
  ];
}

function problem(error: unknown, url: string, before: string, setting?: string): Finding {
  if (!(error instanceof OllamaError) || error.code === 'aborted') throw error;
  const { message, hint } = errorWords(error, url, setting);
  return { kind: 'problem', text: `${before}${message}`, advice: hint };
}
