"""Layout, selection and routing: which pane is where, and which function a key runs."""
