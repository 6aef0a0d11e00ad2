"""Ways to damage a text, and junk that was never one; each takes a text and a generator."""

import base64
import codecs
import string
import urllib.parse

import numpy as np

MENU = (
    "Home", "About Us", "Products", "Services", "Contact Us", "Login", "Register", "Search", "My Account", "Cart", "Privacy Policy",
    "Terms of Service", "Sitemap", "FAQ", "Blog", "Careers", "Subscribe to our newsletter", "Follow us on Facebook", "Twitter", "Instagram",
    "Copyright 2019", "All rights reserved", "Skip to content", "Read more", "Click here", "Accept all cookies", "Help Center",
)  # fmt: skip
TAGS = ("div", "span", "li", "td", "a", "ul", "p", "section")


def shuffled_characters(text, rng):
    return "".join(rng.permutation(list(text)))


def shuffled_inside(text, rng):
    return " ".join("".join(rng.permutation(list(word))) for word in text.split())


def mojibake(text, rng):
    words = text.split()
    for at in range(0, len(words), 3):
        words[at] = str(rng.choice(["“é”", "naïve", "–", "café’s", "“über”"]))
    return " ".join(words).encode().decode("cp1252", "replace")


def truncated_base64(text, rng):
    return base64.b64encode(text.encode() + bytes(rng.integers(0, 256, 40, dtype=np.uint8))).decode()[: int(rng.integers(80, 400))]


def keyboard_mash(text, rng):
    rows = ("asdfghjkl;", "qwertyuiop", "zxcvbnm,.")
    return " ".join("".join(rng.choice(list(rows[rng.integers(3)]), rng.integers(3, 11))) for _ in range(rng.integers(10, 40)))


def repeated_runs(text, rng):
    run = text.split()[: int(rng.integers(3, 9))] or ["more"]
    return " ".join(run * int(rng.integers(8, 20)))


def menu(text, rng):
    joiner = str(rng.choice([" | ", "\n", " » ", " "]))
    return joiner.join(str(each) for each in rng.choice(MENU, rng.integers(8, 20)))


def html_debris(text, rng):
    words, made = text.split(), []
    for at in range(0, min(len(words), 60), 3):
        tag = rng.choice(TAGS)
        made.append(
            f'<{tag} class="{rng.choice(list(string.ascii_lowercase))}-{rng.integers(99)}">{" ".join(words[at : at + 3])}&nbsp;</{tag}>'
        )
    return "".join(made) or '<div class="x"></div>&nbsp;<br/>'


def word_salad(text, rng):
    return " ".join(rng.permutation(text.split()))


def ids(text, rng):
    letters = list(string.ascii_lowercase + string.digits)
    return " ".join("-".join("".join(rng.choice(letters, 8)) for _ in range(3)) for _ in range(rng.integers(6, 20)))


def rot13(text, rng):
    return codecs.encode(text, "rot13")


def backwards(text, rng):
    return text[::-1]


def percent_encoded(text, rng):
    return urllib.parse.quote(text.encode("utf-16-le"))[:600]


def symbols(text, rng):
    return "".join(rng.choice(list("@#$%^&*()_+{}|<>?~ "), rng.integers(60, 300)))


def hex_dump(text, rng):
    return " ".join(f"{byte:02x}" for byte in rng.integers(0, 256, rng.integers(40, 120)))


def loop_at_the_end(text, rng):
    words = text.split()[:40]
    return " ".join(words + words[-4:] * 60)


def letters_replaced(text, rng):
    small = list(string.ascii_lowercase)
    return "".join(str(rng.choice(small)) if letter.isalpha() and rng.random() < 0.4 else letter for letter in text)


def caesar(text, rng):
    by = int(rng.integers(3, 24))
    return "".join(chr((ord(letter) - 97 + by) % 26 + 97) if "a" <= letter <= "z" else letter for letter in text)


def vowels_dropped(text, rng):
    return "".join(letter for letter in text if letter.lower() not in "aeiou")


def wide_bytes(text, rng):
    return text.encode("utf-16-le").decode("latin-1")


def escaped(text, rng):
    return "".join(f"\\u{ord(letter):04x}" for letter in text[:120])


def spaces_dropped(text, rng):
    return "".join(text.split())


def base85(text, rng):
    return base64.b85encode(text.encode())[:400].decode()


def table_of_numbers(text, rng):
    return "\n".join(",".join(f"{value:.4f}" for value in rng.normal(size=6)) for _ in range(rng.integers(8, 30)))


def emoji_flood(text, rng):
    return "".join(chr(0x1F600 + int(each)) for each in rng.integers(0, 60, rng.integers(40, 200)))


SEEN = (shuffled_characters, shuffled_inside, mojibake, truncated_base64, keyboard_mash, repeated_runs, menu, html_debris, ids)
SALAD = word_salad
LATER = (rot13, backwards, percent_encoded, symbols, hex_dump, loop_at_the_end, letters_replaced)
"""Kinds that no threshold had been set on when they were first run; runs of hexadecimal pairs were then made a sign."""
HELD_OUT = (caesar, vowels_dropped, wide_bytes, escaped, spaces_dropped, base85, table_of_numbers, emoji_flood)
"""Kinds that nothing was set on: they were run once, after everything stood."""
