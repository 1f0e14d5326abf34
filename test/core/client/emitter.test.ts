/** Events of a client: every listener hears every event, in one order. */
import { expect, test } from 'vitest'
import { Emitter, ListenerErrors } from '../../../core/client/emitter.ts'

type Events = { readonly a: number; readonly b: string }

test('an event that a listener causes is told after the one that caused it, to everybody', () => {
  const events = new Emitter<Events>(new ListenerErrors())
  const heard: unknown[] = []
  events.on('a', (value) => {
    if (value < 3) events.emit('a', value + 1)
    events.emit('b', `after ${value}`)
  })
  events.on('a', (value) => void heard.push(value))
  events.on('b', (value) => void heard.push(value))
  events.emit('a', 1)
  expect(heard).toEqual([1, 2, 'after 1', 3, 'after 2', 'after 3'])
})

test('a listener that throws harms no other, and its error comes out in the end', () => {
  const errors = new ListenerErrors()
  const events = new Emitter<Events>(errors)
  const heard: unknown[] = []
  events.on('a', () => {
    events.emit('b', 'caused')
    throw new Error('listener')
  })
  events.on('a', (value) => void heard.push(value))
  events.on('b', (value) => void heard.push(value))
  events.on('b', () => errors.comeOut())
  events.emit('a', 1)
  expect(heard).toEqual([1, 'caused'])
  expect(() => errors.comeOut()).toThrow('listener')
  errors.comeOut()
  events.emit('b', 'goes on')
  expect(heard).toEqual([1, 'caused', 'goes on'])
})

test('who stops listening hears no more, and nobody listening is fine', () => {
  const events = new Emitter<Events>(new ListenerErrors())
  const heard: unknown[] = []
  const stop = events.on('a', (value) => void heard.push(value))
  events.emit('a', 1)
  stop()
  stop()
  events.emit('a', 2)
  events.emit('b', 'nobody')
  expect(heard).toEqual([1])
})
