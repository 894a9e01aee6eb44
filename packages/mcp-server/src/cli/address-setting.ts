/**
 * The setting that a person must change if the address of Ollama is wrong.
 *
 * @param from the flag or variable with the address; `undefined` if there is none
 * @param inEntry whether an agent host started this process, so its entry has the flag or variable
 */
export function addressSetting(from: string | undefined, inEntry: boolean): string {
  if (!inEntry) return from ?? '--host or OLLAMA_HOST';
  if (from === undefined)
    return '--host in "args", or OLLAMA_HOST in "env", of the entry of this server (a variable that is only exported does not reach it from every agent host)';
  return from.startsWith('--') ? `${from} in the entry of this server` : `${from} in "env" of the entry of this server`;
}
