"""The site of the documentation, as scripts/docs made it, in Chromium."""

import unittest

from pages.looking import REPOSITORY, node

SITE = REPOSITORY / "build" / "docs" / "site"


class SiteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seen = node("look_site.mjs", SITE)

    def test_every_page_is_there(self):
        pages = {str(page.relative_to(REPOSITORY / "docs").with_suffix(".html"))
                 for kind in ("md", "rst") for page in (REPOSITORY / "docs").rglob(f"*.{kind}")}
        pages |= {f"examples/{page.stem}.html" for page in (REPOSITORY / "examples").glob("*.ipynb")}
        self.assertEqual(set(self.seen["pages"]), pages)
        self.assertTrue((SITE / "watch.html").exists())

    def test_nothing_serious_against_it(self):
        for page, views in self.seen["pages"].items():
            for kind, view in views.items():
                with self.subTest(page=page, view=kind):
                    serious = [found for found in view["violations"]
                               if found.startswith(("serious", "critical"))]
                    self.assertEqual(serious, [])

    def test_phones_need_not_scroll_sideways(self):
        for page, views in self.seen["pages"].items():
            with self.subTest(page=page):
                self.assertEqual(views["phone"]["overflow"], 0)

    def test_it_needs_nothing_from_the_network(self):
        self.assertEqual(self.seen["errors"], [])
        self.assertEqual(self.seen["requests"], [])
