/** Addresses that count as one: see `core/address-key.ts`. */
import { expect, test } from 'vitest'
import { addressKey } from '../../core/address-key.ts'

test('an IPv4 address is its own key, also where IPv6 carries it', () => {
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:0201', '0:0:0:0:0:ffff:192.0.2.1']) {
    expect(addressKey(address)).toBe('192.0.2.1')
  }
  expect(addressKey('192.0.2.2')).not.toBe('192.0.2.1')
})

test('all addresses of an IPv6 /64 have one key, however they are written', () => {
  for (const address of [
    '2001:db8:0:1::1',
    '2001:db8:0:1:ffff:ffff:ffff:ffff',
    '2001:0DB8:0000:0001:0:0:0:9',
    '[2001:db8:0:1::]',
    '2001:db8:0:1::5%eth0',
    '2001:db8::1:0:0:192.0.2.1',
  ]) {
    expect(addressKey(address)).toBe('2001:db8:0:1::/64')
  }
  expect(addressKey('2001:db8:0:2::1')).not.toBe('2001:db8:0:1::/64')
  expect(addressKey('::1')).toBe('0:0:0:0::/64')
})

test('what is no address is its own key', () => {
  for (const name of [
    '',
    'in-process',
    'client-1',
    'a:b',
    '1:2:3',
    '::1::2',
    '1:2:3:4:5:6:7:8:9',
    '::ffff:1.2.3.999',
  ]) {
    expect(addressKey(name)).toBe(name)
  }
})
