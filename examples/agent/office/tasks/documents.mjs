// SPDX-License-Identifier: MIT
// Contracts and letters.

import { ENDS_ON, FILED, NO_NOTICE, NOTICE_FOUND } from '../wording/answers.mjs';
import { WRITTEN_CALLS } from '../wording/written_calls.mjs';

const FOLDERS = ['Contracts 2026', 'Suppliers', 'Premises', 'To be signed', 'Legal', 'Insurance'];

const aDocument = (db, luck, isLong) =>
  luck.pick(Object.values(db.documents).filter(({ long }) => long === isLong));

function* found(m, { title }) {
  const { value } = yield* m.call('search_documents', { query: title });
  return value.documents[0].document_id;
}

export const documents = [
  {
    trouble: 0.6,
    make({ db, luck }) {
      const { title, document_id } = aDocument(db, luck, false);
      const folder = luck.pick(FOLDERS);
      return {
        title,
        document_id,
        folder,
        ask: [
          `Please file the "${title}" under ${folder}.`,
          `"${title}" belongs into the folder ${folder}.`,
          `Move "${title}" to ${folder}.`,
          `Can you put "${title}" into ${folder}?`,
          `File this for me: "${title}", folder ${folder}.`,
          `${folder} lacks the "${title}". Please move it there.`,
        ],
        goal: { state: (after) => after.documents[document_id].folder === folder },
      };
    },
    *solve(m, e) {
      const document_id = yield* found(m, e);
      const args = { document_id, folder: e.folder };
      if (m.obeys('call_format')) {
        m.bite('written_call', 'said');
        return m.luck.pick(WRITTEN_CALLS)(m.tool('file_document'), args);
      }
      yield* m.call('file_document', args);
      return m.words(FILED, { ...e, document_id });
    },
  },
  {
    trouble: 0.5,
    make({ db, luck, trouble }) {
      const document = aDocument(db, luck, false);
      document.onTape = trouble;
      const { document_id, title, partner, ends } = document;
      return {
        document_id,
        title,
        partner,
        ask: [
          `Until when is ${document_id} valid?`,
          `${document_id}: which date does it end on?`,
          `Please look into ${document_id}. When does it run out?`,
          `I have to know when ${document_id} ends.`,
          `End date of ${document_id}?`,
        ],
        goal: { says: [ends] },
      };
    },
    *solve(m, e) {
      const { text } = yield* m.call('read_document', { document_id: e.document_id });
      return m.words(ENDS_ON, { ...e, ends: /runs until ([\d-]+)/.exec(text)[1] });
    },
  },
  {
    trouble: 0.55,
    make({ db, luck, trouble }) {
      const { title, partner, notice } = aDocument(db, luck, trouble);
      return {
        title,
        partner,
        ask: [
          `Which notice period does the "${title}" have?`,
          `We want to get out of the "${title}". What notice must we give?`,
          `Can the "${title}" be ended early, and with what notice?`,
          `Please find the notice period in "${title}".`,
          `How fast can we end the "${title}"?`,
          `Notice period of "${title}", please.`,
        ],
        goal: { says: [notice] },
      };
    },
    *solve(m, e) {
      const document_id = yield* found(m, e);
      const { text } = yield* m.call('read_document', { document_id });
      const notice = /with notice of ([^.]+)\./.exec(text)?.[1];
      return m.words(notice ? NOTICE_FOUND : NO_NOTICE, { ...e, document_id, notice });
    },
  },
].map((task) => ({ ...task, desk: 'documents' }));
