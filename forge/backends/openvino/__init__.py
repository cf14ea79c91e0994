"""The OpenVINO backend: `reg` to `ov.Model` by table, compiled for any of OpenVINO's devices."""
