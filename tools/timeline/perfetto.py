# SPDX-License-Identifier: BSD-2-Clause
"""The few messages of Perfetto's trace format that a timeline needs, for python3-protobuf; names and
numbers are those of protos/perfetto/trace in Perfetto's repository."""
import sys

DISTRIBUTION = "/usr/lib/python3/dist-packages"  # Debian's is for its own python3

try:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError:
    sys.path.append(DISTRIBUTION)
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "perfetto.protos"
SLICE_BEGIN, SLICE_END, INSTANT = 1, 2, 3  # TrackEvent.Type
STATE_CLEARED = 1  # of sequence_flags: a reader needs nothing from before this packet

# {message: {field: (number, type)}}; a type in brackets is repeated.
MESSAGES = {
    "Trace": {"packet": (1, ["TracePacket"])},
    "TracePacket": {"timestamp": (8, "uint64"), "trusted_packet_sequence_id": (10, "uint32"),
                    "track_event": (11, "TrackEvent"), "sequence_flags": (13, "uint32"),
                    "track_descriptor": (60, "TrackDescriptor")},
    "TrackDescriptor": {"uuid": (1, "uint64"), "name": (2, "string"), "process": (3, "ProcessDescriptor"),
                        "parent_uuid": (5, "uint64")},
    "ProcessDescriptor": {"pid": (1, "int32"), "process_name": (6, "string")},
    "TrackEvent": {"debug_annotations": (4, ["DebugAnnotation"]), "type": (9, "int32"),
                   "track_uuid": (11, "uint64"), "categories": (22, ["string"]), "name": (23, "string")},
    "DebugAnnotation": {"uint_value": (3, "uint64"), "string_value": (6, "string"), "name": (10, "string")},
}


def _file():
    file = descriptor_pb2.FileDescriptorProto(name="castellan/perfetto.proto", package=PACKAGE, syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            repeated = isinstance(kind, list)
            kind = kind[0] if repeated else kind
            made = message.field.add(name=field, number=number,
                                     label=kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL)
            if kind in MESSAGES:
                made.type, made.type_name = kinds.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
            else:
                made.type = getattr(kinds, f"TYPE_{kind.upper()}")
    return file


_pool = descriptor_pool.DescriptorPool()
_pool.Add(_file())
Trace = message_factory.MessageFactory(_pool).GetPrototype(_pool.FindMessageTypeByName(f"{PACKAGE}.Trace"))
