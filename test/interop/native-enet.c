/* A peer on native libenet, driven by lines on standard input, telling what it hears on standard output.
 *
 *   native-enet connect <host> <port> [checksum | compress]     a client, with CRC-32 or the range coder
 *   native-enet listen <port>                                   a server for one client
 *
 * Input:  send <channel> <reliable|unreliable|unsequenced> <hex>
 *         disconnect <data>     says goodbye
 *         vanish                is gone without a word
 * Output: listening <port> | connected | received <channel> <hex> | disconnected <data>
 */
#include <enet/enet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHANNELS 4
#define LINE_MAX_BYTES 140000

static ENetHost *host;
static ENetPeer *peer;

static void fail(const char *what) {
  fprintf(stderr, "native-enet: %s\n", what);
  exit(2);
}

static void tell(const char *format, unsigned value) {
  printf(format, value);
  fflush(stdout);
}

static void send_hex(unsigned channel, const char *mode, const char *hex) {
  size_t length = strlen(hex) / 2;
  enet_uint32 flags = strcmp(mode, "reliable") == 0      ? ENET_PACKET_FLAG_RELIABLE
                      : strcmp(mode, "unsequenced") == 0 ? ENET_PACKET_FLAG_UNSEQUENCED
                                                         : 0;
  ENetPacket *packet = enet_packet_create(NULL, length, flags);
  for (size_t i = 0; i < length; i++) {
    unsigned byte;
    if (sscanf(hex + 2 * i, "%2x", &byte) != 1) fail("bad hex");
    packet->data[i] = (enet_uint8)byte;
  }
  if (enet_peer_send(peer, (enet_uint8)channel, packet) != 0) fail("enet_peer_send");
}

static void obey(char *line) {
  char *command = strtok(line, " \n");
  if (command == NULL) return;
  if (strcmp(command, "vanish") == 0) exit(0);
  if (strcmp(command, "disconnect") == 0) {
    enet_peer_disconnect_later(peer, (enet_uint32)atoi(strtok(NULL, " \n")));
  } else if (strcmp(command, "send") == 0) {
    char *channel = strtok(NULL, " \n"), *mode = strtok(NULL, " \n"), *hex = strtok(NULL, " \n");
    if (channel == NULL || mode == NULL) fail("send <channel> <mode> <hex>");
    send_hex((unsigned)atoi(channel), mode, hex == NULL ? "" : hex);
  } else {
    fail("unknown command");
  }
}

/* Reads whole lines without blocking. */
static void read_input(void) {
  static char buffer[LINE_MAX_BYTES];
  static size_t used = 0;
  ssize_t count = read(STDIN_FILENO, buffer + used, sizeof buffer - 1 - used);
  if (count <= 0) return;
  used += (size_t)count;
  buffer[used] = '\0';
  char *start = buffer, *end;
  while ((end = strchr(start, '\n')) != NULL) {
    *end = '\0';
    obey(start);
    start = end + 1;
  }
  used -= (size_t)(start - buffer);
  memmove(buffer, start, used);
  if (used == sizeof buffer - 1) fail("line too long");
}

static void handle(const ENetEvent *event) {
  switch (event->type) {
    case ENET_EVENT_TYPE_CONNECT:
      peer = event->peer;
      tell("connected\n", 0);
      break;
    case ENET_EVENT_TYPE_RECEIVE:
      printf("received %u ", event->channelID);
      for (size_t i = 0; i < event->packet->dataLength; i++) printf("%02x", event->packet->data[i]);
      tell("\n", 0);
      enet_packet_destroy(event->packet);
      break;
    case ENET_EVENT_TYPE_DISCONNECT:
      tell("disconnected %u\n", event->data);
      exit(0);
    default:
      break;
  }
}

int main(int argc, char **argv) {
  if (enet_initialize() != 0) fail("enet_initialize");
  if (argc >= 4 && strcmp(argv[1], "connect") == 0) {
    ENetAddress address;
    host = enet_host_create(NULL, 1, CHANNELS, 0, 0);
    if (argc == 5 && strcmp(argv[4], "checksum") == 0) host->checksum = enet_crc32;
    if (argc == 5 && strcmp(argv[4], "compress") == 0) enet_host_compress_with_range_coder(host);
    enet_address_set_host(&address, argv[2]);
    address.port = (enet_uint16)atoi(argv[3]);
    peer = enet_host_connect(host, &address, CHANNELS, 0);
    if (peer == NULL) fail("enet_host_connect");
  } else if (argc == 3 && strcmp(argv[1], "listen") == 0) {
    ENetAddress address = {.port = (enet_uint16)atoi(argv[2])};
    enet_address_set_host(&address, "127.0.0.1");
    host = enet_host_create(&address, 4, CHANNELS, 0, 0);
    if (host == NULL) fail("enet_host_create");
    ENetAddress bound;
    enet_socket_get_address(host->socket, &bound);
    tell("listening %u\n", bound.port);
  } else {
    fail("connect <host> <port> [checksum | compress] | listen <port>");
  }
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  for (;;) {
    ENetEvent event;
    while (enet_host_service(host, &event, 5) > 0) handle(&event);
    read_input();
  }
}
