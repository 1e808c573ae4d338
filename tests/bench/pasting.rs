//! Pasting 1,000 × 10 cells: from the word to do it until they are seen and kept on the device.

use anyhow::Result;

use crate::{
    ROUNDS,
    harness::{Browser, wait_until},
    typing,
};

const ROWS: usize = 1_000;
const TITLES: &str = "Acción o proyecto\tDescripción\tOrientación estratégica\tPerfil: otro\t\
    Territorio especial\tPresupuesto\tCobertura\tUnidad\tConvocatorias\tJustificación\n";

/// The best round, in milliseconds.
pub async fn best(browser: &Browser) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        best = best.min(once(browser).await?);
    }
    Ok(best)
}

/// What was pasted is taken back afterwards.
async fn once(browser: &Browser) -> Result<f64> {
    typing::go_to_the_text(browser).await?;
    let paste = "const data = new DataTransfer();
        data.setData('text/plain', arguments[0]);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste',
            { clipboardData: data, bubbles: true, cancelable: true }));";
    let rows: String = (0..ROWS).map(row).collect();
    browser.driver().execute(paste, vec![format!("{TITLES}{rows}").into()]).await?;
    browser.find(".paste-actions .primary").await?;
    // Kept is what the pill says after it had left what it said before.
    let paste = "const done = arguments[0];
        const pill = document.getElementById('status-text');
        let hasLeft = false;
        new MutationObserver(() => { hasLeft ||= !pill.innerText.startsWith('Todo en el servidor'); })
            .observe(pill, { subtree: true, childList: true, characterData: true });
        const start = performance.now();
        document.querySelector('.paste-actions .primary').click();
        const isShown = () => [...document.querySelectorAll('[data-row]')].some((row) => row.innerText.includes('Pegado 0'));
        const look = () => isShown() && hasLeft && /guardado|servidor|enviando/i.test(pill.innerText)
            ? done(performance.now() - start) : setTimeout(look, 5);
        look();";
    let took = browser.driver().execute_async(paste, vec![]).await?.convert()?;
    browser.see_status("Todo en el servidor").await?;
    typing::take_back(browser).await?;
    wait_until("what was pasted to go", async || {
        Ok(!browser.driver().execute(IS_SHOWN, vec![]).await?.convert::<bool>()?)
    })
    .await?;
    browser.see_status("Todo en el servidor").await?;
    Ok(took)
}

const IS_SHOWN: &str = "return [...document.querySelectorAll('[data-row]')].some((row) => row.innerText.includes('Pegado 0'));";

fn row(n: usize) -> String {
    let budget = shared::format::format_integer(1_000 * (n as i64 + 1));
    format!(
        "Pegado {n}\tDescripción de la acción {n}\tOrientación {n}\tPerfil {n}\tZona {n}\t\
         $ {budget}\t{n}\tEmpresas\t2\tPorque {n}\n"
    )
}
