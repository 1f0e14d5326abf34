/** `sim/wire/`: the wire level, TCP and UDP under real adapters and libraries. */
export { runDraining } from './drain.ts'
export { TcpSocket } from './tcp-socket.ts'
export type { TcpListener } from './tcp-stack.ts'
export { UdpSocket, type DatagramSource } from './udp-socket.ts'
export type { DatagramMessages, MessageUnderWay } from './wire-causes.ts'
export { WireNetwork, type HostStacks, type WireNetworkOptions } from './wire-network.ts'
