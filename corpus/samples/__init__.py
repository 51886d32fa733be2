"""The bundled sample articles: package data, written for this project."""
