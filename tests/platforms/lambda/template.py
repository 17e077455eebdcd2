"""Checks the SAM template of examples/lambda: its translation to CloudFormation, and its names against the crate's."""

import json
import pathlib
import re
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

example = pathlib.Path("examples/lambda")
# The output of `cargo metadata`.
(package,) = (package for package in json.load(sys.stdin)["packages"] if package["name"] == "propelauth-edge-lambda")
programs = {target["name"] for target in package["targets"] if "bin" in target["kind"]}
library = pathlib.Path("src/verifier/settings.rs")
sources = "".join(path.read_text() for path in [library, *(example / "src").rglob("*.rs")])
template = yaml_parse((example / "template.yaml").read_text())
parameters = {"Issuer": "https://auth.acme-example.com", "VerifierKey": "k" * 600}


def equal(what, got, expected):
    assert got == expected, f"{what}: {got!r}, where {expected!r} is expected"


functions = {name: r for name, r in template["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}
built = [(r["Metadata"]["BuildMethod"], r["Metadata"]["BuildProperties"]["Binary"]) for r in functions.values()]
equal("what sam builds", sorted(built), sorted(("rust-cargolambda", program) for program in programs))

# `sam build` writes the program into this folder, and `sam package` uploads it.
equal("CodeUri", template["Globals"]["Function"].pop("CodeUri"), ".")
for function in functions.values():
    function["Properties"]["CodeUri"] = "s3://bucket/key"
made = Translator({}, Parser()).translate(template, parameters)["Resources"]

for name in functions:
    function = made[name]["Properties"]
    equal(f"runtime of {name}", (function["Runtime"], function["Handler"]), ("provided.al2023", "bootstrap"))
    equal(f"processor of {name}", function["Architectures"], ["arm64"])
    for variable in function["Environment"]["Variables"]:
        assert f'"{variable}"' in sources, f"{name} has {variable}, which the crate does not read"
    settings = {k: v for k, v in function["Environment"]["Variables"].items() if k.startswith("PROPELAUTH_")}
    expected = {"PROPELAUTH_ISSUER": {"Ref": "Issuer"}, "PROPELAUTH_VERIFIER_KEY": {"Ref": "VerifierKey"}}
    for variable, parameter in [("VERIFIER_KEY", "AdditionalVerifierKey"), ("ISSUER", "AdditionalIssuer")]:
        given_or_none = [f"Has{parameter}", {"Ref": parameter}, {"Ref": "AWS::NoValue"}]
        expected[f"PROPELAUTH_ADDITIONAL_{variable}"] = {"Fn::If": given_or_none}
    equal(f"settings of {name}", settings, expected)

api = made["Api"]["Properties"]["Body"]
(scheme,) = api["components"]["securitySchemes"].values()
authorizer = scheme["x-amazon-apigateway-authorizer"]
target = authorizer.pop("authorizerUri")["Fn::Sub"][1]["__FunctionArn__"]["Fn::GetAtt"][0]
equal("the authorizer's program", functions[target]["Metadata"]["BuildProperties"]["Binary"], "authorizer")
identity_sources = ["$request.header.Authorization", "$context.path", "$context.httpMethod"]
expected = {
    "type": "request",
    "authorizerResultTtlInSeconds": 0,
    "identitySource": identity_sources,
    "authorizerPayloadFormatVersion": "2.0",
    "enableSimpleResponses": True,
}
equal("the authorizer", authorizer, expected)
# The documentation lists the same ones.
row = ", ".join(f"`{source}`" for source in identity_sources)
for text in ("src/integrations/lambda.rs", "examples/lambda/README.md"):
    assert f"| HTTP | {row} |" in pathlib.Path(text).read_text(), f"{text} names other identity sources"
for path, methods in api["paths"].items():
    for method, route in methods.items():
        equal(f"{method} {path}", route["security"], [{"PropelAuth": []}])

pattern = re.compile(template["Parameters"]["Issuer"]["AllowedPattern"])
for issuer, is_allowed in [
    (parameters["Issuer"], True),
    ("https://auth.acme-example.com/", False),
    ("auth.acme-example.com", False),
]:
    equal(issuer, bool(pattern.fullmatch(issuer)), is_allowed)
