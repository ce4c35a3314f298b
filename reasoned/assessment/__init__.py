"""The report that is read before a model is deployed: replies held against new images."""
