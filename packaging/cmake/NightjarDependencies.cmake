# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every third-party library, once. Rooms link only what they need.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
foreach(module IN ITEMS libpsl libidn2 libxxhash zlib libzstd libarchive sqlite3 libcurl libhs re2 libmicrohttpd libssl libcrypto)
  pkg_check_modules(${module} REQUIRED IMPORTED_TARGET ${module})
endforeach()
if(NIGHTJAR_KEYCHAIN)
  pkg_check_modules(libsecret-1 REQUIRED IMPORTED_TARGET libsecret-1)
endif()
set(NIGHTJAR_QT Core Test)
if(NIGHTJAR_GUI)
  list(APPEND NIGHTJAR_QT Gui Widgets Charts Svg Network DBus)
endif()
find_package(Qt6 6.4 REQUIRED COMPONENTS ${NIGHTJAR_QT})
# Qt gives each test its absolute folder, which no test reads and which keeps ccache from serving a second clone.
set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
