// Starts the application, and says so in plain words where that is impossible.
import("./app.js")
  .then((app) => app.default())
  .catch(async (error) => {
    console.error(error);
    if (await forgetDamagedCopy()) {
      location.reload();
      return;
    }
    const status = document.getElementById("shell-status");
    if (status) {
      status.textContent =
        "No se pudo abrir Focaliza. Revisa tu conexión y vuelve a cargar la página; " +
        "si sigue igual, actualiza tu navegador. Lo guardado en este equipo no se pierde.";
    }
  });

// The copy of the application that the device keeps may be what does not start. It is given up once,
// and only where the server is there to give another. Nothing that people wrote is in it.
async function forgetDamagedCopy() {
  const ONCE = "copy-given-up";
  try {
    if (!navigator.serviceWorker?.controller || sessionStorage.getItem(ONCE)) {
      return false;
    }
    const { ok } = await fetch("/api/health");
    if (ok) {
      sessionStorage.setItem(ONCE, "yes");
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.unregister();
      for (const name of await caches.keys()) {
        await caches.delete(name);
      }
    }
    return ok;
  } catch {
    return false;
  }
}
