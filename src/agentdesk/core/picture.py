"""A picture as it is drawn: small, and in colours alone, so that whoever shows it knows nothing of files."""

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture: `colours` are red, green and blue, a byte each, row by row."""

    width: int
    height: int
    colours: bytes

    def point(self, x: int, y: int) -> tuple[int, int, int]:
        at = 3 * (y * self.width + x)
        red, green, blue = self.colours[at : at + 3]
        return red, green, blue
