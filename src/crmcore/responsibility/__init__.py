"""Who answers, and the proof of it."""
