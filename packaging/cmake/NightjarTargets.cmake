# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Options and warnings as interface targets, and the two functions every room uses:
#   nightjar_library(<room> SOURCES … USES …)     static library nightjar_<room>, alias nightjar::<room>
#   nightjar_test(<room> <name> [USES …] [SOURCES …])  Qt Test executable from <name>.cpp

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_program(NIGHTJAR_CCACHE ccache)
if(NIGHTJAR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${NIGHTJAR_CCACHE}")
endif()

add_library(nightjar_options INTERFACE)
target_compile_features(nightjar_options INTERFACE cxx_std_20)
target_include_directories(nightjar_options INTERFACE "${CMAKE_SOURCE_DIR}/models" "${CMAKE_SOURCE_DIR}")
target_compile_definitions(nightjar_options INTERFACE _GLIBCXX_ASSERTIONS
  NIGHTJAR_VERSION="${PROJECT_VERSION}")
if(NOT NIGHTJAR_SANITIZE) # the two check the same calls, and get in each other's way
  target_compile_definitions(nightjar_options INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
endif()
target_compile_options(nightjar_options INTERFACE -fPIC -fstack-protector-strong -fno-omit-frame-pointer)
target_link_options(nightjar_options INTERFACE -Wl,-z,relro,-z,now)
find_program(NIGHTJAR_MOLD mold)
if(NIGHTJAR_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(nightjar_options INTERFACE -fuse-ld=mold)
endif()
if(NIGHTJAR_SANITIZE)
  target_compile_options(nightjar_options INTERFACE -fsanitize=${NIGHTJAR_SANITIZE})
  target_link_options(nightjar_options INTERFACE -fsanitize=${NIGHTJAR_SANITIZE})
endif()
if(NIGHTJAR_FUZZ) # coverage for libFuzzer
  target_compile_options(nightjar_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

add_library(nightjar_warnings INTERFACE)
target_compile_options(nightjar_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wold-style-cast -Woverloaded-virtual -Wcast-qual -Wnon-virtual-dtor
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> # GCC 12 raises it falsely on std::string::replace and + (GCC bug 105651)
  $<$<BOOL:${NIGHTJAR_WERROR}>:-Werror>)

add_library(nightjar_qt_options INTERFACE)
target_compile_definitions(nightjar_qt_options INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
  QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_FOREACH QT_NO_KEYWORDS QT_STRICT_ITERATORS
  QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400)

function(nightjar_library room)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
  add_library(nightjar_${room} STATIC ${ARG_SOURCES})
  add_library(nightjar::${room} ALIAS nightjar_${room})
  target_link_libraries(nightjar_${room} PUBLIC nightjar_options ${ARG_USES}
    PRIVATE $<BUILD_INTERFACE:nightjar_warnings> ${ARG_PRIVATE_USES})
endfunction()

function(nightjar_test room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(${name} ${name}.cpp ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE nightjar::${room} nightjar::testsupport nightjar_warnings nightjar_qt_options Qt6::Test ${ARG_USES})
  add_test(NAME ${room}.${name} COMMAND ${name})
  set_tests_properties(${room}.${name} PROPERTIES LABELS "unit;${ARG_LABELS}" TIMEOUT 120
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;TZ=UTC;NIGHTJAR_SHARED_DATA=${CMAKE_SOURCE_DIR}/../shared/data;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
endfunction()
