//! The hand on the mouse or on the glass: points of the page instead of elements.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::Browser;

/// Longer than any browser takes to call it a long press.
const LONG: Duration = Duration::from_millis(900);

/// A point of the window, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Browser {
    /// The middle of the first element that a CSS selector finds.
    pub async fn middle(&self, selector: &str) -> Result<Point> {
        self.bring_to_view(selector).await?;
        let place = self.find(selector).await?.rect().await?;
        let scrolled: (f64, f64) = self
            .driver()
            .execute("return [window.scrollX, window.scrollY]", vec![])
            .await?
            .convert()?;
        Ok(Point {
            x: place.x + place.width / 2.0 - scrolled.0,
            y: place.y + place.height / 2.0 - scrolled.1,
        })
    }

    /// Where the character of this number stands in the first text of an element.
    pub async fn character(&self, selector: &str, number: usize) -> Result<Point> {
        self.bring_to_view(selector).await?;
        let script = "const element = document.querySelector(arguments[0]);
            const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
            const range = document.createRange();
            range.setStart(text, arguments[1]);
            range.setEnd(text, arguments[1] + 1);
            const { left, top, bottom } = range.getBoundingClientRect();
            return [left, (top + bottom) / 2];";
        let (x, y) =
            self.driver().execute(script, vec![json!(selector), json!(number)]).await?.convert()?;
        Ok(Point { x, y })
    }

    /// Two clicks of the mouse in a row.
    pub async fn double_click(&self, at: Point) -> Result<()> {
        let actions = self.driver().action_chain();
        actions.move_to(at.x as i64, at.y as i64).double_click().perform().await?;
        Ok(())
    }

    /// A tap of a finger.
    pub async fn tap(&self, at: Point) -> Result<()> {
        self.touch("touchStart", &[at]).await?;
        self.touch("touchEnd", &[]).await
    }

    /// A finger that goes down at one point, and up at another.
    pub async fn swipe(&self, from: Point, to: Point) -> Result<()> {
        const STEPS: i32 = 8;
        self.touch("touchStart", &[from]).await?;
        for step in 1..=STEPS {
            let part = f64::from(step) / f64::from(STEPS);
            let x = from.x + (to.x - from.x) * part;
            let y = from.y + (to.y - from.y) * part;
            self.touch("touchMove", &[Point { x, y }]).await?;
        }
        self.touch("touchEnd", &[]).await
    }

    /// A finger that rests on a point.
    pub async fn long_press(&self, at: Point) -> Result<()> {
        self.touch("touchStart", &[at]).await?;
        tokio::time::sleep(LONG).await;
        self.touch("touchEnd", &[]).await
    }

    async fn touch(&self, kind: &str, points: &[Point]) -> Result<()> {
        let points: Vec<_> = points.iter().map(|at| json!({ "x": at.x, "y": at.y })).collect();
        let event = json!({ "type": kind, "touchPoints": points });
        self.driver().cdp().send_raw("Input.dispatchTouchEvent", event).await?;
        Ok(())
    }
}
