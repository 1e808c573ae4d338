"""A window with WebKitGTK's engine that keeps what pages store.

The engine's own MiniBrowser forgets everything when it is closed, as soon as a driver steers it.
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 (the versions are to be named before)

HOME, WIDTH, HEIGHT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PROFILE, DOWNLOADS = os.path.join(HOME, "profile"), os.path.join(HOME, "downloads")
# What `Browser::set_clock` has every page run first.
FIRST = os.path.join(HOME, "first.js")

# Little enough to be filled.
ROOM = 50_000_000
disk = os.statvfs(PROFILE)

store = WebKit2.WebsiteDataManager(
    origin_storage_ratio=ROOM / (disk.f_blocks * disk.f_frsize),
    base_data_directory=os.path.join(PROFILE, "data"),
    base_cache_directory=os.path.join(PROFILE, "cache"),
)
context = WebKit2.WebContext(website_data_manager=store)
context.get_cookie_manager().set_persistent_storage(
    os.path.join(PROFILE, "cookies"), WebKit2.CookiePersistentStorage.SQLITE
)
settings = WebKit2.Settings(
    enable_write_console_messages_to_stdout=True,
    hardware_acceleration_policy=WebKit2.HardwareAccelerationPolicy.NEVER,
)


def open_view(session):
    view = WebKit2.WebView(
        web_context=context, settings=settings, is_controlled_by_automation=True
    )
    view.connect("load-changed", run_first)
    view.connect("permission-request", lambda view, request: request.allow() or True)
    window = Gtk.Window(default_width=WIDTH, default_height=HEIGHT)
    window.add(view)
    view.connect("close", lambda view: window.destroy())
    window.show_all()
    return view


def run_first(view, event):
    if event != WebKit2.LoadEvent.STARTED or not os.path.exists(FIRST):
        return
    scripts = view.get_user_content_manager()
    scripts.remove_all_scripts()
    with open(FIRST, encoding="utf-8") as script:
        scripts.add_script(
            WebKit2.UserScript.new(
                script.read(),
                WebKit2.UserContentInjectedFrames.TOP_FRAME,
                WebKit2.UserScriptInjectionTime.START,
                None,
                None,
            )
        )


def steer(context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("Focaliza")
    session.set_application_info(info)
    session.connect("create-web-view", open_view)


def save(context, download):
    def choose_place(download, name):
        download.set_destination("file://" + os.path.join(DOWNLOADS, name))
        return True

    download.connect("decide-destination", choose_place)


context.connect("automation-started", steer)
context.connect("download-started", save)
context.set_automation_allowed(True)
Gtk.main()
