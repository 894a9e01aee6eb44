import type { Tool } from '../tool.ts';
import { chat } from './chat.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';
import { listModels } from './list-models.ts';
import { showModel } from './show-model.ts';
import { status } from './status.ts';

/** All tools, in the order in which hosts see them. */
export const tools: readonly Tool[] = [chat, generate, embed, listModels, showModel, status];
