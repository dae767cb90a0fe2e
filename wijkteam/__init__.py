"""wijkteam: case management, mandate and escalation for front-line teams."""
