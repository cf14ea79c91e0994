// RUN: forge-opt %s --split-input-file --verify-diagnostics

func.func @no_name() {
  // expected-error @below {{forge.weight: the weight's name is empty}}
  %0 = forge.weight "" : tensor<4xf32>
  func.return
}

// -----
func.func @generic_type() {
  // expected-error @below {{the value has type tensor<2xf32>, the result tensor<2xi64>}}
  %0 = "forge.constant"() <{value = dense<[1.0, 2.0]> : tensor<2xf32>}> : () -> tensor<2xi64>
  func.return
}
