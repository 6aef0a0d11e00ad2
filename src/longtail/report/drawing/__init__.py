"""Pictures: pieces of SVG, the charts made of them, and PNG."""
