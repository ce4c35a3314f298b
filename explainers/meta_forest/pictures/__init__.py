"""Pictures of trees, as SVG; needed where a model is served, too."""
