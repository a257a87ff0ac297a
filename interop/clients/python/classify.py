"""Classifies pictures at a vAccel agent; see README.md."""

import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "target" / "stubs"))

import vaccel_client  # noqa: E402  (after the path of the generated stubs)


def main():
    parser = argparse.ArgumentParser(prog="classify", description=__doc__)
    parser.add_argument(
        "--agent",
        metavar="ENDPOINT",
        default=os.environ.get("VACCEL_RPC_ADDRESS"),
        help="unix:PATH or tcp:HOST:PORT (default: $VACCEL_RPC_ADDRESS)",
    )
    parser.add_argument("--model", required=True, help="the model, with its metadata beside it")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="of each call (default: 60)")
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="a JPEG, PNG or BMP file")
    arguments = parser.parse_args()
    if not arguments.agent:
        parser.error("give --agent ENDPOINT, or set VACCEL_RPC_ADDRESS")
    try:
        vaccel_client.target(arguments.agent)
    except ValueError as error:
        parser.error(str(error))
    try:
        return classify(arguments)
    except (vaccel_client.VaccelError, ValueError, OSError) as error:
        print(f"classify: {error}", file=sys.stderr)
        return 1


def classify(arguments):
    status = 0
    with vaccel_client.Session(arguments.agent, arguments.timeout) as session:
        model = session.load(arguments.model)
        print(f"uploaded {session.uploaded_bytes} bytes", file=sys.stderr)
        for picture in arguments.pictures:
            try:
                result = session.classify(model, picture)
            except (vaccel_client.VaccelError, OSError) as error:
                print(f"classify: {picture}: {error}", file=sys.stderr)
                status = 1
                continue
            best = result.labels[0]
            print(f"{picture}\t{best.name}\t{best.score:.4f}\t{result.executed_on.plugin} on {result.executed_on.device}")
    return status


if __name__ == "__main__":
    sys.exit(main())
