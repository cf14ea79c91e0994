// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Element by element: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @pointwise
func.func @pointwise(
    %f32_2x3: !reg.reg<2x3xf32, cpu>,
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %i64_2x3: !reg.reg<2x3xi64, cpu>,
    %f16: !reg.reg<f16, cpu>,
    %f32: !reg.reg<f32, cpu>,
    %i1_2x3: !reg.reg<2x3xi1, cpu>,
    %f32_1: !reg.reg<4xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Abs %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %0 = reg.Abs %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Acos %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %1 = reg.Acos %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Acosh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %2 = reg.Acosh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Add %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %3 = reg.Add %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Asin %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %4 = reg.Asin %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Asinh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %5 = reg.Asinh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Atan %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %6 = reg.Atan %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Atanh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %7 = reg.Atanh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseAnd %{{.*}}, %{{.*}} : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %8 = reg.BitwiseAnd %i64_2x3, %i64_2x3 : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseLeftShift %{{.*}}, %{{.*}} : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %9 = reg.BitwiseLeftShift %i64_2x3, %i64_2x3 : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseNot %{{.*}} : (!reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %10 = reg.BitwiseNot %i64_2x3 : (!reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseOr %{{.*}}, %{{.*}} : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %11 = reg.BitwiseOr %i64_2x3, %i64_2x3 : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseRightShift %{{.*}}, %{{.*}} : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %12 = reg.BitwiseRightShift %i64_2x3, %i64_2x3 : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BitwiseXor %{{.*}}, %{{.*}} : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  %13 = reg.BitwiseXor %i64_2x3, %i64_2x3 : (!reg.reg<2x3xi64, cpu>, !reg.reg<2x3xi64, cpu>) -> !reg.reg<2x3xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Ceiling %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %14 = reg.Ceiling %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Clamp %{{.*}} {min = 0.0, max = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %15 = reg.Clamp %f32_2x4x6x8 {min = 0.0, max = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Convert %{{.*}} {destination_type = f16} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf16, cpu>
  %16 = reg.Convert %f32_2x4x6x8 {destination_type = f16} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf16, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ConvertLike %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f16, cpu>) -> !reg.reg<2x4x6x8xf16, cpu>
  %17 = reg.ConvertLike %f32_2x4x6x8, %f16 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f16, cpu>) -> !reg.reg<2x4x6x8xf16, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Cos %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %18 = reg.Cos %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Cosh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %19 = reg.Cosh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Divide %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %20 = reg.Divide %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Elu %{{.*}} {alpha = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %21 = reg.Elu %f32_2x4x6x8 {alpha = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Equal %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %22 = reg.Equal %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Erf %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %23 = reg.Erf %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ErfInv %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %24 = reg.ErfInv %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Exp %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %25 = reg.Exp %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.FakeConvert %{{.*}}, %{{.*}}, shift = %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %26 = reg.FakeConvert %f32_2x4x6x8, %f32, shift = %f32 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.FakeQuantize %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {levels = 256} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %27 = reg.FakeQuantize %f32_2x4x6x8, %f32, %f32, %f32, %f32 {levels = 256} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Floor %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %28 = reg.Floor %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.FloorMod %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %29 = reg.FloorMod %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GRN %{{.*}} {bias = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %30 = reg.GRN %f32_2x4x6x8 {bias = 1.0} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Gelu %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %31 = reg.Gelu %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Greater %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %32 = reg.Greater %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GreaterEqual %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %33 = reg.GreaterEqual %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.HSigmoid %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %34 = reg.HSigmoid %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.HSwish %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %35 = reg.HSwish %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.HardSigmoid %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %36 = reg.HardSigmoid %f32_2x4x6x8, %f32, %f32 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Identity %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %37 = reg.Identity %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.IsFinite %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi1, cpu>
  %38 = reg.IsFinite %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.IsInf %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %39 = reg.IsInf %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.IsNaN %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi1, cpu>
  %40 = reg.IsNaN %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Less %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %41 = reg.Less %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LessEqual %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %42 = reg.LessEqual %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Log %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %43 = reg.Log %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LogicalAnd %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  %44 = reg.LogicalAnd %i1_2x3, %i1_2x3 : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LogicalNot %{{.*}} : (!reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  %45 = reg.LogicalNot %i1_2x3 : (!reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LogicalOr %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  %46 = reg.LogicalOr %i1_2x3, %i1_2x3 : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LogicalXor %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  %47 = reg.LogicalXor %i1_2x3, %i1_2x3 : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xi1, cpu>) -> !reg.reg<2x3xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Maximum %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %48 = reg.Maximum %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Minimum %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %49 = reg.Minimum %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Mish %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %50 = reg.Mish %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Mod %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %51 = reg.Mod %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Multiply %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %52 = reg.Multiply %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Negative %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %53 = reg.Negative %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.NotEqual %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  %54 = reg.NotEqual %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xi1, cpu>
  // CHECK-NEXT: %{{.*}} = reg.PRelu %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %55 = reg.PRelu %f32_2x4x6x8, %f32_1 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Power %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %56 = reg.Power %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Relu %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %57 = reg.Relu %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Round %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %58 = reg.Round %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Select %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %59 = reg.Select %i1_2x3, %f32_2x3, %f32_2x3 : (!reg.reg<2x3xi1, cpu>, !reg.reg<2x3xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Selu %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %60 = reg.Selu %f32_2x4x6x8, %f32, %f32 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Sigmoid %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %61 = reg.Sigmoid %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Sign %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %62 = reg.Sign %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Sin %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %63 = reg.Sin %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Sinh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %64 = reg.Sinh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SoftPlus %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %65 = reg.SoftPlus %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SoftSign %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %66 = reg.SoftSign %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Sqrt %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %67 = reg.Sqrt %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SquaredDifference %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %68 = reg.SquaredDifference %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Subtract %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %69 = reg.Subtract %f32_2x4x6x8, %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Swish %{{.*}}, beta = %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %70 = reg.Swish %f32_2x4x6x8, beta = %f32 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Tan %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %71 = reg.Tan %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Tanh %{{.*}} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %72 = reg.Tanh %f32_2x3 : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  func.return
}
