"""What the law says, on which day: dated, sourced data and the little code that asks it."""
