"""What happens, in order: open an upload, receive it, acknowledge it, sweep. Takes ports, knows no AWS."""
