//! Runs `wasm-bindgen-test` tests in a browser, so that nothing need be installed for them.
//! Cargo calls it in place of the test program, as `cargo xtask test` tells it to.

fn main() -> std::process::ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
