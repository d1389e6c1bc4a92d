#!/usr/bin/env node
// The command of whoever is on call, in the image of every service: fowergram --help (docs/on-call.md).
await import('../../dist/tools/admin/src/main.js');
