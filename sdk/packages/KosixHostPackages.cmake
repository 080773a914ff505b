# SPDX-License-Identifier: Apache-2.0
# Third-party packages that projects find under their SDK names, and how this
# machine has them: NAME|how|Debian package|a header of it|libraries.
#   module: CMake's own Find module; config: the package's own CMake files;
#   libs: neither, so imported targets NAME::<library> are made.
set(KOSIX_HOST_PACKAGES
  "OpenSSL|module|libssl-dev|openssl/ssl.h|"
  "GTest|module|libgtest-dev|gtest/gtest.h|"
  "Protobuf|module|libprotobuf-dev|google/protobuf/message.h|"
  "Boost|module|libboost-all-dev|boost/version.hpp|"
  "CURL|module|libcurl4-openssl-dev|curl/curl.h|"
  "ZLIB|module|zlib1g-dev|zlib.h|"
  "SQLite3|module|libsqlite3-dev|sqlite3.h|"
  "spdlog|config|libspdlog-dev|spdlog/spdlog.h|"
  "fmt|config|libfmt-dev|fmt/core.h|"
  "absl|config|libabsl-dev|absl/base/config.h|"
  "re2|config|libre2-dev|re2/re2.h|"
  "nlohmann_json|config|nlohmann-json3-dev|nlohmann/json.hpp|"
  "c-ares|config|libc-ares-dev|ares.h|"
  "gRPC|config|libgrpc++-dev|grpc/grpc.h|"
  "OpenCV|config|libopencv-dev|opencv4/opencv2/core.hpp|"
  "mosquitto|libs|libmosquittopp-dev|mosquittopp.h|mosquittopp mosquitto"
  "MbedTLS|libs|libmbedtls-dev|mbedtls/sha256.h|mbedtls mbedx509 mbedcrypto"
  "civetweb|libs|libcivetweb-dev|civetweb.h|civetweb"
  "rabbitmq-c|libs|librabbitmq-dev|amqp.h|rabbitmq"
)
