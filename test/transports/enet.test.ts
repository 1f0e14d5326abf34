import { systemClock } from '../../transports/system-clock.ts'
import { enetNetwork } from '../../transports/enet-network.ts'
import { describeNetwork } from '../conformance/network-conformance.ts'
import { until } from './real-time.ts'

describeNetwork(
  'ENet on loopback',
  () => {
    const clock = systemClock()
    const errors: unknown[] = []
    const network = enetNetwork({ clock, connectTimeoutMs: 300, onError: (error) => errors.push(error) })
    return {
      clock,
      server: network,
      client: network,
      listenAddress: 'enet://127.0.0.1:0',
      deadAddress: 'enet://127.0.0.1:1',
      errors,
      until,
      stop: () => undefined,
    }
  },
  { deliveries: true, closeReasons: false, messageBytesMax: 64 * 1024, tooLongCode: 4506 },
)
