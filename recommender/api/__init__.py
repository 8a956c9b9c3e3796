"""The HTTP way in: `create_app` in `recommender.api.app`."""
