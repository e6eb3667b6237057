# SPDX-License-Identifier: BSD-2-Clause
"""Key names of the guest's trace (evdev, lower case) and QEMU's qcodes for them."""

QCODES = {
    "enter": "ret", "space": "spc", "leftshift": "shift", "rightshift": "shift_r",
    "leftctrl": "ctrl", "rightctrl": "ctrl_r", "leftalt": "alt", "rightalt": "alt_r",
    "leftmeta": "meta_l", "rightmeta": "meta_r", "capslock": "caps_lock",
    "numlock": "num_lock", "scrolllock": "scroll_lock", "pageup": "pgup",
    "pagedown": "pgdn", "sysrq": "print", "leftbrace": "bracket_left",
    "rightbrace": "bracket_right", "grave": "grave_accent", "dot": "dot",
    "102nd": "less",
    "kpenter": "kp_enter", "kpplus": "kp_add", "kpminus": "kp_subtract",
    "kpasterisk": "kp_multiply", "kpslash": "kp_divide", "kpdot": "kp_decimal",
    "kpequal": "kp_equals", "kpcomma": "kp_comma", "mute": "audiomute",
    "nextsong": "audionext", "previoussong": "audioprev", "playpause": "audioplay",
    "stopcd": "audiostop", "calc": "calculator", "wakeup": "wake", "media": "mediaselect",
    "homepage": "ac_home", "bookmarks": "ac_bookmarks", "back": "ac_back",
    "forward": "ac_forward", "refresh": "ac_refresh", "hangeul": "lang1",
    "hanja": "lang2",
    **{f"kp{digit}": f"kp_{digit}" for digit in range(10)},
}

# Characters of a US keyboard: the key, and whether shift is held.
_PLAIN = {
    "\n": "enter", "\t": "tab", "\b": "backspace", " ": "space", "-": "minus",
    "=": "equal", "[": "leftbrace", "]": "rightbrace", "\\": "backslash",
    ";": "semicolon", "'": "apostrophe", "`": "grave", ",": "comma", ".": "dot",
    "/": "slash",
}
_SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', "1234567890-=[]\\;'`,./"))


def qcode(name):
    """QEMU's name of the key that the guest calls `name`."""
    return QCODES.get(name, name)


def keys_of(character):
    """(key name, shift held) of a printable character of a US keyboard."""
    if character in _SHIFTED:
        return keys_of(_SHIFTED[character])[0], True
    if character in _PLAIN:
        return _PLAIN[character], False
    return character.lower(), character.isupper()
