#!/usr/bin/env node
/**
 * The `overworld` command. In a checkout, where the TypeScript sources are beside it, it runs those as they now stand;
 * in the published package it runs the build.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import process from 'node:process'

const source = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const { main } = existsSync(source)
  ? await import('../tools/sources.js').then(({ importSource }) => importSource(source))
  : await import('../dist/cli/main.js')

process.exitCode = await main(process.argv.slice(2))
