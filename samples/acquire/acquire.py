"""Charges a budget of the gateway: acquire.py BUDGET [COST]. Python 3.9 or later, nothing to install."""
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("GATEWAY_URL", "http://127.0.0.1:8082")
KEY = os.environ["GATEWAY_KEY"]


def acquire(budget, cost="1", attempts=3):
    """What the gateway decided. The id stays the same, so a lost answer is never charged twice."""
    body = {"id": str(uuid.uuid4()), "costs": [{"budget": budget, "cost": cost}]}
    request = urllib.request.Request(URL + "/v1/acquire", json.dumps(body).encode(), {
        "Authorization": "Bearer " + KEY, "Content-Type": "application/json"})
    for attempt in range(1, attempts + 1):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if error.code != 503 or attempt == attempts:
                raise SystemExit(f"{problem['title']}: {problem['detail']}")
        except OSError as error:
            if attempt == attempts:
                raise SystemExit(f"the gateway cannot be reached: {error}")
        time.sleep(0.2 * attempt)


if __name__ == "__main__":
    decision = acquire(*sys.argv[1:3])
    if decision["allowed"]:
        print(f"allowed, {decision['costs'][0]['remaining']} left")
    else:
        print(f"refused: {decision['reason']} Wait {decision.get('retry_after', 'for ever')} s.")
        raise SystemExit(2)
