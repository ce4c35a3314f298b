"""How well a method's explanations hold on images that it has not seen."""
