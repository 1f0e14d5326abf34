/** `sim/wire/`: the wire level, TCP and UDP under real adapters and libraries. */
export { Drain, runDraining, type RunOptions } from './drain.ts'
export { TcpSocket } from './tcp-socket.ts'
export type { TcpListener, TcpListenEvents, TcpStack } from './tcp-stack.ts'
export { UdpSocket, type DatagramSource } from './udp-socket.ts'
export { WireNetwork, type HostStacks, type UdpHostStack, type WireNetworkOptions } from './wire-network.ts'
