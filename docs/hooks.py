"""What MkDocs does besides: README, contributing and changes become pages, and links to other files lose their link.

These three stand at the top of the repository, where people look for them, and are not written twice.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Files at the top of the repository, and the pages that they become."""

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):(?=<code>)")
"""What docstrings put before a name, for those who read them with Sphinx."""

IMAGE = re.compile(r"(!\[[^\]]*\]\()docs/")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside docs/."""
    for source, page in PAGES.items():
        text = IMAGE.sub(r"\1", Path(config.config_file_path).with_name(source).read_text(encoding="utf-8"))
        files.append(File.generated(config, page, content=relinked(text, ".", page)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links out of docs/ into links to the pages that these files became."""
    own = page.file.src_uri
    return markdown if own in PAGES.values() else relinked(markdown, posixpath.dirname(f"docs/{own}"), own)


def on_page_content(html: str, **_: object) -> str:
    """Leave out the roles of names in docstrings."""
    return ROLE.sub("", html)


def relinked(markdown: str, folder: str, page: str) -> str:
    """Return the text of a page with links as they are in the site.

    Parameters
    ----------
    markdown : str
        The text, with links relative to the folder that it lies in.
    folder : str
        That folder, relative to the top of the repository.
    page : str
        The path of the page, relative to docs/.
    """

    def replaced(match: re.Match[str]) -> str:
        text, path, anchor = match[1], match[2], match[3] or ""
        target = posixpath.normpath(posixpath.join(folder, path))
        inside = PAGES.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if inside is None:
            return text
        return f"[{text}]({posixpath.relpath(inside, posixpath.dirname(page) or '.')}{anchor})"

    return LINK.sub(replaced, markdown)
