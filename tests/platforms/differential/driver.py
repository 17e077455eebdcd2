"""Asks PropelAuth's Python library: reads questions, one JSON text per line, and writes an answer per line."""

import datetime
import importlib.metadata
import json
import sys

import jwt.api_jwt
import propelauth_py
from jwt.algorithms import RSAAlgorithm
from propelauth_py import TokenVerificationMetadata, UnauthorizedException, ForbiddenException

NOW = None


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(NOW, tz)


jwt.api_jwt.datetime = Clock
propelauth_py.configure_logging(log_exceptions=False)


def auth_of(question):
    metadata = TokenVerificationMetadata(verifier_key=question["key"], issuer=question["issuer"])
    return propelauth_py.init_base_auth("https://auth.example.com", "not used", metadata)


def org_of(org):
    return None if org is None else vars(org)


def user_of(user):
    orgs = user.org_id_to_org_member_info
    method = user.login_method
    provider = method.provider and method.provider.value
    fields = dict(vars(user))
    fields["login_method"] = {"login_method": method.login_method, "provider": provider, "org_id": method.org_id}
    fields["org_id_to_org_member_info"] = orgs if orgs is None else {key: vars(org) for key, org in orgs.items()}
    return fields


def answer(ask, *arguments):
    """Returns the result of a method. An undocumented exception is a result too."""
    try:
        return ask(*arguments)
    except ForbiddenException as error:
        return {"forbidden": error.message.split(" org")[0]}
    except Exception as error:
        return {"raised": type(error).__name__}


def org_answers(auth, user, ask):
    org_id, role, permission, permissions = ask["org_id"], ask["role"], ask["permission"], ask["permissions"]
    org = user.get_org(org_id)
    checks = {
        "member": (auth.validate_org_access_and_get_org,),
        "at_least_role": (auth.validate_minimum_org_role_and_get_org, role),
        "role": (auth.validate_exact_org_role_and_get_org, role),
        "permission": (auth.validate_permission_and_get_org, permission),
        "all_permissions": (auth.validate_all_permissions_and_get_org, permissions),
    }
    return {
        "get_org": org_of(org),
        "get_org_by_name": org_of(user.get_org_by_name(ask["org_name"])),
        "is_role_in_org": answer(user.is_role_in_org, org_id, role),
        "is_at_least_role_in_org": answer(user.is_at_least_role_in_org, org_id, role),
        "has_permission_in_org": answer(user.has_permission_in_org, org_id, permission),
        "has_all_permissions_in_org": answer(user.has_all_permissions_in_org, org_id, permissions),
        "user_is_role": org and answer(org.user_is_role, role),
        "user_is_at_least_role": org and answer(org.user_is_at_least_role, role),
        "user_has_permission": org and answer(org.user_has_permission, permission),
        "user_has_all_permissions": org and answer(org.user_has_all_permissions, permissions),
        "require_org": {
            name: answer(lambda: org_of(check(user, org_id, *wanted))) for name, (check, *wanted) in checks.items()
        },
    }


def by_header(auth, header, ask):
    org_id = ask["org_id"]
    checks = {
        "member": (auth.validate_access_token_and_get_user_with_org,),
        "at_least_role": (auth.validate_access_token_and_get_user_with_org_by_minimum_role, ask["role"]),
        "role": (auth.validate_access_token_and_get_user_with_org_by_exact_role, ask["role"]),
        "permission": (auth.validate_access_token_and_get_user_with_org_by_permission, ask["permission"]),
        "all_permissions": (auth.validate_access_token_and_get_user_with_org_by_all_permissions, ask["permissions"]),
    }
    check, *wanted = checks[ask["by_header"]]
    return answer(lambda: org_of(check(header, org_id, *wanted).org_member_info))


def about_token(question):
    auth, header, ask = auth_of(question), question["header"], question["ask"]
    try:
        user = auth.validate_access_token_and_get_user(header)
    except UnauthorizedException as error:
        return {"unauthorized": error.message}
    return {
        "user": user_of(user),
        "is_impersonated": user.is_impersonated(),
        "get_active_org_id": user.get_active_org_id(),
        "get_active_org": org_of(user.get_active_org()),
        "get_orgs": [vars(org) for org in user.get_orgs()],
        "get_user_property": answer(user.get_user_property, ask["property"]),
        "of_org": org_answers(auth, user, ask),
        "by_header": by_header(auth, header, ask),
    }


def about_key(question):
    try:
        RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(question["key"])
    except Exception:
        return {"loads": False, "verifies": False}
    return {"loads": True, "verifies": "unauthorized" not in about_token(question)}


def main():
    global NOW
    packages = ["propelauth_py", "PyJWT", "cryptography"]
    print(json.dumps({package: importlib.metadata.version(package) for package in packages}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        NOW = question["now"]
        result = {"token": about_token, "key": about_key}[question["about"]](question)
        try:
            text = json.dumps(result, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (ValueError, RecursionError):
            # A lone surrogate, or a number that JSON cannot have.
            text = json.dumps({"not_json": True})
        print(text, flush=True)


sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
main()
