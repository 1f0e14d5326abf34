/**
 * The chat in a page. Its session survives lost connections by itself, and a reload of the page through
 * `sessionStorage`.
 */
import { createClient, storageStore } from 'overworld/client'
import { chat } from 'overworld/scenarios'

const find = (id) => document.getElementById(id)

const client = createClient({
  address: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
  store: storageStore(sessionStorage),
})
const room = client.app(chat)

client.on('session', ({ resumed }) => {
  // A session that was resumed is still in the chat; a new one has to join.
  if (!resumed) room.join({ handle: new URLSearchParams(location.search).get('name') ?? undefined })
})
client.on('status', (status) => {
  find('status').textContent =
    status.kind === 'waiting' ? `connection lost, trying again in ${Math.round(status.retryInMs)} ms` : status.kind
})
room.on('sync', ({ handles }) => {
  find('members').textContent = handles.join(', ')
})
room.on('channel_msg', ({ handle, text }) => {
  const line = document.createElement('li')
  line.textContent = `${handle}: ${text}`
  find('messages').append(line)
})
find('form').addEventListener('submit', (event) => {
  event.preventDefault()
  // False where there is no session at the moment: the text stays where it is.
  if (room.send('channel_msg', { text: find('text').value })) find('text').value = ''
})

client.connect()
