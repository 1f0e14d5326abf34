/** `overworld/transports`: real time, real randomness and real networks for the core, in Node. */
export { browserRandom } from './browser-random.ts'
export { browserWebSocketNetwork } from './browser-websocket.ts'
export type { BrowserWebSocketOptions, PlatformWebSocket } from './browser-websocket.ts'
export { enetNetwork } from './enet-network.ts'
export type { EnetNetwork } from './enet-network.ts'
export type { EnetOptions } from './enet-options.ts'
export { enetClock, loadEnetLibrary } from './enet-library.ts'
export type { EnetLibrary } from './enet-library.ts'
export { nodeUdpStack, type UdpSocket, type UdpSocketSettings, type UdpStack } from './enet-stack.ts'
export type { ReportError } from './guarded-handler.ts'
export { httpEndpoints } from './http-endpoints.ts'
export type { HttpEndpointsOptions, MetricKind } from './http-endpoints.ts'
export { inProcessNetwork } from './in-process.ts'
export type { InProcessOptions } from './in-process.ts'
export { loadLibrary } from './library-loader.ts'
export type { LibraryWorld } from './library-loader.ts'
export { libraryWorld } from './library-world.ts'
export type { LibraryWorldOptions } from './library-world.ts'
export { networkByScheme } from './network-by-scheme.ts'
export { connectionIds, MESSAGE_BYTES_MAX_DEFAULT } from './options.ts'
export type { TransportOptions } from './options.ts'
export { systemClock } from './system-clock.ts'
export { systemRandom } from './system-random.ts'
export type {
  HttpRequest,
  HttpResponse,
  HttpServer,
  HttpServerListener,
  RequestHandler,
  ServerSettings,
  StreamSocket,
  WebSocketLibrary,
  WebSocketLike,
  WebSocketStack,
  WebSocketUpgrader,
} from './websocket-library.ts'
export { webSocketNetwork } from './websocket-network.ts'
export type { WebSocketNetwork } from './websocket-network.ts'
export type { WebSocketOptions } from './websocket-options.ts'
export { libraryVersion } from './library-version.ts'
export { findRecordings, RECORDING_SUFFIX, type RecordingSource } from './find-recordings.ts'
export { RecordingFileReader, type RecordingDamage } from './recording-file-reader.ts'
export { recordToFolder, type RecordingToFolder, type RecordToFolderOptions } from './recording-files.ts'
