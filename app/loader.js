// Starts the application, and says so in plain words where that is impossible.
import("./app.js")
  .then((app) => app.default())
  .catch((error) => {
    console.error(error);
    const status = document.getElementById("shell-status");
    if (status) {
      status.textContent =
        "No se pudo abrir Focaliza. Revisa tu conexión y vuelve a cargar la página; " +
        "si sigue igual, actualiza tu navegador. Lo guardado en este equipo no se pierde.";
    }
  });
