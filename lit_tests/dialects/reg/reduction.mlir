// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Along an axis: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @reduction
func.func @reduction(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32: !reg.reg<3xf32, cpu>,
    %i1_2x3: !reg.reg<2x3xi1, cpu>,
    %i64: !reg.reg<2xi64, cpu>,
    %f32_2x5: !reg.reg<2x5xf32, cpu>,
    %f32_2x3: !reg.reg<2x3xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Bucketize %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3xf32, cpu>) -> !reg.reg<2x4x6x8xi64, cpu>
  %0 = reg.Bucketize %f32_2x4x6x8, %f32 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3xf32, cpu>) -> !reg.reg<2x4x6x8xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %1 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.CumSum %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %2 = reg.CumSum %f32_2x4x6x8, %1 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %3 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceL1 %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %4 = reg.ReduceL1 %f32_2x4x6x8, %3 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %5 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceL2 %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %6 = reg.ReduceL2 %f32_2x4x6x8, %5 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %7 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceLogicalAnd %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2xi1, cpu>
  %8 = reg.ReduceLogicalAnd %i1_2x3, %7 : (!reg.reg<2x3xi1, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %9 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceLogicalOr %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2xi1, cpu>
  %10 = reg.ReduceLogicalOr %i1_2x3, %9 : (!reg.reg<2x3xi1, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %11 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceMax %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %12 = reg.ReduceMax %f32_2x4x6x8, %11 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %13 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceMean %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %14 = reg.ReduceMean %f32_2x4x6x8, %13 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %15 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceMin %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %16 = reg.ReduceMin %f32_2x4x6x8, %15 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %17 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceProd %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %18 = reg.ReduceProd %f32_2x4x6x8, %17 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %19 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReduceSum %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  %20 = reg.ReduceSum %f32_2x4x6x8, %19 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %21 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Reverse %{{.*}}, %{{.*}} {mode = "index"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %22 = reg.Reverse %f32_2x4x6x8, %21 {mode = "index"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ReverseSequence %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %23 = reg.ReverseSequence %f32_2x4x6x8, %i64 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %24 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %25 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Roll %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %26 = reg.Roll %f32_2x4x6x8, %24, %25 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SearchSorted %{{.*}}, %{{.*}} : (!reg.reg<2x5xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi64, cpu>
  %27 = reg.SearchSorted %f32_2x5, %f32_2x3 : (!reg.reg<2x5xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %28 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.TopK %{{.*}}, %{{.*}} {axis = 1, mode = "max", sort = "value"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> (!reg.reg<2x1x6x8xf32, cpu>, !reg.reg<2x1x6x8xi32, cpu>)
  %29, %30 = reg.TopK %f32_2x4x6x8, %28 {axis = 1, mode = "max", sort = "value"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> (!reg.reg<2x1x6x8xf32, cpu>, !reg.reg<2x1x6x8xi32, cpu>)
  func.return
}
