# SPDX-License-Identifier: BSD-2-Clause
# cmake -DDIRECTORY=build/PRESET -P build_image.cmake: builds what the emulator's tests boot in a
# build directory, which is configured first if it is new. It waits for a `./castellan` that builds.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH source)
if(DEFINED ENV{CASTELLAN_IMAGE_DIR})
	message("What is booted is in $ENV{CASTELLAN_IMAGE_DIR}, as the environment says.")
	return()
endif()
if(NOT EXISTS ${DIRECTORY}/CMakeCache.txt)
	cmake_path(GET DIRECTORY FILENAME preset)
	execute_process(COMMAND ${CMAKE_COMMAND} --preset ${preset}
		WORKING_DIRECTORY ${source} COMMAND_ERROR_IS_FATAL ANY)
endif()
find_program(flock NAMES flock)
if(flock)
	set(locked ${flock} ${source})
endif()
execute_process(COMMAND ${locked} ${CMAKE_COMMAND} --build ${DIRECTORY}
	--target image test-images bench-image COMMAND_ERROR_IS_FATAL ANY)
