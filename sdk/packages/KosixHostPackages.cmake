# SPDX-License-Identifier: Apache-2.0
# Third-party packages that projects find under their SDK names, and how this
# machine has them: NAME|how|Debian package|a header of it|libraries.
#   module: CMake's own Find module; config: the package's own CMake files, and where it
#   has none, or for libs: imported targets NAME::<target> of the libraries, each
#   written as <target>=<library> or, if both are one word, <library>.
set(KOSIX_HOST_PACKAGES
  "OpenSSL|module|libssl-dev|openssl/ssl.h|"
  "GTest|module|libgtest-dev libgmock-dev|gtest/gtest.h|"
  "Protobuf|module|libprotobuf-dev protobuf-compiler|google/protobuf/message.h|"
  "Boost|module|libboost-all-dev|boost/version.hpp|"
  "CURL|module|libcurl4-openssl-dev|curl/curl.h|"
  "ZLIB|module|zlib1g-dev|zlib.h|"
  "BZip2|module|libbz2-dev|bzlib.h|"
  "PNG|module|libpng-dev|png.h|"
  "JPEG|module|libjpeg-dev|jpeglib.h|"
  "EXPAT|module|libexpat1-dev|expat.h|"
  "LibXml2|module|libxml2-dev|libxml2/libxml/parser.h|"
  "SQLite3|module|libsqlite3-dev|sqlite3.h|"
  "spdlog|config|libspdlog-dev|spdlog/spdlog.h|"
  "fmt|config|libfmt-dev|fmt/core.h|"
  "absl|config|libabsl-dev|absl/base/config.h|"
  "re2|config|libre2-dev|re2/re2.h|re2"
  "nlohmann_json|config|nlohmann-json3-dev|nlohmann/json.hpp|"
  "RapidJSON|config|rapidjson-dev|rapidjson/rapidjson.h|"
  "pugixml|config|libpugixml-dev|pugixml.hpp|pugixml"
  "tinyxml2|config|libtinyxml2-dev|tinyxml2.h|tinyxml2"
  "yaml-cpp|config|libyaml-cpp-dev|yaml-cpp/yaml.h|yaml-cpp"
  "cJSON|config|libcjson-dev|cjson/cJSON.h|cjson"
  "Catch2|config|catch2|catch2/catch.hpp|"
  "Eigen3|config|libeigen3-dev|eigen3/Eigen/Core|"
  "c-ares|config|libc-ares-dev|ares.h|cares"
  "gRPC|config|libgrpc++-dev protobuf-compiler-grpc|grpc/grpc.h|"
  "OpenCV|config|libopencv-dev|opencv4/opencv2/core.hpp|"
  "mosquitto|libs|libmosquittopp-dev libmosquitto-dev|mosquittopp.h|mosquittopp mosquitto"
  "mosquittopp|libs|libmosquittopp-dev libmosquitto-dev|mosquittopp.h|mosquittopp mosquitto"
  "MbedTLS|libs|libmbedtls-dev|mbedtls/sha256.h|mbedtls mbedx509 mbedcrypto"
  "civetweb|libs|libcivetweb-dev|civetweb.h|civetweb-cpp civetweb"
  "rabbitmq-c|config|librabbitmq-dev|amqp.h|rabbitmq"
)
