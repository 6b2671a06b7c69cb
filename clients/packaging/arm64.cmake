# For the boards that stand on squares: Debian's cross compiler, and its libraries of arm64 beside this machine's.
#   dpkg --add-architecture arm64 && apt-get update
#   apt-get install gcc-aarch64-linux-gnu qemu-user-static mosquitto-dev libc6-dev:arm64 libsodium-dev:arm64 libuv1-dev:arm64
#     libmosquitto-dev:arm64 libssl-dev:arm64 libseccomp-dev:arm64 libsndfile1-dev:arm64 libasound2-dev:arm64
#   cmake --preset arm64 && cmake --build build-arm64 && (cd build-arm64 && cpack -G DEB)
# Not to be mixed with this machine's own development packages; tests/real/test_arm64.sh does it in a folder of its own.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)
# A program writes the sample of its options, and the unit tests run.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
