#!/usr/bin/env python3
"""Writes src/core/Gateway.Policy/Variants/look-alikes.txt.

The data is confusables.txt of UTS #39 as ICU 72 has it (Unicode 15.0.0; Debian package libicu72), read with
uspoof_getSkeletonUTF8, on top of plain-forms.txt beside the result. Its licence is the Unicode License v3
(https://www.unicode.org/license.txt). Run this from the root of the repository.
"""
import ctypes
import unicodedata

FOLDER = "src/core/Gateway.Policy/Variants/"
ICU = "72"
HEAD = """\
# Characters that look like others: one representative for all of a class, from confusables.txt (UTS #39) of Unicode
# 15.0.0 by tools/unicode/look-alikes.py. Unicode License v3, https://www.unicode.org/license.txt. The format is that of
# plain-forms.txt. Up to "# capitals" each source is a plain form. After it, each source is a character whose own
# look-alike is another one than that of its plain form: Greek capital nu looks like N, and its lower case like v.
"""
# The skeletons of ASCII characters are kept apart where UTS #39 has sequences (m is "rn" there): see LookAlikes.cs.
ASCII = {"1": "l", "|": "l", "0": "o"}

icu = ctypes.CDLL(f"libicui18n.so.{ICU}")
error = ctypes.c_int(0)
open_checker = getattr(icu, f"uspoof_open_{ICU}")
open_checker.restype = ctypes.c_void_p
checker = open_checker(ctypes.byref(error))
get_skeleton = getattr(icu, f"uspoof_getSkeletonUTF8_{ICU}")
get_skeleton.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p,
                         ctypes.c_int32, ctypes.c_void_p]


def skeleton(character):
    utf8, out, failed = character.encode(), ctypes.create_string_buffer(4000), ctypes.c_int(0)
    length = get_skeleton(checker, 0, utf8, len(utf8), out, 4000, ctypes.byref(failed))
    if failed.value > 0:
        raise RuntimeError(f"ICU error {failed.value} for U+{ord(character):04X}")
    found = out.raw[:length].decode()
    return "m" if found == "rn" else found


def read_forms():
    forms = {}
    for line in open(FOLDER + "plain-forms.txt", encoding="utf8"):
        for entry in [] if line.startswith("#") else line.strip().split(";"):
            source, target = entry.split("=")
            step = 2 if source.endswith("/2") else 1
            ends = [int(end, 16) for end in source.split("/")[0].split("-")]
            for point in range(ends[0], ends[-1] + 1, step):
                forms[point] = ("".join(chr(int(part, 16)) for part in target.split()) if " " in target
                                else chr(int(target, 16) + point - ends[0]))
    return forms


FORMS = read_forms()


def plain(text):
    return "".join(FORMS.get(ord(c), c) for c in text)


def look_alike(text):
    """The representative of a plain text, at which nothing changes any more."""
    for _ in range(10):
        now = plain("".join(ASCII.get(c, c) if ord(c) < 128 else skeleton(c) for c in text))
        if now == text:
            break
        text = now
    return text


def lines(table):
    line = ""
    for source, target in sorted(table.items()):
        entry = f"{source:X}={' '.join(f'{ord(c):X}' for c in target)}"
        if len(line) + len(entry) + 1 > 118:
            yield line
            line = ""
        line = f"{line};{entry}" if line else entry
    yield line


def main():
    first, capitals = {}, {}
    for point in range(0x21, 0x110000):
        if 0xD800 <= point <= 0xDFFF or 0xAC00 <= point <= 0xD7A3:
            continue
        character = chr(point)
        if unicodedata.category(character) in ("Cn", "Cc", "Cf", "Co", "Zl", "Zp"):
            continue
        form = plain(character)
        of_form = "".join(look_alike(c) for c in form)
        if form == character and of_form != form:
            first[point] = of_form
        of_itself = "".join(look_alike(c) for c in plain(skeleton(character)))
        is_letter = point > 0x7F or character == "I"
        if of_itself != of_form and of_itself.isascii() and of_itself.isalnum() and is_letter:
            capitals[point] = of_itself
    with open(FOLDER + "look-alikes.txt", "w", encoding="utf8") as out:
        out.write(HEAD)
        out.writelines(line + "\n" for line in lines(first))
        out.write("# capitals\n")
        out.writelines(line + "\n" for line in lines(capitals))


main()
