"""Reports: figures with their definitions, what is withheld, pictures and exports."""
