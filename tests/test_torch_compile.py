"""`torch.compile(model, backend="forge")` against eager PyTorch."""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel, StaticCache

from forge import ForgeError, Program, zoo
from forge.torch_compile import MAX_SIZES

MAX_DIFFERENCE = 2.1e-5
HOST = {"device": "host"}


@pytest.fixture(autouse=True)
def _forget_graphs() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.fixture
def programs() -> list[Program]:
    return []


def compiled(function: Any, programs: list[Program], **options: Any) -> Any:
    return torch.compile(
        function, backend="forge", options={**HOST, **options, "observer": programs.append}
    )


def assert_close(actual: Any, expected: Any) -> None:
    assert type(actual) is type(expected)
    if isinstance(expected, Tensor):
        assert (actual.shape, actual.stride()) == (expected.shape, expected.stride())
        assert actual.dtype == expected.dtype
        torch.testing.assert_close(actual, expected, atol=MAX_DIFFERENCE, rtol=0)
    elif isinstance(expected, Sequence):
        assert len(actual) == len(expected)
        for pair in zip(actual, expected, strict=True):
            assert_close(*pair)
    else:
        assert actual == expected


def test_it_is_found_by_name() -> None:
    assert "forge" in torch._dynamo.list_backends()


# -- models --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gpt2() -> GPT2LMHeadModel:
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=96, n_positions=64, n_embd=32, n_layer=2, n_head=4)
    return GPT2LMHeadModel(config).eval()


@pytest.mark.parametrize("device", ["host", "CPU"])
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_gpt2(
    gpt2: GPT2LMHeadModel, programs: list[Program], device: str, mode: Callable[[], Any]
) -> None:
    fast = compiled(gpt2, programs, device=device)
    with mode():
        for length in (16, 16, 23, 9):
            ids = torch.randint(0, 96, (1, length))
            actual, expected = fast(ids, use_cache=False), gpt2(ids, use_cache=False)
            assert type(actual) is type(expected)
            assert_close(actual.logits, expected.logits)
    assert len(programs) == 3


def test_gpt2_generates(gpt2: GPT2LMHeadModel, programs: list[Program]) -> None:
    ids = torch.randint(0, 96, (1, 7))
    expected = gpt2.generate(ids, max_new_tokens=4, do_sample=False, pad_token_id=0)
    fast = copy.copy(gpt2)
    fast.forward = compiled(gpt2.forward, programs)  # type: ignore[method-assign]
    actual = fast.generate(ids, max_new_tokens=4, do_sample=False, pad_token_id=0)
    assert torch.equal(actual, expected)
    assert programs


def test_gpt2_extends_a_cache(gpt2: GPT2LMHeadModel, programs: list[Program]) -> None:
    fast = compiled(gpt2, programs)
    ids, following = torch.randint(0, 96, (1, 8)), torch.randint(0, 96, (1, 1))
    logits = []
    with torch.no_grad():
        for model in (gpt2, fast):
            cache = model(ids, past_key_values=DynamicCache()).past_key_values
            logits.append(model(following, past_key_values=cache).logits)
    assert_close(*reversed(logits))


def test_gpt2_writes_into_a_static_cache(gpt2: GPT2LMHeadModel, programs: list[Program]) -> None:
    ids, logits = torch.randint(0, 96, (1, 6)), []
    with torch.no_grad():
        for model in (gpt2, compiled(gpt2, programs)):
            cache = StaticCache(config=gpt2.config, max_cache_len=8)
            steps = (ids[:, :4], ids[:, 4:5], ids[:, 5:])
            logits.append([model(step, past_key_values=cache).logits for step in steps])
    assert_close(*reversed(logits))


def test_minilm(programs: list[Program]) -> None:
    model = zoo.build("minilm")
    fast = compiled(model.module, programs, device="CPU")
    with torch.no_grad():
        assert_close(fast(*model.example_args), model.module(*model.example_args))
    assert not any(program.report.host_kernels for program in programs)


def test_attention_is_recognised_as_in_an_exported_model(
    gpt2: GPT2LMHeadModel, programs: list[Program]
) -> None:
    with torch.no_grad():
        compiled(gpt2, programs, keep_ir=True)(
            torch.zeros(1, 8, dtype=torch.int64), use_cache=False
        )
    (program,) = programs
    text = str(program.ir["transformer"])
    assert text.count("transformer.attention") == text.count("transformer.mlp") == 2
    assert '"transformer.h.1.mlp.c_fc.weight"' in text


# -- what Dynamo does ----------------------------------------------------------------------


def test_a_graph_break_makes_two_graphs(programs: list[Program]) -> None:
    def function(x: Tensor) -> Tensor:
        y = x.sin() + 1
        torch._dynamo.graph_break()
        return y.cos() * x

    x = torch.randn(3, 4)
    assert_close(compiled(function, programs)(x), function(x))
    assert len(programs) == 2


def test_branches_on_values_take_the_right_one(programs: list[Program]) -> None:
    def function(x: Tensor) -> Tensor:
        y = x * 2
        return y + 1 if y.sum() > 0 else y - 1

    fast = compiled(function, programs)
    for sign in (1, -1, 1):
        x = sign * torch.rand(4)
        assert_close(fast(x), function(x))
    assert len(programs) == 3


def test_a_global_that_changes_compiles_again(programs: list[Program]) -> None:
    class Scaled(nn.Module):
        scale = 2

        def forward(self, x: Tensor) -> Tensor:
            return x * self.scale

    model = Scaled().eval()
    fast = compiled(model, programs)
    for scale in (2, 3, 2):
        model.scale = scale
        assert_close(fast(torch.ones(2)), torch.full((2,), float(scale)))


def test_sizes_are_specialised_and_old_ones_forgotten(programs: list[Program]) -> None:
    def function(x: Tensor) -> tuple[Tensor, int]:
        return x.softmax(0) * x.shape[0], x.shape[0] + 1

    fast = torch.compile(
        function, backend="forge", dynamic=True, options={**HOST, "observer": programs.append}
    )
    sizes = [*range(2, MAX_SIZES + 3)]
    for size in [*sizes, sizes[-1]]:
        x = torch.randn(size)
        assert_close(fast(x), function(x))
    assert len(programs) == len(sizes)
    assert_close(fast(torch.zeros(2)), function(torch.zeros(2)))
    assert len(programs) == len(sizes) + 1


def test_weights_are_shared_and_seen_when_they_change(programs: list[Program]) -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval()
    fast, x = compiled(model, programs), torch.randn(2, 4)
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: model.load_state_dict({"0.weight": torch.ones(4, 4), "0.bias": torch.ones(4)}),
        lambda: setattr(model[0], "bias", nn.Parameter(torch.full((4,), 3.0))),
    ]
    with torch.no_grad():
        for change in changes:
            change()
            for _ in range(2):
                assert_close(fast(x), model(x))
    assert len(programs) == 3
    assert programs[-1]._saver is not None
    weights = programs[-1]._saver.weights
    for name in ("0.weight", "0.bias"):
        assert weights.array(name).ctypes.data == model.get_parameter(name).data_ptr()


# -- what a graph does besides computing ---------------------------------------------------


class Counter(nn.Module):
    """It writes into a buffer and into its argument, and returns views of both."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        self.calls += 1
        y = (x * self.calls).t()
        x.add_(1)
        return x.view(-1), y, y.t(), self.calls


def test_writes_and_views_are_as_in_eager(programs: list[Program]) -> None:
    model = Counter().eval()
    expected_model = copy.deepcopy(model)
    fast = compiled(model, programs)
    for _ in range(3):
        # A view that starts within its memory.
        x = torch.randn(4, 4)[1:]
        expected_x = x.clone()
        actual, expected = fast(x), expected_model(expected_x)
        assert_close(actual, expected)
        assert_close(x, expected_x)
        assert_close(model.calls, expected_model.calls)
        actual[0][0] = actual[1][0, 1] = 7
        assert (x[0, 0], actual[2][1, 0]) == (7, 7)
    assert actual[0].data_ptr() == x.data_ptr()


def test_parts_of_an_argument_are_written(programs: list[Program]) -> None:
    def function(x: Tensor) -> Tensor:
        x[0] = 5
        x[1:].mul_(2)
        return x.sum()

    x, expected_x = torch.ones(3), torch.ones(3)
    assert_close(compiled(function, programs)(x), function(expected_x))
    assert_close(x, expected_x)


def test_statistics_of_a_batch_norm_are_written(programs: list[Program]) -> None:
    model = nn.BatchNorm1d(4).train()
    expected_model, fast = copy.deepcopy(model), compiled(model, programs)
    with torch.no_grad():
        for _ in range(2):
            x = torch.randn(8, 4)
            assert_close(fast(x), expected_model(x))
    for actual, expected in zip(model.buffers(), expected_model.buffers(), strict=True):
        assert_close(actual, expected)


def test_autocast_around_it_counts(programs: list[Program]) -> None:
    model, x = nn.Linear(4, 4).eval(), torch.randn(2, 4)
    fast = compiled(model, programs)
    with torch.no_grad():
        with torch.autocast("cpu", torch.bfloat16):
            assert fast(x).dtype == torch.bfloat16
            assert_close(fast(x), model(x))
        assert_close(fast(x), model(x))


def test_parts_of_one_tensor_are_returned_apart(programs: list[Program]) -> None:
    def function(x: Tensor) -> tuple[Tensor, ...]:
        return (x * 2).split(2, dim=1)

    x = torch.randn(3, 6)
    for actual, expected in zip(compiled(function, programs)(x), function(x), strict=True):
        torch.testing.assert_close(actual, expected)


def test_what_only_passes_its_input_needs_no_program(programs: list[Program]) -> None:
    x = torch.randn(3, 4)
    y = compiled(lambda x: x.t()[1:], programs)(x)
    assert torch.equal(y, x.t()[1:])
    assert y.data_ptr() == x[:, 1:].data_ptr()
    assert not programs


# -- refusals ------------------------------------------------------------------------------


def test_training_is_refused(programs: list[Program]) -> None:
    model = nn.Linear(4, 4)
    with pytest.raises(ForgeError, match=r"gradient(.|\n)*torch\.no_grad\(\)"):
        compiled(model, programs)(torch.randn(2, 4))
    with pytest.raises(ForgeError, match="gradient"):
        compiled(lambda x: x * 2, programs)(torch.randn(2, requires_grad=True))


def test_no_grad_inside_is_enough(programs: list[Program]) -> None:
    model = nn.Linear(4, 4)

    def function(x: Tensor) -> Tensor:
        with torch.no_grad():
            return model(x) + 1

    x = torch.randn(2, 4)
    assert_close(compiled(function, programs)(x), function(x))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x, y: (x.add_(y), y + 1), "shares memory with another"),
        (lambda x, y: ((z := x * y)[:2], z[1:]), "which overlap"),
        (lambda x, y: (x.view(torch.int32), y * 2), "returns the memory of a tensor"),
    ],
)
def test_what_no_program_can_do_is_refused(
    function: Callable[..., Any], message: str, programs: list[Program]
) -> None:
    x = torch.ones(3, 3)
    with pytest.raises(ForgeError, match=message):
        compiled(function, programs)(x, x.view(3, 3))


def test_a_graph_with_values_that_decide_is_refused(programs: list[Program]) -> None:
    fast = compiled(lambda x: x * int(x.sum().item()), programs)
    captured = torch._dynamo.config.patch(capture_scalar_outputs=True)
    with captured, pytest.raises(ForgeError, match="goes by the values of a tensor"):
        fast(torch.ones(3))


def test_a_refusal_points_at_the_model(programs: list[Program]) -> None:
    model = nn.Sequential(nn.ReLU(), nn.Dropout(0.5)).train()
    with (
        torch.no_grad(),
        pytest.raises(ForgeError, match=r"random numbers(.|\n)*at dropout in 1\n"),
    ):
        compiled(model, programs)(torch.ones(3))
    with pytest.raises(ForgeError, match=r"at rand \(.*test_torch_compile.py:\d+\)"):
        compiled(lambda x: x + torch.rand(3), programs)(torch.ones(3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"options": {"devise": "host"}}, "no option 'devise'(.|\n)*did you mean device"),
        ({"options": {"device": "TPU"}}, "OpenVINO has no device TPU"),
        ({"options": {"pipeline": "fuse-all"}}, "there is no pass 'fuse-all'"),
        ({"mode": "max-autotune"}, "no mode 'max-autotune'"),
    ],
)
def test_wrong_options_are_refused(arguments: dict[str, Any], message: str) -> None:
    fast = torch.compile(lambda x: x + 1, backend="forge", **arguments)
    with pytest.raises(ForgeError, match=message):
        fast(torch.ones(2))
