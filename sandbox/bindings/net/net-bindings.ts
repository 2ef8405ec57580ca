import type { BindingFactory } from '../../isolate/env.ts'
import { blockList } from './block-list.ts'
import { caresWrap } from './cares.ts'
import { jsStream } from './js-stream.ts'
import { pipeWrap } from './pipe.ts'
import { processWrap, spawnSync, ttyWrap, udpWrap } from './refusals.ts'
import { streamWrap } from './stream-wrap.ts'
import { tcpWrap } from './tcp.ts'
import { tlsWrap } from './tls-wrap.ts'

/** The bindings of sockets and names, and those that the sandbox refuses. */
export const netBindings: Record<string, BindingFactory> = {
  block_list: blockList,
  cares_wrap: caresWrap,
  js_stream: jsStream,
  pipe_wrap: pipeWrap,
  process_wrap: processWrap,
  spawn_sync: spawnSync,
  stream_wrap: streamWrap,
  tcp_wrap: tcpWrap,
  tls_wrap: tlsWrap,
  tty_wrap: ttyWrap,
  udp_wrap: udpWrap,
}
