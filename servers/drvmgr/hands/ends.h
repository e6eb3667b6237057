/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of a driver's door to the manager (doors/door.h): what it calls and what it signals.
 */
#ifndef DRVMGR_ENDS_H
#define DRVMGR_ENDS_H

#include "driver.h"

/* Once in each incarnation of the manager, for all instances of the driver and before the
 * first: makes what it holds of the door. The share is among that: were it an instance's, each
 * end would bring a new one. What the incarnation before it made is there but for the reply
 * object. */
err_t ends_make(const manager_t *manager, driver_t *driver);

/* Takes it apart, but for the reply object, which is its place's: there is no instance, and the
 * next driver in this place makes it anew. */
void ends_unmake(driver_t *driver);

/* Gives the driver's new instance its ends of the door and writes them into its page. */
err_t ends_open(driver_t *driver);

/* Takes away what the driver has of an end, and what it made of that: how much, it decides. In
 * one go that is as much as its capability space has room for, in less time than a turn of
 * supervisor/work.h takes. What others hold for it goes when more comes of it, or before it
 * gets the end back. False: something is left. */
bool ends_take_away(cap_t end);

/* Gives back those that were taken away. One that the driver has no room for, or of which
 * something is left, stays away, as no_endpoint and no_signal say. */
void ends_give_again(driver_t *driver);

/* Forgets the call that is laid by, if there is one: nothing that an instance has left is the
 * next one's. Whoever made it may still wait, having been sent what the instance had: it is
 * told, which frees the reply object for the next call. */
void ends_forget(door_t *door, err_t told);

#endif
