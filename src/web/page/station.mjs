// How the station is, as rows of name, words and how grave that is.
import { lasting, make, moment, say } from './dom.mjs';
import { t } from './text.mjs';

const GB = 1e9;

function disk({ free_bytes: free, days_left: days, has_room: hasRoom }) {
  if (!hasRoom) return [t('wall.full'), 'grave'];
  if (free === undefined) return [t('wall.unknown'), 'busy'];
  const gb = (free / GB).toFixed(free < 10 * GB ? 1 : 0);
  return days === null || days === undefined ? [t('wall.free', { gb }), 'quiet']
    : [t('wall.days', { gb, days }), days < 3 ? 'grave' : 'quiet'];
}

function clockWords({ sync, error_us: error }) {
  if (sync !== 'synced') {
    return [t(sync === 'free' ? 'wall.free-clock' : 'wall.unknown'), 'busy'];
  }
  return [error === null ? t('wall.synced')
    : t('wall.synced.within', { ms: Math.ceil(error / 1000) }), 'quiet'];
}

function end({ until, until_left_s: left }) {
  if (until === null) return [t('wall.endless'), 'quiet'];
  return left <= 0 ? [t('wall.past'), 'grave'] : [t('wall.left',
    { at: moment(until), left: lasting(left) }), left < 86400 ? 'busy'
    : 'quiet'];
}

// Who vouches: the last that was asked does not, or when one did.
function outsiders({ outsiders: n }, { failing, failing_since: since,
  vouched }) {
  if (!n) return [t('wall.alone'), 'busy'];
  if (since) {
    return [t('wall.outsiders.failing', { who: failing, at: moment(since) }),
      'grave'];
  }
  return [vouched ? t('wall.outsiders.vouched', { n, at: moment(vouched) })
    : t('wall.outsiders', { n }), 'quiet'];
}

function alerting({ silent_until: until, channels: n, waiting, failing }) {
  if (until) return [t('wall.silent', { at: moment(until) }), 'grave'];
  if (!n) return [t('wall.nobody'), 'busy'];
  return failing ? [t('wall.channels.failing', { n, waiting, failing }),
    'grave'] : [t('wall.channels', { n, waiting }), 'quiet'];
}

export const stationFacts = ({ station, disk: at, clock, ledger, alerts,
  anchors }) => [
  [t('wall.record'), ...station.is_kept ? [t('wall.kept'), 'quiet']
    : [t('wall.broken'), 'grave']],
  [t('wall.disk'), ...disk(at)],
  [t('wall.clock'), ...clockWords(clock)],
  [t('wall.sealing'), ledger.lines === null ? t('wall.broken')
    : t('wall.lines', { n: ledger.lines }), ledger.lines === null ? 'grave'
    : 'quiet'],
  [t('wall.anchoring'), ...outsiders(ledger, anchors)],
  [t('wall.alerts'), ...alerting(alerts)],
  [t('wall.until'), ...end(station)],
];

// Such rows in a <dl>; only words that changed are touched.
export function tellFacts(list, facts) {
  facts.forEach(([name, words, look], i) => {
    const row = list.children[i] ?? list.appendChild(make('div', {},
      make('dt', {}, name), make('dd', {})));
    row.dataset.look = look;
    say(row.lastChild, words);
  });
}
