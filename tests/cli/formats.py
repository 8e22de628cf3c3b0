"""What is true of every output of a form, whatever it says."""
import json
import re
import xml.etree.ElementTree as tree


class Wrong(Exception):
    """A case did not go as expected."""


def unique(pairs):
    """Refuses an object that has a key twice."""
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key is there twice: {pairs}"
    return found


def read_json(out):
    """The value, where the output is JSON that ends in one line end."""
    text = out.decode("utf-8")
    assert text.endswith("\n") and not text.endswith("\n\n")
    return json.loads(text, object_pairs_hook=unique)


def is_name(value):
    """A principal as docs/json.md has it."""
    return value is None or (
        set(value) == {"name", "kind", "objectId", "appId"})


def is_scope(value):
    """A scope as docs/json.md has it."""
    return value is None or set(value) == {"name", "kind", "path"}


DECISION = {"decision", "reason", "principal", "action", "scope",
            "assignment", "role", "denyAssignment", "path", "missing",
            "revision"}


def decision(out, _):
    """The object of `can --json`."""
    check_decision(read_json(out))


def check_decision(value):
    """A decision, complete."""
    assert set(value) == DECISION, set(value) ^ DECISION
    assert value["decision"] in ("allow", "deny")
    assert is_name(value["principal"]) and is_scope(value["scope"])
    assert all(set(step) == {"kind", "name"} for step in value["path"])
    assert all(set(help) == {"role", "roleId", "permission", "scope"}
               for help in value["missing"])
    if value["decision"] == "allow":
        assert value["missing"] == []
        assert value["reason"].startswith("GrantedBy")
        assert value["assignment"]["role"] == value["role"]
    else:
        assert value["reason"].startswith("Denied")


def findings(out, data):
    """The object of `check --format json`."""
    value = read_json(out)
    counts = {"error": 0, "warning": 0, "note": 0}
    silenced = 0
    for found in value["findings"]:
        assert set(found) == {"rule", "severity", "message", "subjects",
                              "locations", "references", "fix", "silenced"}
        if found["silenced"] is None:
            counts[found["severity"]] += 1
        else:
            silenced += 1
        for place in found["locations"]:
            check_place(place["file"], place["line"], data)
    summary = value["summary"]
    assert summary["errors"] == counts["error"]
    assert summary["warnings"] == counts["warning"]
    assert summary["notes"] == counts["note"]
    assert summary["silenced"] == silenced


def check_place(file, line, data):
    """A place that is there."""
    if file is None:
        return
    lines = (data / file).read_text(encoding="utf-8").count("\n")
    assert line is None or 1 <= line <= lines, f"{file}:{line}"


def sarif(out, data):
    """SARIF 2.1.0: what its schema demands of what we write, and what GitHub
    code scanning demands beyond it. (The schema itself is not kept here.)"""
    value = read_json(out)
    assert value["version"] == "2.1.0"
    assert value["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = value["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "actas"
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            assert rule[key]["text"]
        level = rule["defaultConfiguration"]["level"]
        assert level in ("none", "note", "warning", "error")
        assert len(set(rule["properties"]["tags"])) == \
            len(rule["properties"]["tags"])
    for result in run["results"]:
        check_result(result, ids, data)
    prints = [json.dumps([r["ruleId"], r["message"]["text"], r["locations"]])
              for r in run["results"]]
    assert len(prints) == len(set(prints)), "a result is there twice"


def check_result(result, ids, data):
    """One result of a SARIF run."""
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in ("note", "warning", "error")
    assert result["message"]["text"]
    (stamp,) = result["partialFingerprints"].values()
    assert re.fullmatch(r"[0-9a-f]{16}", stamp)
    for mark in result["suppressions"]:
        assert mark["kind"] == "inSource" and mark["justification"]
    related = result.get("relatedLocations", [])
    assert [place["id"] for place in related] == \
        list(range(1, len(related) + 1))
    for place in result["locations"] + related:
        physical = place["physicalLocation"]
        artifact = physical["artifactLocation"]
        assert not artifact["uri"].startswith(("/", "./"))
        assert artifact["uriBaseId"] == "%SRCROOT%"
        check_place(artifact["uri"],
                    physical.get("region", {}).get("startLine"), data)


def junit(out, _):
    """JUnit: a test case a rule, and counts that agree."""
    root = tree.fromstring(out)
    assert root.tag == "testsuites"
    (suite,) = root
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests"))
    failures = [case for case in cases if case.find("failure") is not None]
    assert len(failures) == int(suite.get("failures"))
    for case in cases:
        assert case.get("name") and case.get("classname") == "actas.check"
    for case in failures:
        assert case.find("failure").get("message")
        assert case.find("failure").text.strip()


def any_json(out, _):
    """JSON of any shape."""
    read_json(out)


def svg(out, _):
    """A drawing."""
    assert tree.fromstring(out).tag == "{http://www.w3.org/2000/svg}svg"


def mermaid(out, _):
    """Every edge joins nodes that are there."""
    lines = out.decode().splitlines()
    assert lines[0] == "graph LR"
    nodes = {m.group(1) for line in lines
             if (m := re.match(r'        ([ps]\d+)\["', line))}
    for line in lines:
        edge = re.match(r"    ([ps]\d+) .*? ([ps]\d+)$", line)
        if edge:
            assert edge.group(1) in nodes and edge.group(2) in nodes, line
    assert len(lines) - lines.count("    end") == \
        len(set(lines) - {"    end"}), "a line is there twice"


def page(out, _):
    """A page, which the round trip in scenes.py reads back."""
    assert out.startswith(b"# ") and b"\n| Identity | Type |" in out


FORMS = {"page": page, "decision": decision, "findings": findings,
         "sarif": sarif, "junit": junit, "json": any_json, "svg": svg,
         "mermaid": mermaid}


def check(form, out, data):
    """Checks the output of one form."""
    FORMS[form](out, data)
