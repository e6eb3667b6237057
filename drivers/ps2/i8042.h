/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the 8042 keyboard controller's ports, bits and commands and of the keyboard's and
 * the mouse's commands and answers. Names only: no code, and none of the commands that pulse
 * output lines (F0..FF) or write the output port (D1), for they can reset the machine.
 *
 * Sources: [HMC] IBM PS/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary
 * Device Controller"; [KBD] same, "Keyboard (101- and 102-Key)"; [AUX] same, "Mouse"; [AT] IBM
 * PC AT Technical Reference, "Keyboard Controller" (parity and time-out bits); [WHEEL]
 * Microsoft, "Windows and the 5-Button Wheel Mouse"; [MUX] Synaptics, "Active Multiplexing
 * Specification", revision 1.1. */
#ifndef PS2_I8042_H
#define PS2_I8042_H

/* Ports ([HMC], "Registers"). Each is one byte wide; 0x61 between them is not ours. */
#define I8042_DATA   0x60u
#define I8042_STATUS 0x64u /* reading */
#define I8042_CMD    0x64u /* writing */

/* Status register ([HMC] "Status register"; bits 6 and 7 also [AT]). */
#define I8042_STATUS_OUTPUT_FULL 0x01u /* a byte waits at the data port */
#define I8042_STATUS_INPUT_FULL	 0x02u /* the controller has not taken the last byte yet */
#define I8042_STATUS_AUX	 0x20u /* that byte is the auxiliary port's */
#define I8042_STATUS_TIMEOUT	 0x40u /* with one of these bytes: */
#define I8042_NOT_TAKEN		 0xfeu /* the device did not take what was sent */
#define I8042_NOT_SENT		 0xffu /* it began a byte and did not end it */
#define I8042_STATUS_PARITY	 0x80u
#define I8042_STATUS_ABSENT	 0xffu /* a bus without a controller reads all ones */

/* Controller commands ([HMC] "Controller commands"). */
#define I8042_CMD_READ_CONFIG	0x20u /* answers the configuration byte */
#define I8042_CMD_WRITE_CONFIG	0x60u /* takes the configuration byte at the data port */
#define I8042_CMD_DISABLE_AUX	0xa7u
#define I8042_CMD_ENABLE_AUX	0xa8u
#define I8042_CMD_TEST_AUX	0xa9u /* tests the mouse's lines; answers 00 */
#define I8042_CMD_SELF_TEST	0xaau /* answers 55 */
#define I8042_CMD_TEST_KEYBOARD 0xabu /* tests the keyboard's lines; answers 00 */
#define I8042_CMD_DISABLE_KBD	0xadu
#define I8042_CMD_ENABLE_KBD	0xaeu
#define I8042_CMD_LOOP_AUX	0xd3u /* the next byte comes back as the mouse's */
#define I8042_CMD_WRITE_AUX	0xd4u /* the next byte goes to the mouse */

/* Bytes sent round by I8042_CMD_LOOP_AUX one after the other ([MUX]): a controller that shares
 * the mouse's port out among four is plain again. */
#define I8042_PLAIN_1 0xf0u
#define I8042_PLAIN_2 0x56u
#define I8042_PLAIN_3 0xa5u

#define I8042_SELF_TEST_GOOD  0x55u
#define I8042_SELF_TEST_BAD   0xfcu
#define I8042_TEST_LINES_GOOD 0x00u

/* Configuration byte ([HMC] "Controller command byte"). */
#define I8042_CONFIG_KBD_IRQ   0x01u
#define I8042_CONFIG_AUX_IRQ   0x02u
#define I8042_CONFIG_SYSTEM    0x04u /* set once the self-test has passed */
#define I8042_CONFIG_KBD_OFF   0x10u
#define I8042_CONFIG_AUX_OFF   0x20u
#define I8042_CONFIG_TRANSLATE 0x40u /* set 2 of the keyboard arrives as set 1 */
#define I8042_CONFIG_KNOWN     0x77u /* the others must be written as zero */

/* Commands to the keyboard ([KBD] "Commands from the system"). */
#define KBD_CMD_LEDS	 0xedu	       /* takes KBD_LED_… */
#define KBD_CMD_ECHO	 0xeeu	       /* answers EE, and no acknowledgement */
#define KBD_CMD_REPEAT	 0xf3u	       /* takes delay and rate of repeats */
#define KBD_CMD_IDENTIFY 0xf2u	       /* answers up to two bytes */
#define KBD_CMD_ENABLE	 0xf4u	       /* send keys */
#define KBD_CMD_DISABLE	 0xf5u	       /* send no keys, set the defaults */
#define KBD_CMD_RESET	 PS2_CMD_RESET /* answers AA or FC after the acknowledgement */

#define KBD_LED_SCROLL 0x01u
#define KBD_LED_NUM    0x02u
#define KBD_LED_CAPS   0x04u

/* The parameter of KBD_CMD_REPEAT ([KBD] "Set typematic rate/delay"). */
#define KBD_DELAY_SHIFT	  5u
#define KBD_DELAY_MS	  250u /* (n + 1) times so long */
#define KBD_DELAYS	  4u
#define KBD_PERIOD_SHIFT  3u
#define KBD_PERIOD_BITS	  0x07u
#define KBD_PERIODS	  32u
#define KBD_REPEAT_BEGINS 0x2bu /* 500 ms, 10.9 a second: after a reset */

/* Answers and reports of the keyboard ([KBD] "Commands to the system"). */
#define KBD_OVERRUN_SET2    0x00u /* keys were lost; also: error, in place of an ACK */
#define KBD_OVERRUN_SET1    0xffu
#define KBD_SELF_TEST_GOOD  PS2_SELF_TEST_GOOD
#define KBD_SELF_TEST_BAD   0xfcu
#define KBD_SELF_TEST_BAD_2 0xfdu
#define KBD_ECHO	    0xeeu

/* What either device takes, and answers to a byte ([KBD], [AUX]). */
#define PS2_CMD_RESET	   0xffu
#define PS2_SELF_TEST_GOOD 0xaau
#define PS2_ACK		   0xfau
#define PS2_RESEND	   0xfeu

/* Commands to the mouse ([AUX] "Commands"), and its answers. */
#define MOUSE_CMD_RESOLUTION 0xe8u /* takes its binary logarithm, counts a millimetre */
#define MOUSE_CMD_STATUS     0xe9u /* answers MOUSE_STATUS_…, resolution, rate */
#define MOUSE_CMD_IDENTIFY   0xf2u /* answers one byte */
#define MOUSE_CMD_RATE	     0xf3u /* takes packets a second */
#define MOUSE_CMD_ENABLE     0xf4u
#define MOUSE_CMD_DISABLE    0xf5u
#define MOUSE_CMD_RESET	     PS2_CMD_RESET /* answers AA 00, or FC 00, after the acknowledgement */
#define MOUSE_RESOLUTION_8   3u
#define MOUSE_STATUS_ENABLED 0x20u /* it reports */
#define MOUSE_STATUS_REMOTE  0x40u /* only when it is asked */

#define MOUSE_SELF_TEST_GOOD PS2_SELF_TEST_GOOD
#define MOUSE_SELF_TEST_BAD  0xfcu
#define MOUSE_ID_PLAIN	     0x00u
#define MOUSE_ID_WHEEL	     0x03u /* [WHEEL]: after the rates 200, 100, 80 */
#define MOUSE_ID_FIVE	     0x04u /* and then after 200, 200, 80 */

/* First byte of a packet ([AUX] "Data report"), and the fourth ([WHEEL]). */
#define MOUSE_LEFT	 0x01u
#define MOUSE_RIGHT	 0x02u
#define MOUSE_MIDDLE	 0x04u
#define MOUSE_ALWAYS	 0x08u /* set in every first byte */
#define MOUSE_NEGATIVE_X 0x10u
#define MOUSE_NEGATIVE_Y 0x20u
#define MOUSE_OVERFLOW_X 0x40u
#define MOUSE_OVERFLOW_Y 0x80u
#define MOUSE_BUTTON_4	 0x10u
#define MOUSE_BUTTON_5	 0x20u
#define MOUSE_SCROLL	 0xc0u /* which wheel: */
#define MOUSE_SCROLL_H	 0x40u /* six bits of a horizontal one */
#define MOUSE_SCROLL_V	 0x80u /* six bits of the usual one */

/* Prefixes of scan codes ([KBD] "Scan codes"). */
#define SCAN_EXTENDED	0xe0u
#define SCAN_EXTENDED_1 0xe1u /* Pause alone */
#define SCAN_RELEASE	0xf0u /* set 2 */
#define SCAN1_RELEASE	0x80u /* set 1: this bit of the code itself */

#endif
