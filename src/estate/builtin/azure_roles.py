"""Makes builtin_azure.c of azure_roles.jsonl: python3 azure_roles.py IN OUT.

A line of the list is one built-in role of Azure as it is published: id, name,
its permissions, and "usual" where it stands in every estate.
"""

import json
import sys

LISTS = ("actions", "notActions", "dataActions", "notDataActions")
FIELDS = ("actions", "not_actions", "data_actions", "not_data_actions")


def literal(text):
    """A C string; JSON's escapes are C's for what can be in it."""
    return json.dumps(text)


def permission(row):
    """One struct shipped_permission. Blanks part the patterns of a list; the
    published list has a stray one behind some patterns."""
    parts = [
        f".{field} = {literal(' '.join(p.strip() for p in row[name]))}"
        for name, field in zip(LISTS, FIELDS)
        if name in row
    ]
    if "condition" in row:
        parts.append(f".condition = {literal(row['condition'])}")
    return "{" + (", ".join(parts) or ".actions = NULL") + "}"


def role(row):
    """One struct shipped_role."""
    permissions = ", ".join(permission(p) for p in row["permissions"])
    return (
        f"{{.id = {literal(row['id'])}, .name = {literal(row['name'])}, "
        f".is_usual = {str(row.get('usual', False)).lower()}, "
        f".permission_count = {len(row['permissions'])}, "
        ".permissions = (const struct shipped_permission[]){"
        f"{permissions}}}}},"
    )


def main(source, target):
    with open(source, encoding="ascii") as file:
        rows = [json.loads(line) for line in file]
    with open(target, "w", encoding="ascii") as file:
        print('#include "estate/builtin/builtin_table.h"', file=file)
        print('#pragma GCC diagnostic ignored "-Woverlength-strings"', file=file)
        print("static const struct shipped_role roles[] = {", file=file)
        for row in rows:
            print(role(row), file=file)
        print("};", file=file)
        print(
            f"const struct shipped_roles builtin_azure = {{roles, {len(rows)}}};",
            file=file,
        )


main(*sys.argv[1:])
