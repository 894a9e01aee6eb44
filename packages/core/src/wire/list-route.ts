import type { Route } from './route.ts';
import { isObject, type ShapeCheck } from './shape-check.ts';

/** A response of list or ps. */
export const modelsShape: ShapeCheck = ({ models }) => {
  if (models === null) return undefined;
  if (!Array.isArray(models)) return 'models is not a list';
  const at = models.findIndex((model) => !isObject(model) || typeof model['name'] !== 'string');
  return at < 0 ? undefined : `models[${at}] has no name`;
};

/** The hint about a model that is not installed uses it too. */
export const listRoute = {
  method: 'GET',
  path: '/api/tags',
  answer: 'whole',
  quick: true,
  shape: modelsShape,
  list: 'models',
} as const satisfies Route;
