// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Elementwise, several tensors: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @elementwise
func.func @elementwise(
    %f16_6x1x1x2: tensor<6x1x1x2xf16>,
    %f32: tensor<f32>,
    %f32_1x2: tensor<1x2xf32>,
    %f32_1x6x1x4: tensor<1x6x1x4xf32>,
    %f32_2x2x3x1: tensor<2x2x3x1xf32>,
    %f32_2x4x1: tensor<2x4x1xf32>,
    %f32_3x1x2x1: tensor<3x1x2x1xf32>,
    %f32_3x3x4: tensor<3x3x4xf32>,
    %f32_3x4: tensor<3x4xf32>,
    %f32_3x4x1x1: tensor<3x4x1x1xf32>,
    %f32_3x4x2x1: tensor<3x4x2x1xf32>,
    %f32_4x2: tensor<4x2xf32>,
    %f32_6x1x2x4: tensor<6x1x2x4xf32>,
    %f32_6x2: tensor<6x2xf32>,
    %f32_6x3: tensor<6x3xf32>,
    %f32_6x3x1x2: tensor<6x3x1x2xf32>,
    %i1_1x2: tensor<1x2xi1>,
    %i1_1x2x3x4: tensor<1x2x3x4xi1>,
    %i1_1x4x1: tensor<1x4x1xi1>,
    %i1_3x4x4x2: tensor<3x4x4x2xi1>,
    %i1_4x1x1x2: tensor<4x1x1x2xi1>,
    %i1_4x1x2x2: tensor<4x1x2x2xi1>,
    %i1_6x1x1x2: tensor<6x1x1x2xi1>,
    %i1_6x3x1x2: tensor<6x3x1x2xi1>,
    %i1_6x4x1: tensor<6x4x1xi1>,
    %i32_1x1x2x1: tensor<1x1x2x1xi32>,
    %i32_2x1x2x1: tensor<2x1x2x1xi32>,
    %i32_6x1x1: tensor<6x1x1xi32>,
    %i64_1x4x1x1: tensor<1x4x1x1xi64>,
    %i64_3x2x2x1: tensor<3x2x2x1xi64>,
    %i64_3x4: tensor<3x4xi64>,
    %i64_6x1: tensor<6x1xi64>,
    %i8_2x2x2: tensor<2x2x2xi8>,
    %ui8_1x4x1x2: tensor<1x4x1x2xui8>) {
  // CHECK-NEXT: %{{.*}} = aten.__and__.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %0 = aten.__and__.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.__and__.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %1 = aten.__and__.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.__lshift__.Scalar %{{.*}} {other = 1} : (tensor<3x4xi64>) -> tensor<3x4xi64>
  %2 = aten.__lshift__.Scalar %i64_3x4 {other = 1} : (tensor<3x4xi64>) -> tensor<3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.__lshift__.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %3 = aten.__lshift__.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.__or__.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %4 = aten.__or__.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.__or__.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %5 = aten.__or__.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.__rshift__.Scalar %{{.*}} {other = 1} : (tensor<3x4xi64>) -> tensor<3x4xi64>
  %6 = aten.__rshift__.Scalar %i64_3x4 {other = 1} : (tensor<3x4xi64>) -> tensor<3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.__rshift__.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %7 = aten.__rshift__.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.__xor__.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %8 = aten.__xor__.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.__xor__.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %9 = aten.__xor__.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.add.Scalar %{{.*}} {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %10 = aten.add.Scalar %f32_6x2 {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.add.Tensor %{{.*}}, %{{.*}} {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  %11 = aten.add.Tensor %i64_3x2x2x1, %i8_2x2x2 {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.addcdiv %{{.*}}, %{{.*}}, %{{.*}} : (tensor<1x6x1x4xf32>, tensor<1x6x1x4xf32>, tensor<6x1x2x4xf32>) -> tensor<6x6x2x4xf32>
  %12 = aten.addcdiv %f32_1x6x1x4, %f32_1x6x1x4, %f32_6x1x2x4 : (tensor<1x6x1x4xf32>, tensor<1x6x1x4xf32>, tensor<6x1x2x4xf32>) -> tensor<6x6x2x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.addcmul %{{.*}}, %{{.*}}, %{{.*}} {value = 2} : (tensor<1x4x1x1xi64>, tensor<6x1xi64>, tensor<1x4x1x1xi64>) -> tensor<1x4x6x1xi64>
  %13 = aten.addcmul %i64_1x4x1x1, %i64_6x1, %i64_1x4x1x1 {value = 2} : (tensor<1x4x1x1xi64>, tensor<6x1xi64>, tensor<1x4x1x1xi64>) -> tensor<1x4x6x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.atan2 %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  %14 = aten.atan2 %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_and.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %15 = aten.bitwise_and.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_and.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %16 = aten.bitwise_and.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_left_shift.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %17 = aten.bitwise_left_shift.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_left_shift.Tensor_Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %18 = aten.bitwise_left_shift.Tensor_Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_or.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %19 = aten.bitwise_or.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_or.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %20 = aten.bitwise_or.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_right_shift.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %21 = aten.bitwise_right_shift.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_right_shift.Tensor_Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %22 = aten.bitwise_right_shift.Tensor_Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_xor.Scalar %{{.*}} {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  %23 = aten.bitwise_xor.Scalar %i1_1x2x3x4 {other = 0} : (tensor<1x2x3x4xi1>) -> tensor<1x2x3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_xor.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %24 = aten.bitwise_xor.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.clamp %{{.*}} {min = 1, max = 1} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %25 = aten.clamp %f32_6x2 {min = 1, max = 1} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.clamp.Tensor %{{.*}}, min = %{{.*}}, max = %{{.*}} : (tensor<6x1x1x2xi1>, tensor<1x4x1x2xui8>, tensor<6x1x1x2xf16>) -> tensor<6x4x1x2xf16>
  %26 = aten.clamp.Tensor %i1_6x1x1x2, min = %ui8_1x4x1x2, max = %f16_6x1x1x2 : (tensor<6x1x1x2xi1>, tensor<1x4x1x2xui8>, tensor<6x1x1x2xf16>) -> tensor<6x4x1x2xf16>
  // CHECK-NEXT: %{{.*}} = aten.clamp_max %{{.*}} {max = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %27 = aten.clamp_max %f32_2x4x1 {max = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.clamp_max.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %28 = aten.clamp_max.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.clamp_min %{{.*}} {min = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %29 = aten.clamp_min %f32_2x4x1 {min = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.clamp_min.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %30 = aten.clamp_min.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.clip %{{.*}} {min = 1, max = 1} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %31 = aten.clip %f32_6x2 {min = 1, max = 1} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.clip.Tensor %{{.*}}, min = %{{.*}}, max = %{{.*}} : (tensor<6x1x1x2xi1>, tensor<1x4x1x2xui8>, tensor<6x1x1x2xf16>) -> tensor<6x4x1x2xf16>
  %32 = aten.clip.Tensor %i1_6x1x1x2, min = %ui8_1x4x1x2, max = %f16_6x1x1x2 : (tensor<6x1x1x2xi1>, tensor<1x4x1x2xui8>, tensor<6x1x1x2xf16>) -> tensor<6x4x1x2xf16>
  // CHECK-NEXT: %{{.*}} = aten.complex %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xcomplex<f32>>
  %33 = aten.complex %f32_1x2, %f32_4x2 : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten.copysign.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %34 = aten.copysign.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.copysign.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  %35 = aten.copysign.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.div.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %36 = aten.div.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.div.Scalar_mode %{{.*}} {other = 0.5} : (tensor<2x2x3x1xf32>) -> tensor<2x2x3x1xf32>
  %37 = aten.div.Scalar_mode %f32_2x2x3x1 {other = 0.5} : (tensor<2x2x3x1xf32>) -> tensor<2x2x3x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.div.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  %38 = aten.div.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.div.Tensor_mode %{{.*}}, %{{.*}} : (tensor<1x4x1xi1>, tensor<6x1x1xi32>) -> tensor<6x4x1xf32>
  %39 = aten.div.Tensor_mode %i1_1x4x1, %i32_6x1x1 : (tensor<1x4x1xi1>, tensor<6x1x1xi32>) -> tensor<6x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.eq.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %40 = aten.eq.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.eq.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %41 = aten.eq.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.floor_divide %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %42 = aten.floor_divide %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.floor_divide.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %43 = aten.floor_divide.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.fmax %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %44 = aten.fmax %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.fmin %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %45 = aten.fmin %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.fmod.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %46 = aten.fmod.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.fmod.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %47 = aten.fmod.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.ge.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %48 = aten.ge.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.ge.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %49 = aten.ge.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.gt.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %50 = aten.gt.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.gt.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %51 = aten.gt.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.heaviside %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %52 = aten.heaviside %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.hypot %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %53 = aten.hypot %f32_1x2, %f32_4x2 : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.isclose %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %54 = aten.isclose %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.le.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %55 = aten.le.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.le.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %56 = aten.le.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.lerp.Scalar %{{.*}}, %{{.*}} {weight = 0} : (tensor<3x4xf32>, tensor<3x3x4xf32>) -> tensor<3x3x4xf32>
  %57 = aten.lerp.Scalar %f32_3x4, %f32_3x3x4 {weight = 0} : (tensor<3x4xf32>, tensor<3x3x4xf32>) -> tensor<3x3x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.lerp.Tensor %{{.*}}, %{{.*}}, %{{.*}} : (tensor<3x4x1x1xf32>, tensor<3x1x2x1xf32>, tensor<3x4x2x1xf32>) -> tensor<3x4x2x1xf32>
  %58 = aten.lerp.Tensor %f32_3x4x1x1, %f32_3x1x2x1, %f32_3x4x2x1 : (tensor<3x4x1x1xf32>, tensor<3x1x2x1xf32>, tensor<3x4x2x1xf32>) -> tensor<3x4x2x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.logaddexp %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %59 = aten.logaddexp %f32_1x2, %f32_4x2 : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.logaddexp2 %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %60 = aten.logaddexp2 %f32_1x2, %f32_4x2 : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.logical_and %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %61 = aten.logical_and %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.logical_or %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %62 = aten.logical_or %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.logical_xor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %63 = aten.logical_xor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.lt.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %64 = aten.lt.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.lt.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %65 = aten.lt.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.masked_fill.Scalar %{{.*}}, %{{.*}} {value = 2} : (tensor<1x4x1xi1>, tensor<6x4x1xi1>) -> tensor<6x4x1xi1>
  %66 = aten.masked_fill.Scalar %i1_1x4x1, %i1_6x4x1 {value = 2} : (tensor<1x4x1xi1>, tensor<6x4x1xi1>) -> tensor<6x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.masked_fill.Tensor %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x2xf32>, tensor<3x4x4x2xi1>, tensor<f32>) -> tensor<3x4x4x2xf32>
  %67 = aten.masked_fill.Tensor %f32_4x2, %i1_3x4x4x2, %f32 : (tensor<4x2xf32>, tensor<3x4x4x2xi1>, tensor<f32>) -> tensor<3x4x4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.max.other %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %68 = aten.max.other %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.maximum %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %69 = aten.maximum %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.min.other %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %70 = aten.min.other %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.minimum %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %71 = aten.minimum %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.mul.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %72 = aten.mul.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.mul.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %73 = aten.mul.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.ne.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  %74 = aten.ne.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.ne.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  %75 = aten.ne.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.polar %{{.*}}, %{{.*}} : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xcomplex<f32>>
  %76 = aten.polar %f32_1x2, %f32_4x2 : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<4x2xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten.pow.Scalar %{{.*}} {input = 0} : (tensor<6x3xf32>) -> tensor<6x3xf32>
  %77 = aten.pow.Scalar %f32_6x3 {input = 0} : (tensor<6x3xf32>) -> tensor<6x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.pow.Tensor_Scalar %{{.*}} {exponent = -2} : (tensor<6x3x1x2xf32>) -> tensor<6x3x1x2xf32>
  %78 = aten.pow.Tensor_Scalar %f32_6x3x1x2 {exponent = -2} : (tensor<6x3x1x2xf32>) -> tensor<6x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.pow.Tensor_Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  %79 = aten.pow.Tensor_Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.remainder.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %80 = aten.remainder.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.remainder.Scalar_Tensor %{{.*}} {input = 0} : (tensor<6x3xf32>) -> tensor<6x3xf32>
  %81 = aten.remainder.Scalar_Tensor %f32_6x3 {input = 0} : (tensor<6x3xf32>) -> tensor<6x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.remainder.Tensor %{{.*}}, %{{.*}} : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  %82 = aten.remainder.Tensor %i32_1x1x2x1, %i32_2x1x2x1 : (tensor<1x1x2x1xi32>, tensor<2x1x2x1xi32>) -> tensor<2x1x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.rsub.Scalar %{{.*}} {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %83 = aten.rsub.Scalar %f32_6x2 {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.rsub.Tensor %{{.*}}, %{{.*}} {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  %84 = aten.rsub.Tensor %i64_3x2x2x1, %i8_2x2x2 {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.sub.Scalar %{{.*}} {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %85 = aten.sub.Scalar %f32_6x2 {other = 0.5} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.sub.Tensor %{{.*}}, %{{.*}} {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  %86 = aten.sub.Tensor %i64_3x2x2x1, %i8_2x2x2 {alpha = 2} : (tensor<3x2x2x1xi64>, tensor<2x2x2xi8>) -> tensor<3x2x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.true_divide.Scalar %{{.*}} {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %87 = aten.true_divide.Scalar %f32_2x4x1 {other = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.true_divide.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  %88 = aten.true_divide.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.where.Scalar %{{.*}} {input = 0.5, other = 0} : (tensor<6x3x1x2xi1>) -> tensor<6x3x1x2xf32>
  %89 = aten.where.Scalar %i1_6x3x1x2 {input = 0.5, other = 0} : (tensor<6x3x1x2xi1>) -> tensor<6x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.where.ScalarOther %{{.*}}, %{{.*}} {other = 0} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  %90 = aten.where.ScalarOther %i1_4x1x1x2, %i1_4x1x2x2 {other = 0} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.where.ScalarSelf %{{.*}}, %{{.*}} {input = 0} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  %91 = aten.where.ScalarSelf %i1_4x1x1x2, %i1_4x1x2x2 {input = 0} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.where.self %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>, tensor<1x2xi1>) -> tensor<4x1x2x2xi1>
  %92 = aten.where.self %i1_4x1x1x2, %i1_4x1x2x2, %i1_1x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>, tensor<1x2xi1>) -> tensor<4x1x2x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.xlogy.Tensor %{{.*}}, %{{.*}} : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  %93 = aten.xlogy.Tensor %i1_4x1x1x2, %i1_4x1x2x2 : (tensor<4x1x1x2xi1>, tensor<4x1x2x2xi1>) -> tensor<4x1x2x2xf32>
  // CHECK-NEXT: func.return
  func.return
}
