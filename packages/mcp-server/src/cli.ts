#!/usr/bin/env node
import { keepCompiled } from './cli/compile-cache.ts';

// Before the program, which it is about.
keepCompiled();
await import('./command.ts');
