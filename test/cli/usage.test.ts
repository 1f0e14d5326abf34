/** How the command is called: help, and what happens where it is called wrongly. */
import { describe, expect, test } from 'vitest'
import { overworld } from './support/command.ts'
import { inProcess } from './support/in-process.ts'

const subcommands = ['fuzz', 'run', 'scenarios', 'serve', 'chat', 'proto', 'mutants', 'inspect', 'import', 'export']

test('the help lists every subcommand, and goes to standard output', async () => {
  const { code, stdout, stderr } = await overworld(['--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const name of subcommands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
})

test.each(subcommands)('the help of %s has examples', async (name) => {
  const { code, stdout } = await inProcess([name, '--help'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Usage: overworld /)
  expect(stdout).toMatch(new RegExp(`^Examples:\\n  \\$ .*overworld ${name}`, 'm'))
})

test('the version is that of the package', async () => {
  expect((await inProcess(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/)
})

describe('what is called wrongly says why on standard error, and exits with 2', () => {
  test.each<readonly [readonly string[], RegExp]>([
    [[], /Usage/],
    [['fuz'], /Did you mean fuzz/],
    [['fuzz', '--seed', '-1'], /from 0 to 4294967295/],
    [['fuzz', '--seed', '4294967296'], /from 0 to 4294967295/],
    [['fuzz', '--runs', '0'], /1 or more/],
    [['fuzz', '--time', '60'], /500ms, 60s/],
    [['fuzz', '--app', 'nowhere.js'], /no file nowhere\.js/],
    [['run', 'tunnle'], /did you mean 'tunnel'/],
    [['run', 'nowhere.json'], /nowhere\.json cannot be read/],
    [['run'], /missing required argument/],
    [['serve', '--ws-port', '65536'], /0 to 65535/],
    [['serve', '--no-ws', '--no-enet'], /nothing to serve/],
    [['serve', '--tls-cert', 'cert.pem'], /both --tls-cert and --tls-key/],
    [['serve', '--liveness-timeout', '1s'], /at least 3000 ms/],
    [['serve', '--beacon-interval', '3s'], /from 250 to 2000/],
    [['proto', 'nowhere.proto'], /no file nowhere\.proto/],
    [['export', 'test'], /required option '--pcapng/],
    [['export', 'test', '--pcapng', 'x.pcapng'], /test has no recordings/],
    [['import'], /missing required argument/],
    [['import', 'nowhere.pcap'], /no file nowhere\.pcap/],
    [['import', 'test'], /test is a folder/],
    [['import', 'package.json', '--ws-port', '4433,0'], /1 to 65535/],
    [['import', 'package.json', '--enet-port', 'four'], /0 to 65535/],
    [['scenarios', 'surplus'], /too many arguments/],
  ])('overworld %j', async (args, why) => {
    const { code, stderr } = await inProcess(args)
    expect(stderr).toMatch(why)
    expect(code).toBe(2)
  })
})

test('a process that was called wrongly exits with 2', async () => {
  const { code, stdout, stderr } = await overworld(['chat', 'http://127.0.0.1'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/ws:.*wss:.*enet:/)
})
