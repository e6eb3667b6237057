/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports, registers and bits of the PC's real-time clock (Motorola MC146818A data sheet,
 * "Address Map" and "Registers"). */
#ifndef EXAMPLE_RTC_CMOS_H
#define EXAMPLE_RTC_CMOS_H

#define CMOS_INDEX 0x70 /* bit 7 masks the NMI: always written as 0 */
#define CMOS_DATA  0x71

#define CMOS_SECONDS  0x00
#define CMOS_MINUTES  0x02
#define CMOS_HOURS    0x04
#define CMOS_STATUS_A 0x0a
#define CMOS_STATUS_B 0x0b
#define CMOS_STATUS_D 0x0d

#define STATUS_A_UPDATING 0x80
#define STATUS_B_24_HOURS 0x02
#define STATUS_B_BINARY	  0x04
#define STATUS_D_VALID	  0x80

#define HOURS_PM 0x80 /* in 12-hour format */

#endif
