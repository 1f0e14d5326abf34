/**
 * The chat in a page. Its session survives lost connections by itself, and a reload of the page through
 * `sessionStorage`.
 */
/* oxlint-disable typescript/no-unsafe-argument -- what a browser has is not among the types of this checkout */
import { createClient, storageStore } from 'overworld/client'
import { chat } from './chat-app.ts'

const find = (id) => document.getElementById(id)

const client = createClient({
  address: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
  store: storageStore(sessionStorage),
})
const room = client.app(chat)

client.on('session', ({ resumed }) => {
  // A session that was resumed is still in the chat; a new one has to join.
  if (!resumed) room.join({ name: new URLSearchParams(location.search).get('name') ?? 'somebody' })
})
client.on('status', (status) => {
  find('status').textContent =
    status.kind === 'waiting' ? `connection lost, trying again in ${Math.round(status.retryInMs)} ms` : status.kind
})
room.on('here', ({ names }) => {
  find('members').textContent = names.join(', ')
})
room.on('said', ({ name, text }) => {
  const line = document.createElement('li')
  line.textContent = `${name}: ${text}`
  find('messages').append(line)
})
find('form').addEventListener('submit', (event) => {
  event.preventDefault()
  // False where there is no session at the moment: the text stays where it is.
  if (room.send('say', { text: find('text').value })) find('text').value = ''
})

client.connect()
