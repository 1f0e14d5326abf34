/**
 * The chat in a page. Its session survives lost connections by itself, and a reload of the page through
 * `sessionStorage`; the page only says so.
 */
/* oxlint-disable typescript/no-unsafe-argument -- what a browser has is not among the types of this checkout */
import { createClient, storageStore } from 'overworld/client'
import { chat } from './chat-app.ts'

const find = (id) => document.getElementById(id)

const client = createClient({
  address: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
  store: storageStore('sessionStorage'),
})
const room = client.app(chat)
const join = () => room.join({ name: new URLSearchParams(location.search).get('name') ?? 'somebody' })
let wasConnected = false

client.on('session', ({ resumed, zone, skewed }) => {
  // A session that is in no zone has to join: a new one, and one whose zone has stopped or removed it meanwhile.
  if (zone === undefined) join()
  // A deployment has changed the messages: this page may not understand what the server says, nor the server this page.
  if (skewed.length > 0) addLine('There is a new version: reload the page.', 'note')
  if (resumed) addLine('You are back in the same session. What was said meanwhile is lost.', 'note')
  else if (wasConnected) addLine('You were away for too long: this is a new session.', 'note')
  wasConnected = true
})
// The zone has stopped, or removed this player, while the page was connected.
client.on('denied', ({ reason }) => {
  if (reason === 'no_zone') join()
})
client.on('status', (status) => {
  find('status').textContent = describe(status)
  find('status').className = status.kind
  if (status.kind === 'ended') addLine('Reload the page to come back.', 'note')
})
room.on('here', ({ names }) => {
  find('members').textContent = names.join(', ')
})
room.on('said', ({ name, text }) => addLine(`${name}: ${text}`, 'said'))
find('form').addEventListener('submit', (event) => {
  event.preventDefault()
  // False where there is no session at the moment: the text stays where it is.
  if (room.send('say', { text: find('text').value })) find('text').value = ''
})

client.connect()

function describe(status) {
  switch (status.kind) {
    case 'connected':
      return `connected, session ${status.sessionId}`
    case 'waiting':
      return `${wasConnected ? 'connection lost' : 'no connection'}, trying again`
    case 'ended':
      return `ended: ${status.reason || `code ${status.code}`}`
    default:
      return status.kind
  }
}

function addLine(text, className) {
  const line = document.createElement('li')
  line.textContent = text
  line.className = className
  find('messages').append(line)
  find('messages').scrollTop = find('messages').scrollHeight
}
