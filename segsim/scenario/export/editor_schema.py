"""The JSON schema of scenario files, so that an editor can complete and check them while they are written."""

from typing import Any

from segsim.policies import POLICIES
from segsim.scenario.schema import Scenario


def scenario_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file, as people write it.

    In VS Code with the YAML extension, save it as `segsim.schema.json` and begin a scenario with
    `# yaml-language-server: $schema=segsim.schema.json`.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    del schema["properties"]["name"]
    schema["required"] = []
    schema["anyOf"] = [{"required": ["extends"]}, {"required": ["city"]}]
    definitions = schema["$defs"]
    for definition in definitions.values():
        for parameter in definition.get("properties", {}).values():
            parameter.pop("sv", None)
    for policy in POLICIES.values():
        definition = definitions[policy.__name__]
        del definition["properties"]["kind"]
        definition["description"] = f"{policy.TITLE.en}. {policy.MECHANISM.en}"
    schema["properties"]["policies"]["items"] = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {name: {"$ref": f"#/$defs/{policy.__name__}"} for name, policy in POLICIES.items()},
    }
    definitions["Programme"]["properties"]["policies"]["items"] = schema["properties"]["policies"]["items"]
    names = {"type": "array", "items": {"type": "string"}}
    definitions["Scope"] = {"anyOf": [{"const": "all"}, names, definitions["Scope"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
