/**
 * Gives the words of a corrected text their times: a word that stayed keeps its own, those between two that stayed share the time
 * between them. So the words of a corrected transcript go on following the sound.
 * @param {{text: string, start: number, end: number}[]} words Words as they were heard.
 * @param {string} text The corrected text.
 * @param {{start: number, end: number}} bounds Time of the whole.
 */
export function align(words, text, bounds) {
  const wanted = text.split(/\s+/).filter((word) => word !== "");
  const result = wanted.map((word) => ({ text: word, start: null, end: null }));
  for (const [old, now] of kept(words.map((word) => plain(word.text)), wanted.map(plain))) {
    result[now].start = words[old].start;
    result[now].end = words[old].end;
  }
  share(result, bounds);
  return result;
}

const plain = (word) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Pairs of places of the longest common run of words. */
function kept(before, after) {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) {
      pairs.push([i++, j++]);
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
      i++;
    } else {
      j++;
    }
  }
  return pairs;
}

function share(words, bounds) {
  for (let i = 0; i < words.length;) {
    if (words[i].start !== null) {
      i++;
      continue;
    }
    let next = i;
    while (next < words.length && words[next].start === null) {
      next++;
    }
    const from = i === 0 ? bounds.start : words[i - 1].end;
    const to = Math.max(from, next === words.length ? bounds.end : words[next].start);
    const step = (to - from) / (next - i);
    for (let k = i; k < next; k++) {
      words[k].start = from + step * (k - i);
      words[k].end = from + step * (k - i + 1);
    }
    i = next;
  }
}
