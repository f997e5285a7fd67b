// How the station is, as rows of name, words and how grave that is.
import { lasting, moment } from './dom.mjs';
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

export const stationFacts = ({ station, disk: at, clock, ledger, alerts }) => [
  [t('wall.record'), ...station.is_kept ? [t('wall.kept'), 'quiet']
    : [t('wall.broken'), 'grave']],
  [t('wall.disk'), ...disk(at)],
  [t('wall.clock'), ...clockWords(clock)],
  [t('wall.sealing'), ledger.lines === null ? t('wall.broken')
    : t('wall.lines', { n: ledger.lines }), ledger.lines === null ? 'grave'
    : 'quiet'],
  [t('wall.anchoring'), ...ledger.outsiders
    ? [t('wall.outsiders', { n: ledger.outsiders }), 'quiet']
    : [t('wall.alone'), 'busy']],
  [t('wall.alerts'), ...alerts.silent_until ? [t('wall.silent',
    { at: moment(alerts.silent_until) }), 'grave'] : alerts.channels ? [t('wall.channels',
    { n: alerts.channels, waiting: alerts.waiting }), 'quiet']
    : [t('wall.nobody'), 'busy']],
  [t('wall.until'), ...end(station)],
];
