// A table of which only the words that changed are touched, so that readers of
// screens stay calm, and words instead where there is no row.
import { make, say } from './dom.mjs';

export class Rows {
  section = make('section', {});
  #body = make('tbody', {});
  #table;
  #none;

  // A caption, the names of its columns, and what is said when it is empty.
  constructor(caption, columns, none) {
    this.#table = make('div', { class: 'wide', tabindex: 0, role: 'region',
      'aria-label': caption }, make('table', {}, make('caption', {}, caption),
      make('thead', {}, make('tr', {}, columns.map((name) => make('th',
        { scope: 'col' }, name)))), this.#body));
    this.#none = make('p', {}, none);
    this.section.append(this.#table, this.#none);
  }

  // Rows of words, the first naming what it is of; of each, how grave it is.
  tell(rows) {
    this.#table.hidden = rows.length === 0;
    this.#none.hidden = rows.length > 0;
    while (this.#body.children.length > rows.length) {
      this.#body.lastChild.remove();
    }
    rows.forEach(({ words, look }, i) => {
      const row = this.#body.children[i] ?? this.#body.appendChild(make('tr',
        {}, make('th', { scope: 'row' }), words.slice(1).map(() =>
          make('td', {}))));
      row.dataset.look = look;
      words.forEach((text, at) => say(row.children[at], text));
    });
  }
}
