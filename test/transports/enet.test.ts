import { enetNetwork } from '../../transports/enet-network.ts'
import { describeNetwork } from '../conformance/network-conformance.ts'
import { patientClock, until } from './real-time.ts'

describeNetwork(
  'ENet on loopback',
  () => {
    const clock = patientClock()
    const errors: unknown[] = []
    const network = enetNetwork({ clock, connectTimeoutMs: 100, onError: (error) => errors.push(error) })
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
