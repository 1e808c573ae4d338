//! What the page says when the program stops by an error of its own. Nothing of it runs any more,
//! so that all that is left is to load it again; what was stored is on the device.

/// From now on a panic is written to the console and said on the page.
pub fn tell() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        show();
    }));
}

/// Plain elements, because the program that made the others is gone.
fn show() -> Option<()> {
    let document = web_sys::window()?.document()?;
    let element = |name: &str, text: &str| {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(text));
        Some(element)
    };
    let message = element("div", "")?;
    message.set_class_name("crash message danger");
    message.set_attribute("role", "alert").ok()?;
    let title = element("h2", "Focaliza se detuvo por un error")?;
    let text = element(
        "p",
        "Lo que decía «Guardado en este equipo» sigue guardado. Vuelve a cargar la página para \
         continuar.",
    )?;
    let link = element("a", "Volver a cargar")?;
    link.set_class_name("button");
    link.set_attribute("href", "").ok()?;
    message.append_with_node_3(&title, &text, &link).ok()?;
    document.body()?.append_child(&message).ok()?;
    Some(())
}
