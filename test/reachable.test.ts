/** Which hosts the server may ask: as the setting reads, and as connections are made, over real sockets. */
import type { LookupAddress } from 'node:dns'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { request } from 'undici'
import { allowedAs, readHosts } from '../src/compile/allowed-hosts.ts'
import { isPublic, NotReachable, openReach } from '../src/outbox/reachable.ts'
import type { Resolve } from '../src/outbox/reachable.ts'

void t.test('entries of the setting', async t => {
  t.same(readHosts(' CRM.example , localhost:3000,*.Example.com.,, [FD00::7]:80,*,0x7f.1,bücher.example, *.shop.example:8443'), {
    hosts: ['crm.example', 'localhost:3000', '*.example.com', '[fd00::7]:80', '*', '127.0.0.1', 'xn--bcher-kva.example', '*.shop.example:8443'], wrong: [],
  })
  const wrong = ['https://crm.example', 'crm.example/path', 'user@crm.example', 'crm.example:port', 'crm.example:70000', 'a*.example', '*.*', '::1', 'two words', '10.0.0.0/8', '999.1.1.1', '*:80']
  t.same(readHosts(wrong.join(',')), { hosts: [], wrong })
})

void t.test('addresses that the setting allows', async t => {
  const hosts = ['crm.example', 'localhost:3000', '*.shop.example', '[fd00::7]:80', '10.0.0.7', '*.only.example:8443']
  const rows: [address: string, allowed: string | undefined][] = [
    ['https://crm.example/x', 'named'], ['http://crm.example:8080/x', 'named'], ['https://CRM.example./x', 'named'], ['https://user:word@crm.example/x', 'named'],
    ['https://crm.example.evil.example/', undefined], ['https://evil.example/#crm.example', undefined], ['https://crm.example@evil.example/', undefined], ['https://a.crm.example/', undefined],
    ['http://localhost:3000/', 'named'], ['http://localhost/', undefined], ['http://localhost:30000/', undefined], ['http://127.0.0.1:3000/', undefined],
    ['https://a.shop.example/', 'covered'], ['https://a.b.shop.example:99/', 'covered'], ['https://shop.example/', undefined], ['https://evilshop.example/', undefined],
    ['http://[fd00::7]/', 'named'], ['http://[fd00:0:0::7]:80/', 'named'], ['https://[fd00::7]/', undefined],
    ['http://10.0.0.7/', 'named'], ['http://0xa.7/', 'named'], ['http://167772167/', 'named'], ['http://10.0.0.8/', undefined],
    ['https://a.only.example:8443/', 'covered'], ['https://a.only.example/', undefined],
    ['ftp://crm.example/', undefined], ['file:///etc/passwd', undefined], ['data:text/plain,x', undefined],
  ]
  for (const [address, allowed] of rows) t.equal(allowedAs(hosts, new URL(address)), allowed, address)
  t.equal(allowedAs(['crm.example', '*'], new URL('https://crm.example/')), 'named', 'the closer entry counts')
  t.equal(allowedAs(['*', '*.example'], new URL('https://any.example/')), 'covered')
  t.equal(allowedAs([], new URL('https://any.example/')), undefined, 'nothing is allowed where nothing is set')
})

void t.test('addresses that are public', async t => {
  for (const address of ['93.184.216.34', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8']) t.ok(isPublic(address), address)
  const inner = [
    '127.0.0.1', '127.255.255.255', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0.1.2.3', '255.255.255.255', '224.0.0.1', '240.0.0.1', '192.0.2.1', '198.18.0.1',
    '::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:db8::1', '2001::1', '100::1', '5f00::1', 'nothing', '',
  ]
  for (const address of inner) t.notOk(isPublic(address), address)
})

async function listen(t: Test, answer: RequestListener): Promise<{ port: number; server: Server; connections: () => number }> {
  let connections = 0
  const server = createServer(answer).on('connection', () => { connections++ })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { port: (server.address() as AddressInfo).port, server, connections: () => connections }
}

/** A name's server: the addresses of a name, the next ones at the next question. */
function names(table: Record<string, readonly string[][]>): { resolve: Resolve; asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = (name, then) => {
    const rows = table[name] ?? []
    const addresses = rows[Math.min(asked.filter(one => one === name).length, rows.length - 1)] ?? []
    asked.push(name)
    setImmediate(() => then(null, addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }))))
  }
  return { resolve, asked }
}

void t.test('connections are made to what is allowed and to nothing else', async t => {
  const { port, connections } = await listen(t, (_request, response) => response.end('here'))
  const table = { 'named.example': [['127.0.0.1']], 'a.shop.example': [['127.0.0.1']], 'mixed.shop.example': [['169.254.169.254', '10.0.0.1']], 'none.shop.example': [[]], 'turns.shop.example': [['127.0.0.1'], ['127.0.0.1']] }
  const { resolve, asked } = names(table)
  const reach = openReach(['named.example', '*.shop.example', '*', `127.0.0.1:${port}`], resolve)
  t.teardown(() => reach.close())
  const ask = async (address: string): Promise<string> => {
    try {
      const { body } = await request(address, { dispatcher: reach.dispatcher })
      return await body.text()
    } catch (error) {
      t.type(error, NotReachable, address)
      return (error as Error).message
    }
  }
  t.equal(await ask(`http://127.0.0.1:${port}/`), 'here', 'an address that is named')
  t.equal(await ask(`http://named.example:${port}/`), 'here', 'a host that is named may have any address')
  t.equal(connections(), 2)
  t.match(await ask(`http://a.shop.example:${port}/`), /^a\.shop\.example has the address 127\.0\.0\.1, which is not public/)
  t.match(await ask(`http://mixed.shop.example:${port}/`), /169\.254\.169\.254/)
  t.match(await ask('http://none.shop.example/'), /has no address/)
  t.match(await ask(`http://localhost.:${port}/`), /has no address|not public/)
  for (const [host, shown] of [['[::1]', '::1'], ['[::ffff:127.0.0.1]', '::ffff:7f00:1'], ['0.0.0.0', '0.0.0.0'], ['2130706434', '127.0.0.2'], ['169.254.169.254', '169.254.169.254']] as const) {
    t.match(await ask(`http://${host}:${port}/`), shown, host)
  }
  t.equal(connections(), 2, 'nobody was connected to')
  t.ok(asked.includes('a.shop.example'))
  const strict = openReach(['named.example:81'], resolve)
  t.teardown(() => strict.close())
  await t.rejects(request(`http://named.example:${port}/`, { dispatcher: strict.dispatcher }), { message: `TONVAL_FETCH_HOSTS does not list named.example:${port}` })
  t.match(strict.refusal(new URL('https://other.example/')), /does not list other\.example/)
  t.equal(strict.refusal(new URL('http://named.example:81/')), undefined)
})

void t.test('connections are used again, and a name is asked for once at a time', async t => {
  const { port, connections } = await listen(t, (_request, response) => response.end('here'))
  const { resolve, asked } = names({ 'named.example': [['127.0.0.1']] })
  const reach = openReach(['named.example'], resolve)
  t.teardown(() => reach.close())
  const ask = async (): Promise<string> => (await request(`http://named.example:${port}/`, { dispatcher: reach.dispatcher })).body.text()
  t.same(await Promise.all([ask(), ask(), ask(), ask()]), ['here', 'here', 'here', 'here'])
  t.same(asked, ['named.example'], 'four connections, one question')
  for (let i = 0; i < 20; i++) t.equal(await ask(), 'here')
  t.equal(connections(), 4)
})
