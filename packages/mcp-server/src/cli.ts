#!/usr/bin/env node
import { keepCompiled } from './cli/compile-cache.ts';

// Must run before the program is loaded.
keepCompiled();
await import('./command.ts');
