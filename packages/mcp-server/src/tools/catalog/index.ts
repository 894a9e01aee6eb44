import type { Tool } from '../tool.ts';
import { chat } from './chat.ts';
import { copyModel } from './copy-model.ts';
import { createModel } from './create-model.ts';
import { deleteModel } from './delete-model.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';
import { job } from './job.ts';
import { listModels } from './list-models.ts';
import { loadModel } from './load-model.ts';
import { pullModel } from './pull-model.ts';
import { pushModel } from './push-model.ts';
import { rank } from './rank.ts';
import { showModel } from './show-model.ts';
import { status } from './status.ts';
import { unloadModel } from './unload-model.ts';
import { webFetch } from './web-fetch.ts';
import { webSearch } from './web-search.ts';

/** All tools, in the order in which hosts see them. */
export const tools: readonly Tool[] = [
  chat,
  generate,
  embed,
  rank,
  job,
  listModels,
  showModel,
  status,
  pullModel,
  pushModel,
  createModel,
  copyModel,
  deleteModel,
  loadModel,
  unloadModel,
  webSearch,
  webFetch,
];
