import { webSocketNetwork } from '../../transports/websocket-network.ts'
import { describeNetwork } from '../conformance/network-conformance.ts'
import { patientClock, until } from './real-time.ts'

describeNetwork(
  'WebSocket on loopback',
  () => {
    const clock = patientClock()
    const errors: unknown[] = []
    const network = webSocketNetwork({ clock, onError: (error) => errors.push(error) })
    return {
      clock,
      server: network,
      client: network,
      listenAddress: 'ws://127.0.0.1:0/ws',
      deadAddress: 'ws://127.0.0.1:1/ws',
      errors,
      until,
      stop: () => undefined,
    }
  },
  { deliveries: false, closeReasons: true, messageBytesMax: 64 * 1024, tooLongCode: 1009 },
)
