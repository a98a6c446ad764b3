"""Nobody waits unseen: whoever has to act next, or waits for somebody, is told in the page and by letter."""
