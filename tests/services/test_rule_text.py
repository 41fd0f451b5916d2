"""The page of a rule as blocks: what a door shows as heading, list, table or as it is set."""

from __future__ import annotations

from everyunit.services.rule_text import blocks
from everyunit.services.rules import rule_page, rules

PAGE = """
<!-- book 2026-03-12: counting.cms -->
Words over
two lines, see `this` ([payers](payers.md)) and [that](that.md).

| key | says |
|---|---|
| `counting.cms` | 8 minutes |

## How it counts

Two ways:
1. Add up
   all of it.
2. Keep it.

- `units_over` (over): billed
- other

```console
$ everyunit units

97110  2
```
"""


def test_every_kind_of_block():
    assert blocks(PAGE) == [
        {"kind": "words", "text": "Words over two lines, see this (see payers) and that."},
        {"kind": "table", "head": ["key", "says"], "rows": [["counting.cms", "8 minutes"]]},
        {"kind": "heading", "text": "How it counts"},
        {"kind": "words", "text": "Two ways:"},
        {"kind": "item", "mark": "1.", "text": "Add up all of it."},
        {"kind": "item", "mark": "2.", "text": "Keep it."},
        {"kind": "item", "mark": "•", "text": "units_over (over): billed"},
        {"kind": "item", "mark": "•", "text": "other"},
        {"kind": "plain", "text": "$ everyunit units\n\n97110  2"},
    ]
    assert blocks("") == [] and blocks("# Alone\n") == [{"kind": "heading", "text": "Alone"}]


def test_nothing_of_a_page_is_lost():
    for name in rules():
        for block in rule_page(name)["blocks"]:
            if block["kind"] == "table":
                assert {len(row) for row in block["rows"]} == {len(block["head"])}, name
            else:
                assert block["text"] and not block["text"].startswith(("|", "#", "`")), name
