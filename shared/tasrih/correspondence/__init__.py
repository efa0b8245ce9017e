"""Receipt and letters: text and pages out, nothing sent."""
