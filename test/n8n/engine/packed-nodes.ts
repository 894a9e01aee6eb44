import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type PackedPackage, packedPackage } from '../../fixtures/packed-package.ts';

export const sourceDirectory = path.resolve(import.meta.dirname, '../../../packages/n8n-nodes');

/**
 * The node package as people install it: packed and unpacked into a temporary folder, with n8n's own copy of
 * n8n-workflow above it. From the workspace it would load the workspace's copy, and `instanceof` would not recognize
 * its errors.
 */
export async function packedNodes({
  withSdk = false,
  workflow = '',
}: {
  withSdk?: boolean;
  /** Folder of another n8n-workflow than the engine's. */
  workflow?: string;
} = {}): Promise<PackedPackage> {
  const packed = await packedPackage('n8n-nodes', 'node_modules/n8n-nodes-ollama-belt');
  const modules = path.join(packed.root, 'node_modules');
  try {
    await symlink(workflow || (await engineCopyOf('n8n-workflow')), path.join(modules, 'n8n-workflow'));
    if (withSdk) await addStandInSdk(path.join(modules, '@n8n/ai-node-sdk'));
    return packed;
  } catch (error) {
    await packed[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A stand-in for n8n's package for AI nodes, which would add 230 MB to n8n-core. It adapts the model as far as the
 * tests need it, and treats schemas as JSON Schemas. Tests with the complete n8n use the real one.
 */
async function addStandInSdk(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    path.join(directory, 'index.js'),
    `class Adapter {
  constructor(chatModel) { this.chatModel = chatModel; }
  // Of message content it keeps what the real one keeps.
  #kept(messages) {
    const kept = (block) => (block.type === 'image' ? { type: 'file', mediaType: block.mimeType, data: block.data } : block);
    const isKept = ({ type }) => type === 'text' || type === 'file';
    return messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(kept).filter(isKept),
    }));
  }
  async _generate(messages, options) {
    const { message } = await this.chatModel.generate(this.#kept(messages), options);
    const isCall = ({ type }) => type === 'tool-call';
    const content = message.content.filter((block) => !isCall(block));
    return { generations: [{ message: { content, tool_calls: message.content.filter(isCall) } }] };
  }
  async *_streamResponseChunks(messages, options) {
    for await (const { type, delta } of this.chatModel.stream(this.#kept(messages), options)) {
      yield { message: { content: type === 'text-delta' ? [{ type: 'text', text: delta }] : '' } };
    }
  }
  bindTools(tools) { return new Adapter(this.chatModel.withTools(tools)); }
}
exports.supplyModel = (context, model) => ({ response: new Adapter(model) });
exports.getParametersJsonSchema = ({ inputSchema }) => inputSchema;
`,
  );
}

/** Folder of the copy of a package that n8n-core loads. */
async function engineCopyOf(name: string): Promise<string> {
  const core = createRequire(import.meta.url).resolve('n8n-core/package.json');
  return realpath(path.join(path.dirname(await realpath(core)), '..', name));
}
