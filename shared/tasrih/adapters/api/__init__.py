"""The HTTP API: `app` has the routes, `models` what goes in and out, `views` and `lines` the answers."""
