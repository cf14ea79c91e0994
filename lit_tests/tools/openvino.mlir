// REQUIRES: openvino
// RUN: forge-opt %s -p convert-to-reg -t openvino -o %t.xml > %t.stdout
// RUN: diff %t.stdout /dev/null
// RUN: filecheck %s < %t.xml
// RUN: not forge-opt %s -t openvino -o %t.2.xml 2>&1 | filecheck %s --check-prefix LEVEL
// RUN: not forge-opt %s -p convert-to-reg -t openvino 2>&1 | filecheck %s --check-prefix NAME

// OpenVINO's IR: the layers carry our names for inputs, outputs and places.
// CHECK: <layer id="{{.*}}" name="x" type="Parameter"
// CHECK: name="relu in act{{.*}}" type="ReLU"
// CHECK: type="Result"

// LEVEL: is a tensor<2xf32>, not a register
// NAME: OpenVINO's IR is two files, so it needs a name
// NAME: hint: -o model.xml

func.func @main(%x: tensor<2xf32> {forge.name = "x"}) -> (tensor<2xf32> {forge.name = "y"}) {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32> loc("relu"("act"))
  func.return %0 : tensor<2xf32>
}
