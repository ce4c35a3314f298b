"""From encoded bytes or numbers to the network's input; part of what is served."""
