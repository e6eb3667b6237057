/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the VGA CRT controller's ports and registers in text mode. Names only.
 *
 * Source: IBM VGA/XGA Technical Reference, "CRT controller registers": cursor start 0A,
 * start address 0C and 0D, cursor location 0E and 0F. */
#ifndef VGA_CRTC_H
#define VGA_CRTC_H

#define CRTC_INDEX 0x3d4u /* which register the data port stands for */
#define CRTC_DATA  0x3d5u

#define CRTC_CURSOR_START  0x0au
#define CRTC_START_HIGH	   0x0cu /* first cell that is shown */
#define CRTC_START_LOW	   0x0du
#define CRTC_LOCATION_HIGH 0x0eu
#define CRTC_LOCATION_LOW  0x0fu

#define CRTC_CURSOR_OFF	 0x20u
#define CRTC_CURSOR_LINE 0x0du /* an underline: scan lines 13 and on */

#endif
