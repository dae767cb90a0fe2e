"""The pages: they parse, call one service function, and render."""
