"""What a report mentions: toponyms, localities, dates, counts, triggers, actors."""
