"""The networks that asf_search's SBASNetwork makes of a recorded stack, as JSON: a list of pairs for each case.

usage: networks.py STACK.json CASES.json
CASES is a list of {"metres", "days", "target" (MM-DD), "years"}.
"""

import json
import sys

from asf_search import ASFSearchResults, ASFSession
from asf_search.Products import S1BurstProduct
from asf_search.SBASNetwork import SBASNetwork


def product(record, session):
    """A record as asf_search reads it, with the times of its orbit states as the record has them.

    asf_search (14.1) cuts these to whole seconds, which moves its baselines by some metres against those that ASF's
    own service gives.
    """
    made = S1BurstProduct({"meta": record["meta"], "umm": record["umm"]}, session=session)
    said = {a["Name"]: a["Values"][0] for a in record["umm"]["AdditionalAttributes"]}
    made.baseline["ascendingNodeTime"] = said["ASC_NODE_TIME"]
    for which, name in (("positions", "Position"), ("velocities", "Velocity")):
        for end in ("pre", "post"):
            time = said[f"SV_{name}_{end}".upper()].split(",")[-1]
            made.baseline["stateVectors"][which][f"{end}{name}Time"] = time.rstrip("Z") + "Z"
    return made


def products(path):
    session = ASFSession()
    with open(path, encoding="utf-8") as file:
        records = json.load(file)
    made = [product(record, session) for record in records]
    return ASFSearchResults(sorted(made, key=lambda p: p.properties["startTime"]))


def main():
    stack = products(sys.argv[1])
    answers = []
    with open(sys.argv[2], encoding="utf-8") as file:
        cases = json.load(file)
    for case in cases:
        network = SBASNetwork.from_search_results(
            stack,
            perpendicular_baseline=case["metres"],
            inseason_temporal_baseline=case["days"],
            bridge_target_date=case["target"],
            bridge_year_threshold=case["years"],
        )
        answers.append(
            [
                [p.ref.properties["sceneName"], p.sec.properties["sceneName"], p.perpendicular_baseline]
                for p in network.subset_stack
            ]
        )
    json.dump(answers, sys.stdout)


main()
