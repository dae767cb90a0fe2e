"""What if: real mandate requests replayed under another register. Pure, apart from `reading`."""
