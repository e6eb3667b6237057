/* SPDX-License-Identifier: BSD-2-Clause */
/* How a program on another machine gives commands of abi/protocol/operator.h over a serial
 * line, and gets their answers: frames between marks, each with a checksum. The other machine
 * asks and asks again; the line's server only answers, with the piece that it is asked for.
 *
 * On the wire a frame is LINE_MARK, its bytes, LINE_MARK. A byte that is LINE_MARK or
 * LINE_ESCAPE is LINE_ESCAPE and the byte xor LINE_FLIP. What lies between two marks and is no
 * frame is passed over: too short or long, another checksum or version. So after any noise the
 * next frame is found. Bytes of a frame, numbers with the low byte first:
 *
 *    0  LINE_VERSION
 *    1  enum line_type
 *    2  enum line_flag, together
 *    3  LINE_END: the command's exit code, enum line_exit; else 0
 *    4  session: chosen by who asks, at random, and new for each program that asks
 *    8  number of the command in that session, one more each time
 *   12  number of the piece, from 0 on (16 bits)
 *   14  bytes of data (16 bits), at most LINE_DATA_MAX
 *   16  data
 *   then CRC-32 of all before it: polynomial 0xedb88320, from ~0, inverted, as in IEEE 802.3
 *
 * Who asks sends LINE_ASK until piece 0 comes, then LINE_NEXT for each piece until that comes,
 * up to one with LINE_END. The server keeps the last piece and gives it again. A command that
 * changes something is done once for its session and number, also where the server died
 * meanwhile: the next one says then what it knows. It answers LINE_GONE where it knows nothing
 * of the command: a command that only asks is given anew, with another number.
 *
 * A driver's files go the other way: LINE_LOAD, or LINE_REPLACE, then all pieces of image and
 * text, in a row, with LINE_PUT, each LINE_PUT_BYTES but the last, then LINE_COMMIT; each under
 * a number of its own, and again until a frame of that number comes. A piece that came twice is
 * one. The answer is a LINE_PIECE with LINE_END: its first line is the error's name, "DRV_OK",
 * and behind a LINE_COMMIT follows what is to be said of the files. LINE_GONE: nothing is known
 * of these files, so they are sent anew, from LINE_LOAD on; of a LINE_COMMIT: it may have been
 * done. */
#ifndef ABI_LINE_H
#define ABI_LINE_H

#include "abi/protocol/manager.h"

#define LINE_VERSION 1u

#define LINE_MARK   0x7eu
#define LINE_ESCAPE 0x7du
#define LINE_FLIP   0x20u

#define LINE_HEAD     16u
#define LINE_DATA_MAX 480u
#define LINE_CHECK    4u
#define LINE_RAW_MAX  (LINE_HEAD + LINE_DATA_MAX + LINE_CHECK)
#define LINE_WIRE_MAX (2u * LINE_RAW_MAX + 2u)
#define LINE_VERB_MAX 120u /* bytes of a command */

#define LINE_PUT_BYTES MANAGER_TEXT_MAX
ABI_ASSERT(LINE_PUT_BYTES <= LINE_DATA_MAX, "a piece fits a frame");
ABI_ASSERT(MANAGER_LOAD_BYTES_MAX / LINE_PUT_BYTES <= 0xffffu, "each piece has a number");

enum line_type {
	LINE_ASK = 1,	 /* a command, as it is typed at the prompt; of it */
	LINE_NEXT = 2,	 /* the piece of that number */
	LINE_PIECE = 3,	 /* the server's: a piece of the answer: lines, each with a line feed */
	LINE_GONE = 4,	 /* the server's: it knows nothing of that command, or piece */
	LINE_LOAD = 5,	 /* manager_load_t: a driver's files are to be sent */
	LINE_PUT = 6,	 /* bytes of them, from LINE_PUT_BYTES * the piece's number on */
	LINE_COMMIT = 7, /* all are there */
	LINE_REPLACE = 8, /* as LINE_LOAD, for another image of a driver that is there */
};

enum line_flag {
	LINE_JSON = 1,	  /* of LINE_ASK: as if --json was typed */
	LINE_END = 2,	  /* the last piece */
	LINE_CHANGES = 4, /* the command changes something */
};

enum line_exit {
	LINE_EXIT_DONE = 0,
	LINE_EXIT_REFUSED = 1, /* or not found */
	LINE_EXIT_WRONG = 2,   /* it is no command */
};

#endif
