import { systemClock } from '../../transports/system-clock.ts'
import { inProcessNetwork } from '../../transports/in-process.ts'
import { describeNetwork } from '../conformance/network-conformance.ts'
import { until } from './real-time.ts'

describeNetwork(
  'the in-process network',
  () => {
    const clock = systemClock()
    const errors: unknown[] = []
    const network = inProcessNetwork({ clock, onError: (error) => errors.push(error) })
    return {
      clock,
      server: network,
      client: network,
      listenAddress: 'inprocess://lobby',
      deadAddress: 'inprocess://nowhere',
      errors,
      until,
      stop: () => undefined,
    }
  },
  { deliveries: true, acknowledges: false, closeReasons: true, messageBytesMax: Infinity },
)
