# SPDX-License-Identifier: BSD-2-Clause
# What the tree is built from. One function per kind of thing:
#
#   castellan_add_library(NAME SOURCES...)                  i386 static library
#   castellan_add_kernel_objects(NAME SOURCES... [DEFINITIONS...])  the kernel, compiled
#   castellan_add_kernel(NAME OBJECTS objects ROOT program [SOURCES...])
#                                                           NAME.elf, it with that root task
#   castellan_add_program(NAME SOURCES... [LINKER_SCRIPT file] [LIBS...])
#   castellan_add_driver(NAME SOURCES... MANIFEST file [TEST] [ESSENTIAL priority]
#                        [MANIFESTS...] [LINKER_SCRIPT] [LIBS...])
#                                                           MANIFESTS: of further drivers with its image
#   castellan_add_archive(NAME [RELEASE] [DRIVERS...] [FILES...])
#   castellan_unit_test(NAME SOURCES...)                    cmocka test on the host
#
# Sources are relative to the calling directory, except those of castellan_unit_test, which
# are relative to the root of the tree. CONTRIBUTING.md shows each in use.
include_guard()
include(flags)

find_program(CASTELLAN_OBJCOPY NAMES objcopy REQUIRED)
find_program(CASTELLAN_TAR NAMES tar REQUIRED)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(CASTELLAN_BIN ${CMAKE_BINARY_DIR}/bin)

# jsmn is one header of the distribution. It is copied so that target code finds it without
# having the host's other headers on its path.
find_path(CASTELLAN_JSMN jsmn.h)
if(NOT CASTELLAN_JSMN)
	message(FATAL_ERROR "jsmn.h is missing: install libjsmn-dev")
endif()
configure_file(${CASTELLAN_JSMN}/jsmn.h ${CMAKE_BINARY_DIR}/jsmn/jsmn.h COPYONLY)
# jsmn's notice goes wherever jsmn does, beside Castellan's own: into the archive and onto the disc.
file(READ ${CASTELLAN_JSMN}/jsmn.h castellan_jsmn)
string(FIND "${castellan_jsmn}" "*/" end)
string(SUBSTRING "${castellan_jsmn}" 0 ${end} castellan_jsmn)
if(NOT castellan_jsmn MATCHES "Permission is hereby granted")
	message(FATAL_ERROR "${CASTELLAN_JSMN}/jsmn.h does not begin with the notice of its licence")
endif()
string(REGEX REPLACE "(^|\n)(/| )\\* ?" "\\1" castellan_jsmn "${castellan_jsmn}")
file(READ ${CMAKE_SOURCE_DIR}/LICENSE castellan_licence)
set(CASTELLAN_NOTICE ${CMAKE_BINARY_DIR}/NOTICE)
file(CONFIGURE OUTPUT ${CASTELLAN_NOTICE} CONTENT
	"Castellan\n\n@castellan_licence@\nIt contains jsmn:\n@castellan_jsmn@" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/LICENSE)
add_library(jsmn INTERFACE)
target_include_directories(jsmn SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/jsmn)

# Version 1 of cmocka says where it is in variables, version 2 as a target of that name.
find_package(cmocka CONFIG)
if(cmocka_FOUND AND NOT TARGET cmocka::cmocka)
	add_library(cmocka::cmocka INTERFACE IMPORTED)
	target_include_directories(cmocka::cmocka INTERFACE ${CMOCKA_INCLUDE_DIR})
	target_link_libraries(cmocka::cmocka INTERFACE ${CMOCKA_LIBRARIES})
endif()

# In a release, target code is optimised across files. Memory functions are left out: the
# compiler calls them without saying so.
include(CheckIPOSupported)
check_ipo_supported(RESULT castellan_ipo LANGUAGES C)
function(castellan_optimise_whole target)
	set_target_properties(${target} PROPERTIES
		INTERPROCEDURAL_OPTIMIZATION_RELEASE ${castellan_ipo})
	get_target_property(sources ${target} SOURCES)
	foreach(source IN LISTS sources)
		if(source MATCHES "(^|/)(arch/i386/memory|src/string)\\.c$")
			set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -fno-lto)
		endif()
	endforeach()
endfunction()

# version.h has the name, version and commit. Each build looks whether it is still so.
set(castellan_version ${CMAKE_BINARY_DIR}/version.h)
add_custom_target(version COMMAND sh ${CMAKE_SOURCE_DIR}/cmake/version.sh ${castellan_version} >/dev/null
	BYPRODUCTS ${castellan_version} COMMENT "Looking for the version")
function(castellan_tell_version target source)
	add_dependencies(${target} version)
	set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS -include ${castellan_version})
endfunction()

function(castellan_add_library name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
	add_library(${name} STATIC ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	castellan_optimise_whole(${name})
	target_link_libraries(${name} PRIVATE castellan_program_flags)
	target_include_directories(${name} PUBLIC
		${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/libs/libcap/include)
endfunction()

# Moves the debugging information of `target` into FILE.debug beside it, but for how a frame is unwound, which
# the manager reads of its drivers.
function(castellan_split_debug target)
	add_custom_command(TARGET ${target} POST_BUILD
		COMMAND ${CASTELLAN_OBJCOPY} --only-keep-debug
			$<TARGET_FILE:${target}> $<TARGET_FILE:${target}>.debug
		COMMAND ${CASTELLAN_OBJCOPY} --strip-debug --keep-section=.debug_frame $<TARGET_FILE:${target}>
		BYPRODUCTS ${ARGN} VERBATIM)
endfunction()

function(castellan_link_with target script)
	cmake_path(ABSOLUTE_PATH script BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	target_link_options(${target} PRIVATE -Wl,-T,${script})
	set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()

# The kernel without a root task. It is compiled once: every image that names it has the same
# objects, whatever its root task is.
function(castellan_add_kernel_objects name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEFINITIONS")
	add_library(${name} OBJECT ${arg_SOURCES})
	castellan_optimise_whole(${name})
	target_link_libraries(${name} PRIVATE castellan_kernel_flags)
	target_include_directories(${name} PRIVATE
		${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/microkernel)
	target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
	list(FILTER arg_SOURCES INCLUDE REGEX "(^|/)boot/main\\.c$")
	castellan_tell_version(${name} ${arg_SOURCES})
endfunction()

function(castellan_add_kernel name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOT;OBJECTS" "SOURCES")
	set(root_directory ${CMAKE_BINARY_DIR}/${name}-root)
	file(MAKE_DIRECTORY ${root_directory})
	if(NOT name STREQUAL "castellan")
		set_property(GLOBAL APPEND PROPERTY CASTELLAN_TEST_KERNELS ${name})
	endif()

	# The root task is part of the image: boot/root_image.S includes a flat copy
	# (init.bin) with its zeroed data spelled out (a section without any other data
	# takes no room in the ELF file).
	set(init ${root_directory}/init.bin)
	add_custom_command(OUTPUT ${init}
		COMMAND ${CASTELLAN_OBJCOPY} -O binary
			--set-section-flags .data=alloc,load,contents,data
			--set-section-flags .bss=alloc,load,contents,data
			$<TARGET_FILE:${arg_ROOT}> ${init}
		DEPENDS ${arg_ROOT} VERBATIM COMMENT "Flattening ${arg_ROOT}")
	set(root_image ${CMAKE_SOURCE_DIR}/microkernel/boot/root_image.S)
	set_source_files_properties(${root_image} PROPERTIES OBJECT_DEPENDS ${init})

	add_executable(${name} $<TARGET_OBJECTS:${arg_OBJECTS}> ${root_image} ${arg_SOURCES})
	set_target_properties(${name} PROPERTIES SUFFIX .elf
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
		INTERPROCEDURAL_OPTIMIZATION_RELEASE ${castellan_ipo})
	target_link_libraries(${name} PRIVATE castellan_kernel_flags)
	target_compile_definitions(${name} PRIVATE
		$<$<COMPILE_LANGUAGE:ASM>:ROOT_IMAGE="${init}">)
	castellan_link_with(${name} ${CMAKE_SOURCE_DIR}/microkernel/arch/i386/kernel.ld)
	castellan_split_debug(${name} ${CMAKE_BINARY_DIR}/${name}.elf.debug)
endfunction()

function(castellan_add_program name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINKER_SCRIPT" "SOURCES;LIBS")
	if(NOT arg_LINKER_SCRIPT)
		set(arg_LINKER_SCRIPT ${CMAKE_SOURCE_DIR}/libs/libcap/user.ld)
	endif()
	add_executable(${name} ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	castellan_optimise_whole(${name})
	set_target_properties(${name} PROPERTIES SUFFIX .elf
		RUNTIME_OUTPUT_DIRECTORY ${CASTELLAN_BIN})
	target_link_libraries(${name} PRIVATE castellan_program_flags ${arg_LIBS} cap)
	# Spelled without dots, or a compiler cache spells it otherwise in the debugging information.
	cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH parent)
	target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${parent})
	castellan_link_with(${name} ${arg_LINKER_SCRIPT})
	castellan_split_debug(${name} ${CASTELLAN_BIN}/${name}.elf.debug)
endfunction()

function(castellan_add_driver name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "TEST" "MANIFEST;LINKER_SCRIPT;ESSENTIAL"
		"SOURCES;LIBS;MANIFESTS")
	castellan_add_program(${name}
		SOURCES ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS}
		LINKER_SCRIPT ${arg_LINKER_SCRIPT} LIBS ${arg_LIBS})
	cmake_path(ABSOLUTE_PATH arg_MANIFEST BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	if(NOT EXISTS ${arg_MANIFEST})
		message(FATAL_ERROR "driver ${name}: no manifest ${arg_MANIFEST}")
	endif()
	set_property(TARGET ${name} PROPERTY CASTELLAN_MANIFEST ${arg_MANIFEST})
	set_property(TARGET ${name} PROPERTY CASTELLAN_ESSENTIAL ${arg_ESSENTIAL})
	if(NOT arg_TEST)
		set_property(GLOBAL APPEND PROPERTY CASTELLAN_RELEASE_DRIVERS ${name})
		list(TRANSFORM arg_MANIFESTS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
		set_property(GLOBAL APPEND PROPERTY CASTELLAN_RELEASE_FILES ${arg_MANIFESTS})
	endif()
endfunction()

# NAME.tar in the build directory, with drvmgr, the drivers named (RELEASE: all of the
# release archive too) and FILES, all at its top level. Drivers may be defined later.
function(castellan_add_archive name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "RELEASE" "" "DRIVERS;FILES")
	list(TRANSFORM arg_FILES REPLACE "^([^/].*)$" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
	set_property(GLOBAL APPEND PROPERTY CASTELLAN_ARCHIVES ${name})
	set_property(GLOBAL PROPERTY CASTELLAN_ARCHIVE_RELEASE_${name} ${arg_RELEASE})
	set_property(GLOBAL PROPERTY CASTELLAN_ARCHIVE_DRIVERS_${name}
		${arg_DRIVERS} ${arg_UNPARSED_ARGUMENTS})
	set_property(GLOBAL PROPERTY CASTELLAN_ARCHIVE_FILES_${name} ${arg_FILES})
endfunction()

# Writes boot.list for an archive with these drivers, the most urgent first, and names it in
# `file`; an empty name: none of them is essential.
function(castellan_write_boot_list name drivers file)
	set(lines "")
	foreach(driver IN LISTS drivers)
		get_property(priority TARGET ${driver} PROPERTY CASTELLAN_ESSENTIAL)
		get_property(manifest TARGET ${driver} PROPERTY CASTELLAN_MANIFEST)
		if(priority)
			cmake_path(GET manifest FILENAME leaf)
			string(REPLACE ".drv.json" "" leaf ${leaf})
			list(APPEND lines "${priority} ${leaf}")
		endif()
	endforeach()
	set(${file} "" PARENT_SCOPE)
	if(NOT lines)
		return()
	endif()
	list(SORT lines ORDER DESCENDING)
	list(TRANSFORM lines REPLACE "^([0-9]+) (.*)$" "\\2 \\1")
	list(JOIN lines "\n" text)
	set(written ${CMAKE_BINARY_DIR}/lists/${name}/boot.list)
	file(CONFIGURE OUTPUT ${written} CONTENT
		"# Essential drivers: NAME PRIORITY, the most urgent first\n${text}\n")
	set(${file} ${written} PARENT_SCOPE)
endfunction()

function(castellan_write_archive name)
	get_property(drivers GLOBAL PROPERTY CASTELLAN_ARCHIVE_DRIVERS_${name})
	get_property(files GLOBAL PROPERTY CASTELLAN_ARCHIVE_FILES_${name})
	get_property(release GLOBAL PROPERTY CASTELLAN_ARCHIVE_RELEASE_${name})
	if(release)
		get_property(more GLOBAL PROPERTY CASTELLAN_RELEASE_DRIVERS)
		list(APPEND drivers ${more})
		get_property(more GLOBAL PROPERTY CASTELLAN_RELEASE_FILES)
		list(APPEND files ${CASTELLAN_NOTICE} ${more})
	endif()
	foreach(driver IN LISTS drivers)
		get_property(manifest TARGET ${driver} PROPERTY CASTELLAN_MANIFEST)
		list(APPEND files ${CASTELLAN_BIN}/${driver}.elf ${manifest})
	endforeach()
	castellan_write_boot_list(${name} "${drivers}" boot_list)
	list(APPEND drivers drvmgr)
	list(APPEND files ${CASTELLAN_BIN}/drvmgr.elf ${boot_list})
	list(REMOVE_DUPLICATES files)
	# Sorted by name without directory, so the archive does not depend on where the tree is.
	set(keyed "")
	foreach(file IN LISTS files)
		cmake_path(GET file FILENAME leaf)
		cmake_path(GET file PARENT_PATH parent)
		list(APPEND keyed "${leaf}|${parent}")
	endforeach()
	list(SORT keyed)
	set(members "")
	foreach(entry IN LISTS keyed)
		string(REPLACE "|" ";" entry "${entry}")
		list(GET entry 0 leaf)
		list(GET entry 1 parent)
		list(APPEND members -C ${parent} ${leaf})
	endforeach()
	if(NOT members)
		set(members --files-from=/dev/null)
	endif()
	set(archive ${CMAKE_BINARY_DIR}/${name}.tar)
	cmake_path(GET archive PARENT_PATH parent)
	file(MAKE_DIRECTORY ${parent})
	# What the manager would refuse is not packed, for the same reasons in the same words. Other
	# archives than the release's are stores of parts for tests.
	set(check "")
	if(release)
		set(check COMMAND drvctl check ${archive})
		list(APPEND drivers drvctl)
	endif()
	add_custom_command(OUTPUT ${archive}
		COMMAND ${CASTELLAN_TAR} --create --file=${archive} --format=ustar --mtime=@0
			--owner=0 --group=0 --numeric-owner --mode=0644 ${members}
		${check}
		DEPENDS ${drivers} ${files} VERBATIM COMMENT "Packing ${name}.tar")
endfunction()

# To be called once, when every directory has been read.
function(castellan_finish)
	set_property(GLOBAL APPEND PROPERTY CASTELLAN_ARCHIVES boot)
	set_property(GLOBAL PROPERTY CASTELLAN_ARCHIVE_RELEASE_boot TRUE)
	get_property(archives GLOBAL PROPERTY CASTELLAN_ARCHIVES)
	set(test_archives "")
	foreach(name IN LISTS archives)
		castellan_write_archive(${name})
		if(NOT name STREQUAL "boot")
			list(APPEND test_archives ${CMAKE_BINARY_DIR}/${name}.tar)
		endif()
	endforeach()
	add_custom_target(image ALL DEPENDS ${CMAKE_BINARY_DIR}/boot.tar)
	add_dependencies(image castellan)
	get_property(test_kernels GLOBAL PROPERTY CASTELLAN_TEST_KERNELS)
	add_custom_target(test-images ALL DEPENDS ${test_archives})
	if(test_kernels)
		add_dependencies(test-images ${test_kernels})
	endif()
	castellan_add_iso()
endfunction()

# `cmake --build … --target iso`: a disc image that boots through GRUB.
function(castellan_add_iso)
	set(iso ${CMAKE_BINARY_DIR}/castellan.iso)
	set(make_iso ${CMAKE_SOURCE_DIR}/cmake/make_iso.py)
	add_custom_command(OUTPUT ${iso}
		COMMAND Python3::Interpreter ${make_iso} ${iso}
			--kernel ${CMAKE_BINARY_DIR}/castellan.elf
			--archive ${CMAKE_BINARY_DIR}/boot.tar
		DEPENDS image ${CMAKE_BINARY_DIR}/castellan.elf ${CMAKE_BINARY_DIR}/boot.tar
			${make_iso} ${CMAKE_SOURCE_DIR}/cmake/grub.cfg
		VERBATIM COMMENT "Writing castellan.iso")
	add_custom_target(iso DEPENDS ${iso})
endfunction()

# NAME.c of the calling directory and the sources under test, on the host. CTest knows it
# as unit.NAME, label unit.
function(castellan_unit_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS;DEFINITIONS")
	if(NOT cmocka_FOUND)
		add_test(NAME unit.${name}
			COMMAND ${CMAKE_COMMAND} -E echo "not built: install libcmocka-dev")
		set_tests_properties(unit.${name} PROPERTIES LABELS unit WILL_FAIL TRUE)
		return()
	endif()
	set(sources ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	list(TRANSFORM sources REPLACE "^([^/].*)$" "${CMAKE_SOURCE_DIR}/\\1")
	set(target unit-${name})
	add_executable(${target} ${name}.c ${sources})
	add_dependencies(host-tests ${target})
	set_target_properties(${target} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit OUTPUT_NAME ${name})
	target_link_libraries(${target} PRIVATE castellan_test_flags jsmn cmocka::cmocka ${arg_LIBS})
	target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS}
		CASTELLAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
	add_test(NAME unit.${name} COMMAND ${target})
	set_tests_properties(unit.${name} PROPERTIES LABELS unit FIXTURES_REQUIRED tests TIMEOUT 600
		ENVIRONMENT "ASAN_OPTIONS=detect_leaks=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# drvctl: the manager's manifest checker as a host program.
function(castellan_add_host_tools)
	include(${CMAKE_SOURCE_DIR}/servers/drvmgr/sources.cmake)
	set(sources ${DRVCTL_SOURCES} ${DRVCTL_LIBCAP} ${DRVMGR_PURE_SOURCES} ${DRVMGR_PURE_LIBCAP})
	list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/)
	add_executable(drvctl ${sources})
	castellan_tell_version(drvctl ${CMAKE_SOURCE_DIR}/servers/drvmgr/host/drvctl.c)
	set_target_properties(drvctl PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
	target_link_libraries(drvctl PRIVATE castellan_host_flags jsmn)
endfunction()
