"""The site shows the committed reports as they are: pages and figures are files of the site, not copies in docs."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

#: What of a report a reader of the site opens.
SHOWN = ("report.html", "figures/*.png")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is shown of each folder in ``reports/``."""
    root = Path(config.config_file_path).parent
    for pattern in SHOWN:
        for path in sorted(root.glob(f"reports/*/{pattern}")):
            where = path.relative_to(root).as_posix()
            files.append(File.generated(config, where, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """In the repository the reports lie beside docs, on the site within it: links hold in both."""
    return markdown.replace("](../reports/", "](reports/") if "/" not in page.file.src_uri else markdown
