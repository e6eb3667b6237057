# SPDX-License-Identifier: BSD-2-Clause
"""What the debugging information of one program says: function, file and line of an address, with
functions that were inlined there, and how a frame is unwound."""
import bisect
import io
import pathlib

import elftools_path
import unwind

if not elftools_path.find():
    raise ImportError("python3-pyelftools is missing; ./castellan setup installs it")

from elftools.common.exceptions import DWARFError, ELFError  # noqa: E402
from elftools.dwarf.descriptions import describe_form_class  # noqa: E402
from elftools.elf.elffile import ELFFile  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
EBP, ESP, EIP = 5, 4, 8  # as DWARF numbers them: System V ABI, i386 supplement, table 2.14
NUMBERS = {"eax": 0, "ecx": 1, "edx": 2, "ebx": 3, "esp": 4, "ebp": 5, "esi": 6, "edi": 7, "eip": 8}
FRAMES_MOST = 64
MASK = 0xffffffff


class Problem(Exception):
    """What is wrong with a file, or that there is none."""


def build_id_of(file):
    """Of an ELF file that is open, in hexadecimal digits; None: it has none, or is no ELF file."""
    try:
        section = ELFFile(file).get_section_by_name(".note.gnu.build-id")
        data = section.data() if section else b""
    except (ELFError, ValueError):
        return None
    return data[-20:].hex() if len(data) >= 20 else None


def build_id(path):
    """The same of a file by its name."""
    try:
        with open(path, "rb") as file:
            return build_id_of(file)
    except OSError:
        return None


def find(build, directories):
    """The file with debugging information and this build id, of which the beginning is enough."""
    for directory in directories:
        for path in sorted(pathlib.Path(directory).glob("*.elf.debug")):
            if (build_id(path) or "").startswith(build):
                return path
    raise Problem(f"no *.elf.debug in {', '.join(map(str, directories))} has build id {build}: the "
                  "system was built from something else")


def in_tree(path):
    """The path from the root of the tree of what the debugging information calls so: a compiler cache
    may have compiled it in another tree, so the longest end that names a file here. None: there is
    no such file."""
    parts = [part for part in pathlib.PurePosixPath(path).parts if part not in (".", "..", "/")]
    for first in range(len(parts)):
        if (ROOT / pathlib.PurePosixPath(*parts[first:])).is_file():
            return "/".join(parts[first:])
    return None


class Image:
    """The program of one *.elf.debug."""

    def __init__(self, path, build=None):
        self.path = pathlib.Path(path)
        own = build_id(self.path)
        if own is None:
            raise Problem(f"{path}: no ELF file with a build id")
        if build is not None and own != build:
            raise Problem(f"{path} has build id {own}, not {build}")
        try:
            elf = ELFFile(io.BytesIO(self.path.read_bytes()))
            self.dwarf = elf.get_dwarf_info()
            self.units = list(self.dwarf.iter_CUs())
            self.functions = sorted((low, high, die) for unit in self.units
                                    for low, high, die in self._functions(unit))
            self.symbols = self._symbols(elf)
            self.rows = self._rows()
            self.frames = unwind.Frames(elf.get_section_by_name(".debug_frame").data())
        except (ELFError, DWARFError, OSError, KeyError, ValueError, AttributeError) as error:
            raise Problem(f"{path}: its debugging information cannot be read: {error}") from error

    # --- functions ---

    def _ranges(self, die):
        """[(low, high)] of a function, inlined or not."""
        attributes = die.attributes
        if "DW_AT_low_pc" in attributes and "DW_AT_high_pc" in attributes:
            low, high = attributes["DW_AT_low_pc"].value, attributes["DW_AT_high_pc"]
            if describe_form_class(high.form) == "constant":
                return [(low, low + high.value)]
            return [(low, high.value)]
        if "DW_AT_ranges" not in attributes:
            return []
        unit = die.cu
        base = unit.get_top_DIE().attributes.get("DW_AT_low_pc")
        base = base.value if base else 0
        result = []
        lists = self.dwarf.range_lists()
        for entry in lists.get_range_list_at_offset(attributes["DW_AT_ranges"].value, cu=unit):
            if type(entry).__name__ == "BaseAddressEntry":
                base = entry.base_address
            else:
                offset = 0 if getattr(entry, "is_absolute", False) else base
                result.append((entry.begin_offset + offset, entry.end_offset + offset))
        return result

    def _functions(self, unit):
        for die in unit.get_top_DIE().iter_children():  # C has no functions in functions
            if die.tag == "DW_TAG_subprogram":
                for low, high in self._ranges(die):
                    if low and high > low:
                        yield low, high, Named(die)

    def _origin(self, die):
        while "DW_AT_name" not in die.attributes:
            for name in ("DW_AT_abstract_origin", "DW_AT_specification"):
                if name in die.attributes:
                    die = die.get_DIE_from_attribute(name)
                    break
            else:
                return None
        return die

    def name_of(self, die):
        origin = self._origin(die)
        return origin.attributes["DW_AT_name"].value.decode() if origin else None

    def function_of(self, address):
        """(low, die) of the function that has the address; None: no function has."""
        at = bisect.bisect_right(self.functions, address, key=lambda row: row[0]) - 1
        while at >= 0:
            low, high, named = self.functions[at]
            if low <= address < high:
                return low, named.die
            at -= 1
            if low + 0x100000 < address:
                break
        return None

    @staticmethod
    def _symbols(elf):
        """[(low, high, name)] of all functions: clang's assembler tells of its own nowhere else."""
        table = elf.get_section_by_name(".symtab")
        return sorted((row["st_value"], row["st_value"] + row["st_size"], row.name)
                      for row in (table.iter_symbols() if table else ())
                      if row["st_info"]["type"] == "STT_FUNC" and row["st_size"])

    def symbol_of(self, address):
        """The name of the function that has the address, as the linker has it; None: no function has."""
        at = bisect.bisect_right(self.symbols, address, key=lambda row: row[0]) - 1
        return self.symbols[at][2] if at >= 0 and address < self.symbols[at][1] else None

    def _inlined(self, die, address):
        """The functions that are inlined at the address, the outermost first."""
        for child in die.iter_children():
            if child.tag == "DW_TAG_lexical_block":
                found = self._inlined(child, address)
                if found:
                    return found
            if child.tag == "DW_TAG_inlined_subroutine" and any(
                    low <= address < high for low, high in self._ranges(child)):
                return [child] + self._inlined(child, address)
        return []

    # --- lines ---

    def _rows(self):
        """[(address, unit's program, state)], sorted; a state of None ends a sequence."""
        rows = []
        for unit in self.units:
            program = self.dwarf.line_program_for_CU(unit)
            if not program:
                continue
            sequence = []
            for entry in program.get_entries():
                state = entry.state
                if state is None:
                    continue
                sequence.append((state.address, state.end_sequence, program, state.file, state.line))
                if state.end_sequence:
                    rows += sequence if sequence[0][0] else []  # lld leaves functions that it drops at 0
                    sequence = []
        rows.sort(key=lambda row: (row[0], not row[1]))
        return rows

    def file_name(self, program, number):
        """As a path from the root of the tree, if it is there; else as it was called in the build."""
        version = program.header.version
        files, directories = program["file_entry"], program["include_directory"]
        index = number if version >= 5 else number - 1
        if not 0 <= index < len(files):
            return None
        entry = files[index]
        directory = entry.dir_index if version >= 5 else entry.dir_index - 1
        name = pathlib.Path(entry.name.decode())
        if 0 <= directory < len(directories):
            name = pathlib.Path(directories[directory].decode()) / name
        return in_tree(name) or str(name)

    def line_of(self, address):
        """(file, line), each None where it is not known."""
        at = bisect.bisect_right(self.rows, address, key=lambda row: row[0]) - 1
        while at >= 0 and self.rows[at][4] == 0 and not self.rows[at][1]:
            at -= 1  # made by the compiler
        if at < 0 or self.rows[at][1]:
            return None, None
        _, _, program, number, line = self.rows[at]
        return self.file_name(program, number), line

    def places(self, address):
        """[(function, file, line)] of an instruction, the innermost first: more than one where
        functions are inlined."""
        found = self.function_of(address)
        file, line = self.line_of(address)
        if not found:
            name = self.symbol_of(address)
            return [(name, file, line)] if name or line else []
        die = found[1]
        inlined = self._inlined(die, address)
        program = self.dwarf.line_program_for_CU(die.cu)
        result = []
        for inner in reversed(inlined):
            result.append((self.name_of(inner), file, line))
            number = inner.attributes.get("DW_AT_call_file")
            file = self.file_name(program, number.value) if number else None
            call = inner.attributes.get("DW_AT_call_line")
            line = call.value if call else None
        return result + [(self.name_of(die), file, line)]

    # --- unwinding ---

    def rule_at(self, address):
        """The row of call-frame information for an instruction; None: there is none."""
        try:
            return self.frames.rule_at(address)
        except unwind.Wrong:
            return None


class Named:
    """A DIE in a list that is sorted: of two at one place, which comes first does not matter."""

    def __init__(self, die):
        self.die = die

    def __lt__(self, other):
        return False


def step(image, registers, word, address):
    """The registers of the caller; None: it ends here. `word(address)` reads the stack, None where
    that was not copied."""
    rule = image.rule_at(address)
    places, esp = rule.caller(registers, word) if rule else ({}, None)
    if esp is None:
        return None
    caller = {number: value for number, value in registers.items() if number in (3, 5, 6, 7)}
    for number in (3, 5, 6, 7, EIP):
        if number not in places:
            continue
        value = None if places[number] is None else word(places[number])
        if value is None:
            caller.pop(number, None)
        else:
            caller[number] = value
    if EIP not in caller:
        return None
    caller[ESP] = esp
    return caller


def backtrace(image, registers, word):
    """[(address, places)]: where the thread was, and where each caller goes on; `registers` by
    name. What jumped to where no code is, was called: its caller's address is on the stack."""
    state = {NUMBERS[name]: value for name, value in registers.items() if name in NUMBERS}
    result, exact = [], True
    while len(result) < FRAMES_MOST:
        address = state[EIP]
        look = address if exact else address - 1
        places = image.places(look)
        result.append((address, places))
        caller = step(image, state, word, look)
        if caller is None and exact and len(result) == 1 and not image.rule_at(look):
            pushed = word(state[ESP])
            if pushed is not None and (image.function_of(pushed - 1) or image.symbol_of(pushed - 1)):
                caller = {**state, EIP: pushed, ESP: state[ESP] + 4}
        if caller is None or caller[ESP] <= state[ESP]:
            break
        state, exact = caller, False
    return result
