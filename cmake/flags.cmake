# SPDX-License-Identifier: BSD-2-Clause
# Compiler and linker flags, as interface libraries: castellan_target_flags for i386 code,
# castellan_host_flags for tests and tools. Nothing else in the build adds flags.

# Everything comes from the two libraries below, so CMake's own defaults are emptied.
foreach(language C ASM)
	set(CMAKE_${language}_FLAGS "")
	foreach(type DEBUG RELEASE)
		set(CMAKE_${language}_FLAGS_${type} "")
	endforeach()
endforeach()
set(CMAKE_EXE_LINKER_FLAGS "")

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	set(castellan_clang FALSE)
elseif(CMAKE_C_COMPILER_ID STREQUAL "Clang")
	set(castellan_clang TRUE)
else()
	message(FATAL_ERROR "Castellan builds with gcc or clang, not ${CMAKE_C_COMPILER_ID}")
endif()

set(castellan_warnings
	-Wall -Wextra -Werror -Wshadow -Wundef -Wvla -Wcast-qual -Wpointer-arith
	-Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition)
set(castellan_optimize $<IF:$<CONFIG:Debug>,-Og,-O2>)

# The compiler's own freestanding headers are the only ones that target code can find.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
	OUTPUT_VARIABLE castellan_compiler_headers OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY)

# No path of the machine that builds is in what is built: names are those from the root of the tree,
# however Ninja spells them. The last one that fits counts.
file(RELATIVE_PATH castellan_up ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
set(castellan_places -ffile-prefix-map=${castellan_up}=
	-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=.)

# Arguments travel in registers, and nothing needs more than word alignment of the stack.
add_library(castellan_target_flags INTERFACE)
target_compile_options(castellan_target_flags INTERFACE
	-march=i486 -g -nostdinc
	"$<$<COMPILE_LANGUAGE:C>:${castellan_warnings};-std=c11;${castellan_optimize}>"
	"$<$<COMPILE_LANGUAGE:C>:-mtune=generic;-ffreestanding;-fno-pic;-fno-pie>"
	"$<$<COMPILE_LANGUAGE:C>:-mno-sse;-mno-mmx;-msoft-float;-fno-stack-protector>"
	"$<$<COMPILE_LANGUAGE:C>:-fno-strict-aliasing;-fno-asynchronous-unwind-tables>"
	"$<$<COMPILE_LANGUAGE:C>:-fcf-protection=none;-fno-common;-mregparm=3>"
	"$<$<COMPILE_LANGUAGE:C>:-ffunction-sections;-fdata-sections>"
	"SHELL:-isystem ${castellan_compiler_headers}"
	${castellan_places})
target_link_options(castellan_target_flags INTERFACE
	-nostdlib -static -ffunction-sections -fdata-sections
	-Wl,--gc-sections -Wl,--build-id=sha1
	-Wl,-z,noexecstack -Wl,-z,norelro -Wl,--fatal-warnings)
if(castellan_clang)
	# The Linux flavour of the driver is used for linking alone: the bare one would call
	# the host's gcc.
	target_compile_options(castellan_target_flags INTERFACE --target=i386-unknown-none-elf
		# What reads the debugging information does not know version 5 as clang writes it.
		"$<$<COMPILE_LANGUAGE:C>:-mstack-alignment=4;-fomit-frame-pointer;-gdwarf-4>")
	target_link_options(castellan_target_flags INTERFACE
		--target=i386-unknown-linux-gnu -fuse-ld=lld -Wl,-m,elf_i386)
else()
	# Without the first one gcc turns the loop inside memset() into a call of memset(). Padding
	# would be a twentieth of the kernel; gcc would put what is larger than 32 bytes at a multiple of
	# that, and the smallest driver into a page more. There are no vectors: gcc 12 makes some out of
	# two bytes.
	target_compile_options(castellan_target_flags INTERFACE -m32
		"$<$<COMPILE_LANGUAGE:C>:-fno-tree-loop-distribute-patterns;-mpreferred-stack-boundary=2>"
		"$<$<COMPILE_LANGUAGE:C>:-falign-functions=1;-fno-align-jumps;-fno-align-loops>"
		"$<$<COMPILE_LANGUAGE:C>:-fno-tree-slp-vectorize;-malign-data=abi>")
	# What is optimised across files is compiled when it is linked, and gcc has forgotten the places, and
	# that how a frame is unwound goes to the debugging information.
	target_link_options(castellan_target_flags INTERFACE -m32 -no-pie -Wl,-m,elf_i386
		-fno-asynchronous-unwind-tables ${castellan_places})
endif()

# Programs of user space. clang jumps where a function ends with a call, and who jumped is missing in the
# backtrace of a death, most of all who calls what does not return.
add_library(castellan_program_flags INTERFACE)
target_link_libraries(castellan_program_flags INTERFACE castellan_target_flags)
if(castellan_clang)
	target_compile_options(castellan_program_flags INTERFACE
		$<$<COMPILE_LANGUAGE:C>:-fno-optimize-sibling-calls>)
endif()

# The whole kernel, each of its images: no file has options of its own but those without which
# it would be wrong (castellan_optimise_whole). gcc keeps frame pointers on i386 with -Os.
add_library(castellan_kernel_flags INTERFACE)
target_link_libraries(castellan_kernel_flags INTERFACE castellan_target_flags)
target_compile_options(castellan_kernel_flags INTERFACE
	$<$<COMPILE_LANGUAGE:C>:-fomit-frame-pointer>)

separate_arguments(castellan_host_extra NATIVE_COMMAND "${CASTELLAN_HOST_FLAGS}")
separate_arguments(castellan_host_link NATIVE_COMMAND "${CASTELLAN_HOST_LINK_FLAGS}")
add_library(castellan_host_flags INTERFACE)
target_compile_options(castellan_host_flags INTERFACE
	${castellan_warnings} -std=c11 -g ${castellan_optimize} ${castellan_host_extra})
target_link_options(castellan_host_flags INTERFACE ${castellan_host_link})
target_include_directories(castellan_host_flags INTERFACE
	${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/libs/libcap/include
	${CMAKE_SOURCE_DIR}/servers/drvmgr ${CMAKE_SOURCE_DIR}/drivers)

# What tests add to it.
add_library(castellan_test_flags INTERFACE)
target_link_libraries(castellan_test_flags INTERFACE castellan_host_flags)
target_compile_definitions(castellan_test_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_include_directories(castellan_test_flags INTERFACE
	${CMAKE_SOURCE_DIR}/microkernel ${CMAKE_SOURCE_DIR}/test/fake)
if(CASTELLAN_SANITIZE)
	set(castellan_sanitizers
		-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_compile_options(castellan_test_flags INTERFACE ${castellan_sanitizers})
	target_link_options(castellan_test_flags INTERFACE ${castellan_sanitizers})
endif()
