import { agentStories } from './agent-stories.ts';
import { answerStories } from './answer-stories.ts';
import { failureStories } from './failure-stories.ts';
import { requestStories } from './request-stories.ts';
import type { Story } from './story.ts';

export const stories: Story[] = [...requestStories, ...answerStories, ...failureStories, ...agentStories];
