import { expect, test } from 'vitest'
import { httpEndpoints, type HttpEndpointsOptions } from '../../transports/http-endpoints.ts'
import type { HttpResponse } from '../../transports/websocket-library.ts'
import { until } from './real-time.ts'

interface Answer {
  readonly isOurs: boolean
  readonly status: number
  readonly headers: Record<string, string | number>
  readonly body: string | undefined
}

async function ask(options: HttpEndpointsOptions, url: string, method = 'GET'): Promise<Answer> {
  return askEndpoints(httpEndpoints(options), url, method)
}

function askEndpoints(endpoints: ReturnType<typeof httpEndpoints>, url: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve) => {
    let status = 0
    let headers: Record<string, string | number> = {}
    const response: HttpResponse = {
      sendDate: true,
      setHeader: () => undefined,
      writeHead: (code, given) => {
        status = code
        headers = given
      },
      end: (body) => resolve({ isOurs: true, status, headers, body }),
    }
    if (!endpoints({ url, method, headers: {} }, response)) resolve({ isOurs: false, status, headers, body: undefined })
  })
}

test('other paths are left alone', async () => {
  for (const url of ['/', '/health', '/metricsx', '/ws', '']) {
    expect((await ask({ stats: () => ({}) }, url)).isOurs).toBe(false)
  }
})

test('other methods are refused', async () => {
  expect((await ask({ stats: () => ({}) }, '/metrics', 'POST')).status).toBe(405)
})

test('a HEAD request gets the length and no body', async () => {
  const { status, headers, body } = await ask({ stats: () => ({}) }, '/healthz', 'HEAD')
  expect({ status, length: headers['Content-Length'], body }).toEqual({ status: 200, length: 3, body: undefined })
})

test('healthz answers 503 while it should not be sent anybody', async () => {
  let isHealthy = true
  const endpoints = httpEndpoints({ stats: () => ({}), isHealthy: () => isHealthy })
  expect((await askEndpoints(endpoints, '/healthz')).status).toBe(200)
  isHealthy = false
  expect((await askEndpoints(endpoints, '/healthz?x=1')).status).toBe(503)
})

test('names become snake case with a prefix; those that end in Total are counters, the others gauges', async () => {
  const stats = (): Record<string, number> => ({ bytesInTotal: 12, zoneMembers: 4 })
  const { body } = await ask({ stats, help: { zoneMembers: 'Members of all zones' } }, '/metrics')
  expect(body).toContain('# TYPE overworld_bytes_in_total counter\noverworld_bytes_in_total 12\n')
  expect(body).toContain('# HELP overworld_zone_members Members of all zones\n# TYPE overworld_zone_members gauge\n')
})

test('kinds and the prefix can be given', async () => {
  const { body } = await ask({ stats: () => ({ ticks: 9 }), prefix: 'game_', kinds: { ticks: 'counter' } }, '/metrics')
  expect(body).toContain('# TYPE game_ticks counter\ngame_ticks 9\n')
})

test('scrapes within a second share one text; a later one shows the numbers of its own moment', async () => {
  let nowMs = 10_000
  let made = 0
  const endpoints = httpEndpoints({ stats: () => ({ ticksTotal: ++made }), clock: { now: () => nowMs } })
  const texts = await Promise.all(Array.from({ length: 200 }, () => askEndpoints(endpoints, '/metrics')))
  expect(new Set(texts.map(({ body }) => body)).size).toBe(1)
  nowMs += 999
  expect((await askEndpoints(endpoints, '/metrics')).body).toContain('overworld_ticks_total 1\n')
  nowMs += 1
  expect((await askEndpoints(endpoints, '/metrics')).body).toContain('overworld_ticks_total 2\n')
  expect(made).toBe(2)
})

test('the cache can be switched off, and metrics can be left to another port', async () => {
  let ticksTotal = 1
  const endpoints = httpEndpoints({ stats: () => ({ ticksTotal }), cacheMs: 0 })
  await askEndpoints(endpoints, '/metrics')
  ticksTotal = 5
  expect((await askEndpoints(endpoints, '/metrics')).body).toContain('overworld_ticks_total 5\n')
  expect((await ask({ stats: () => ({}), hasMetrics: false }, '/metrics')).isOurs).toBe(false)
  expect((await ask({ stats: () => ({}), hasMetrics: false }, '/healthz')).isOurs).toBe(true)
  expect(() => httpEndpoints({ stats: () => ({}), cacheMs: Number.NaN })).toThrow(/cacheMs/)
})

test('stats that throw are a 500, and the next scrape works again', async () => {
  let isBroken = true
  const endpoints = httpEndpoints({
    stats: () => {
      if (isBroken) throw new Error('broken')
      return { a: 1 }
    },
  })
  expect((await askEndpoints(endpoints, '/metrics')).status).toBe(500)
  isBroken = false
  expect((await askEndpoints(endpoints, '/metrics')).status).toBe(200)
})

test('a scrape that somebody else has answered meanwhile is left alone', async () => {
  const rejections: unknown[] = []
  const onRejection = (error: unknown): void => void rejections.push(error)
  process.on('unhandledRejection', onRejection)
  let asked = 0
  const answered: HttpResponse = {
    sendDate: true,
    setHeader: () => undefined,
    writeHead: () => {
      asked++
      throw new Error('Cannot write headers after they are sent to the client')
    },
    end: () => undefined,
  }
  expect(httpEndpoints({ stats: () => ({}) })({ url: '/metrics', method: 'GET', headers: {} }, answered)).toBe(true)
  await until(() => asked === 1)
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', onRejection)
  expect(rejections).toEqual([])
})
