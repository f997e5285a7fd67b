// key: [English, Ukrainian]. Looking back at what is sealed.
export const play = {
  'play.title': ['Play what was recorded', 'Переглянути запис'],
  'play.ask': ['Ask to see it', 'Попросити показати'],
  'play.span': ['{from} to {to}, {long}', 'від {from} до {to}, {long}'],
  'play.too-long': ['An hour at most at a time: look closer.',
    'Не більше години за раз: наблизьте.'],
  'play.cameras': ['Cameras', 'Камери'],
  'play.no-camera': ['Nothing of it is recorded.', 'Запису немає.'],
  'play.why': ['Why', 'Навіщо'],
  'play.why.hint': ['stands in the ledger, with your name',
    'залишиться в журналі разом із вашим ім’ям'],
  'play.send': ['Ask', 'Попросити'],
  'play.what': ['{cameras}; {from} to {to}; {why}',
    '{cameras}; від {from} до {to}; {why}'],
  'play.wait': ['It is sealed. Somebody at the machine confirms it with this'
    + ' code and the passphrase:',
  'Запис опечатано. Хтось біля самої станції має підтвердити це кодом і'
    + ' кодовою фразою:'],
  'play.withdraw': ['Ask no longer', 'Скасувати прохання'],
  'play.left.asked': ['It waits for {left}.', 'Чекає ще {left}.'],
  'play.left.open': ['Open for {left}.', 'Відкрито ще на {left}.'],
  'play.denied': ['It was refused on the machine.',
    'Біля станції в цьому відмовили.'],
  'play.elsewhere': ['Another stretch is open: close it again to ask for this'
    + ' one.', 'Відкрито інший проміжок: закрийте його, щоб попросити цей.'],
  'play.over': ['It is over: nothing is open.', 'Час минув: нічого не відкрито.'],
  'play.missing': ['{n} files are no longer there. Whether the ledger tells of'
    + ' their deletion is for sting verify to say.',
  'Файлів, яких уже немає: {n}. Чи є в журналі запис про їх видалення, скаже'
    + ' sting verify.'],
  'play.position': ['Moment', 'Момент'],
  'play.play': ['Play', 'Відтворити'],
  'play.pause': ['Pause', 'Пауза'],
  'play.back': ['One picture back', 'Кадр назад'],
  'play.on': ['One picture on', 'Кадр уперед'],
  'play.speed': ['Speed', 'Швидкість'],
  'play.picture': ['Keep a picture', 'Зберегти кадр'],
  'play.save': ['Save', 'Зберегти'],
  'play.end': ['Close it again', 'Знову закрити'],
  'play.mark.from': ['From here', 'Звідси'],
  'play.mark.to': ['To here', 'Досюди'],
  'play.marked': ['Marked: {from} to {to}', 'Позначено: від {from} до {to}'],
  'exhibit.title': ['Exhibit', 'Речовий доказ'],
  'exhibit.ask': ['Ask for an exhibit of what is marked',
    'Попросити доказ із позначеного'],
  'exhibit.hint': ['The recording bit for bit, with proof, as a folder on the'
    + ' machine. Somebody there confirms it.',
  'Запис біт у біт, з доказом незмінності, текою на станції. Хтось біля неї'
    + ' має підтвердити.'],
  'exhibit.camera': ['Camera', 'Камера'],
  'exhibit.mark': ['Mark', 'Позначення'],
  'exhibit.mark.hint': ['capitals, a stroke, a number: ABC/1',
    'великі латинські літери, риска, число: ABC/1'],
  'exhibit.asked': ['Exhibit {mark} of {camera}, {from} to {to}: it waits for'
    + ' this code on the machine.',
  'Доказ {mark}, камера {camera}, від {from} до {to}: чекає на цей код біля'
    + ' станції.'],
  'exhibit.making': ['Exhibit {mark} is being made.',
    'Доказ {mark} виготовляється.'],
  'exhibit.made': ['Exhibit {mark} is made: {told}', 'Доказ {mark} готовий: {told}'],
  'exhibit.denied': ['Exhibit {mark} was refused on the machine.',
    'У доказі {mark} біля станції відмовили.'],
  'exhibit.over': ['Exhibit {mark} was not made. {told}',
    'Доказ {mark} не виготовлено. {told}'],
  'release.title': ['Release', 'Для преси'],
  'release.ask': ['Ask for a cut of what is marked',
    'Попросити фрагмент із позначеного'],
  'release.hint': ['Encoded anew, without sound, dates or names, and with the'
    + ' areas below filled with black on every picture; 15 minutes at most.'
    + ' Somebody at the machine confirms it.',
  'Перекодовано, без звуку, дат і назв, а ділянки нижче залито чорним на'
    + ' кожному кадрі; щонайбільше 15 хвилин. Хтось біля станції має'
    + ' підтвердити.'],
  'release.draw': ['Draw on its first picture', 'Малювати на першому кадрі'],
  'release.plain': ['no brighter than it is', 'не яскравіше, ніж є'],
  'release.asked': ['Cut of incident {n}, camera {camera}, {from} to {to}: it'
    + ' waits for this code on the machine.',
  'Фрагмент події {n}, камера {camera}, від {from} до {to}: чекає на цей код'
    + ' біля станції.'],
  'release.making': ['The cut is being made. {told}',
    'Фрагмент виготовляється. {told}'],
  'release.made': ['The cut is made: {told}', 'Фрагмент готовий: {told}'],
  'release.denied': ['The cut was refused on the machine.',
    'У фрагменті біля станції відмовили.'],
  'release.over': ['The cut was not made. {told}',
    'Фрагмент не виготовлено. {told}'],
  'areas.picture': ['The picture that is drawn on',
    'Кадр, на якому малюють'],
  'areas.add': ['Another area to be filled', 'Ще одна ділянка для заливки'],
  'areas.remove': ['Remove area {n}', 'Прибрати ділянку {n}'],
  'areas.begin': ['Area {n}, upper left corner: {x} %, {y} %',
    'Ділянка {n}, верхній лівий кут: {x} %, {y} %'],
  'areas.end': ['Area {n}, lower right corner: {x} %, {y} %',
    'Ділянка {n}, нижній правий кут: {x} %, {y} %'],
  'error.areas': ['An area lies outside the picture.',
    'Ділянка виходить за межі кадру.'],
  'error.mark': ['A mark is capitals, a stroke and a number: ABC/1.',
    'Позначення — великі латинські літери, риска й число: ABC/1.'],
  'play.nothing': ['nothing of it is open here', 'тут нічого не відкрито'],
  'play.codec': ['This browser cannot show what the camera sent; pictures of'
    + ' moments can be kept.',
  'Цей браузер не показує такого відео; можна зберігати окремі кадри.'],
  'play.converted': ['Shown as H.264, which this browser can play; what is'
    + ' sealed, and every picture kept, is as the camera sent it.',
  'Показано як H.264, який цей браузер відтворює; опечатане й збережені кадри'
    + ' — такі, як надіслала камера.'],
  'play.keys': ['Keys: K play and pause, comma and full stop one picture,'
    + ' J and L one second, [ and ] mark from and to.',
  'Клавіші: K — відтворити або зупинити, кома і крапка — на кадр, J і L — на'
    + ' секунду, [ і ] — позначити початок і кінець.'],
  'error.not-open': ['It is not confirmed on the machine, or over.',
    'Біля станції цього не підтверджено, або час минув.'],
  'error.too-long-stretch': ['An hour at most at a time.',
    'Не більше години за раз.'],
  'error.no-picture': ['Nothing of that moment is open here.',
    'З того моменту тут нічого не відкрито.'],
};
