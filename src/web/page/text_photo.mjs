// key: [English, Ukrainian]. Photographs that are traced.
export const photo = {
  'photo.title': ['Whose copy does a photograph show?',
    'Чию копію видно на фотографії?'],
  'photo.drop': ['Drop photographs, scans or videos here, or choose them (each'
    + ' at most 16 MB)', 'Перетягніть сюди фотографії, скани чи відео або'
    + ' виберіть їх (кожне щонайбільше 16 МБ)'],
  'photo.sending': ['sending', 'надсилання'],
  'photo.sends': ['Sending {name}', 'Надсилається {name}'],
  'photo.sent': ['Sealed, and waiting: {n}', 'Опечатано й чекає: {n}'],
  'photo.too-long': ['{name} is larger than 16 MB: trace it on the machine',
    '{name} більше за 16 МБ: простежте його на самій машині'],
  'photo.waits': ['They are traced when somebody who may opens what that takes:'
    + ' sting trace OP --waiting, on the machine.',
  'Їх буде простежено, коли той, хто має право, відкриє потрібне:'
    + ' sting trace OP --waiting, на самій машині.'],
  'photo.sealed': ['Photograph {n}, sealed', 'Фотографія {n}, опечатана'],
  'photo.given': ['given by {by}, {at}', 'подано: {by}, {at}'],
  'photo.waiting': ['waiting', 'чекає'],
  'photo.at-work': ['being examined, {n} %', 'досліджується, {n} %'],
  'photo.done': ['examined', 'досліджено'],
  'photo.failed': ['could not be examined', 'не вдалося дослідити'],
  'photo.drawn': ['{name}, with each measured word drawn in',
    '{name}, з позначеним кожним виміряним словом'],
  'photo.report': ['The report, with plots (PDF)', 'Звіт із графіками (PDF)'],
  'photo.report.large': ['The report has {n} MB and is not shown here: sting'
    + ' trace --report makes it.', 'Звіт має {n} МБ і тут не показується:'
    + ' його створює sting trace --report.'],
  'photo.together': ['Together', 'Разом'],
  'photo.left': ['Not shown here: {n} more; sting trace gives them.',
    'Тут не показано ще {n}: їх дає sting trace.'],
  'photo.power': ['10 to the power of {n}', '10 у степені {n}'],
  'photo.holder': ['Issued to {holder}.', 'Видано: {holder}.'],
  'photo.unread': ['Whom copy {copy} was issued to: say above why you read it.',
    'Кому видано копію {copy}: скажіть вище, навіщо це читати.'],
  'photo.blind': ['Whom it was issued to is sealed: a second person opens it on'
    + ' the machine (sting unlock OP --name {copy} --show).',
  'Кому її видано, опечатано: друга особа відкриває це на самій машині'
    + ' (sting unlock OP --name {copy} --show).'],
  'photo.limits': ['This is not the probability that the holder gave it away. A'
    + ' copy is not a person, and can be imitated by whoever had it.',
  'Це не ймовірність того, що її передав власник. Копія — не людина, і її може'
    + ' підробити той, хто її мав.'],
  'verdict.attributed': ['Page {page} of {bait}, copy {copy}: what was measured'
    + ' is at least {n} times more probable if the picture derives from that copy'
    + ' than from another, the original, or nothing of ours.',
  'Сторінка {page} документа {bait}, копія {copy}: виміряне щонайменше в {n}'
    + ' разів імовірніше, якщо знімок походить від цієї копії, а не від іншої,'
    + ' оригіналу чи чогось чужого.'],
  'verdict.lead': ['Page {page} of {bait}. A lead, which names no copy: a sharper'
    + ' picture may.', 'Сторінка {page} документа {bait}. Натяк, що не називає'
    + ' копії: чіткіший знімок може назвати.'],
  'verdict.none': ['Page {page} of {bait}; what was measured speaks for no copy'
    + ' that was issued.', 'Сторінка {page} документа {bait}; виміряне не вказує'
    + ' на жодну з виданих копій.'],
  'verdict.unknown': ['Page {page} of {bait}; what was measured is too little to'
    + ' name a copy or to exclude one.', 'Сторінка {page} документа {bait};'
    + ' виміряного замало, щоб назвати копію чи виключити її.'],
  'verdict.no-page': ['No page of ours was found in it.',
    'Нашої сторінки тут не знайдено.'],
  'verdict.unreadable': ['It cannot be read.', 'Його неможливо прочитати.'],
};
