"""A payroll program as its vendor would write it: the generated client, httpx, and nothing of ours."""

import json
import sys

import httpx
from tasrih_client import AuthenticatedClient, Client
from tasrih_client.api.public import service
from tasrih_client.api.uploads import announce, findings, upload
from tasrih_client.models import AskedUpload

asked = json.load(sys.stdin)

how = service.sync(client=Client(base_url=asked["api"])).sign_in
answer = httpx.post(
    how.endpoint,
    headers={
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    json={
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": how.machine_client,
        "AuthParameters": {"USERNAME": asked["machine"], "PASSWORD": asked["secret"]},
    },
)
token = answer.json()["AuthenticationResult"]["AccessToken"]
client = AuthenticatedClient(base_url=asked["api"] + "/machine", token=token)

wish = asked["announcement"]
problem = announce.sync(client=client, body=AskedUpload.from_dict({**wish, "purpose": "real"}))
print(type(problem).__name__, problem.problem)

opened = announce.sync(client=client, body=AskedUpload.from_dict({**wish, "purpose": "test"}))
for form in opened.forms:
    with open(form.name, "rb") as file:
        httpx.post(form.url, data=form.fields.to_dict(), files={"file": file}).raise_for_status()

view = upload.sync(opened.upload, client=client)
while view.state in ("awaiting_upload", "received"):
    view = upload.sync(opened.upload, client=client)
print(view.state, findings.sync(opened.upload, client=client).findings)
