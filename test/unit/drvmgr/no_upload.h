/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests in which nothing is loaded into the running system. */
#ifndef TEST_NO_UPLOAD_H
#define TEST_NO_UPLOAD_H

#include "doors/upload.h"

#define NO_UPLOAD(name)                                                                        \
	int32_t name(request_t *request)                                                       \
	{                                                                                      \
		(void)request;                                                                 \
		return DRV_OK;                                                                 \
	}
NO_UPLOAD(upload_begin)
NO_UPLOAD(upload_put)
NO_UPLOAD(upload_commit)
NO_UPLOAD(upload_abort)
NO_UPLOAD(upload_unload)
#undef NO_UPLOAD

#endif
