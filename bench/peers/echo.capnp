# SPDX-License-Identifier: Apache-2.0
@0xb2c6f6a4d5e3c1a7;

interface Echo {
  echo @0 (data :Data) -> (data :Data);
}
