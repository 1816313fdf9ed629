"""Personal data in texts: found and masked before anything is shown or exported."""
