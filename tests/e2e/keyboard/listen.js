// Keeps the text of live regions whenever it changes, as a screen reader would read it.
window.heard = [];
{
  const politeness = (element) => {
    const role = element.getAttribute('role');
    const live = element.getAttribute('aria-live');
    return live ?? { alert: 'assertive', status: 'polite', log: 'polite' }[role];
  };
  const region = (node) => {
    let element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    while (element && !politeness(element)) element = element.parentElement;
    return element && politeness(element) !== 'off' ? element : null;
  };
  const last = new WeakMap();
  // Where everything is depends on time and network; another scenario looks at it.
  const passing = /en el servidor|Enviando|Guardado en este equipo|Comprobando|Conectando|Abriendo|Sin conexión/;
  new MutationObserver((changes) => {
    const regions = new Set(changes.flatMap(({ target, addedNodes }) => {
      const within = [...addedNodes].flatMap((node) => node.nodeType === Node.ELEMENT_NODE
        ? [node, ...node.querySelectorAll('[aria-live], [role=alert], [role=status]')] : []);
      return [target, ...within].map(region);
    }));
    for (const element of regions) {
      if (!element?.isConnected) continue;
      const text = element.innerText.replace(/\s+/g, ' ').trim();
      if (text === (last.get(element) ?? '')) continue;
      last.set(element, text);
      if (text && !passing.test(text)) heard.push(`${politeness(element)}: ${text}`);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
