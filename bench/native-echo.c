/* An echo server on native libenet, for the benchmark: prints its port, and sends back whatever it is sent, on the channel
 * and with the delivery that it came with. */
#include <enet/enet.h>
#include <stdio.h>

#define PEERS 64
#define CHANNELS 4

int main(void) {
  if (enet_initialize() != 0) return 2;
  ENetAddress address = {.port = 0};
  enet_address_set_host(&address, "127.0.0.1");
  ENetHost *host = enet_host_create(&address, PEERS, CHANNELS, 0, 0);
  if (host == NULL) return 2;
  ENetAddress bound;
  enet_socket_get_address(host->socket, &bound);
  printf("%u\n", bound.port);
  fflush(stdout);
  for (;;) {
    ENetEvent event;
    while (enet_host_service(host, &event, 1000) > 0) {
      if (event.type != ENET_EVENT_TYPE_RECEIVE) continue;
      enet_uint32 flags = event.packet->flags & (ENET_PACKET_FLAG_RELIABLE | ENET_PACKET_FLAG_UNSEQUENCED);
      ENetPacket *answer = enet_packet_create(event.packet->data, event.packet->dataLength, flags);
      if (enet_peer_send(event.peer, event.channelID, answer) != 0) enet_packet_destroy(answer);
      enet_packet_destroy(event.packet);
    }
  }
}
