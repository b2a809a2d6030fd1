// Turns what is shown into what came, changing only what differs, so that focus, scroll position and opened details stay.
export function morph(current, next) {
  if (current.isEqualNode(next)) return;
  if (current.nodeName !== next.nodeName || current.id !== next.id) {
    current.replaceWith(next);
  } else if (current.nodeType !== Node.ELEMENT_NODE) {
    current.nodeValue = next.nodeValue;
  } else {
    copyAttributes(current, next);
    if (current.hasAttribute("data-keyed")) updateList(current, next);
    else updateInOrder(current, next);
  }
}

function copyAttributes(current, next) {
  for (const { name } of [...current.attributes]) {
    // Whether details are open is the visitor's business.
    if (!next.hasAttribute(name) && name !== "open") current.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

function updateInOrder(current, next) {
  const shown = [...current.childNodes];
  [...next.childNodes].forEach((fresh, i) => {
    if (i < shown.length) morph(shown[i], fresh);
    else current.append(fresh);
  });
  for (const gone of shown.slice(next.childNodes.length)) gone.remove();
}

// Rows have ids: new ones come in between and old ones move or go.
function updateList(current, next) {
  const shown = new Map([...current.children].map(child => [child.id, child]));
  let place = current.firstElementChild;
  for (const fresh of [...next.children]) {
    const known = shown.get(fresh.id);
    shown.delete(fresh.id);
    if (known && known === place) place = place.nextElementSibling;
    else current.insertBefore(known ?? fresh, place);
    if (known) morph(known, fresh);
  }
  for (const gone of shown.values()) gone.remove();
}
