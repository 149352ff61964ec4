using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Tests.Pipeline.Stages;

namespace Gateway.Proxy.Tests.Pipeline;

/// <summary>Real stages up to the limits, and one that ends the call or returns it in the place of another.</summary>
public sealed class CallPipelineTests : IAsyncLifetime
{
    private static readonly Refusal No = new(RefusalCategory.Denied, "/tools/t", "it is not to be", "Go home.");
    private readonly List<string> _ran = [];
    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(StageTests.Policy);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Runs_every_stage_once_in_its_order()
    {
        using var call = _bench.ToolCall("free");
        Assert.True(await Pipeline().RunAsync(call));
        Assert.Equal(
            ["Decided", "Priced", "Approved", "Admitted", "Audited", "Forwarded", "Relayed", "Admitted"], _ran);
    }

    [Fact]
    public async Task Ends_where_a_stage_has_responded_before_the_policy()
    {
        using var call = _bench.ToolCall("free");
        Assert.False(await Pipeline(nameof(DecidedCall), StageEnd.Finished).RunAsync(call));
        Assert.Equal(["Decided"], _ran);
        Assert.Empty(_bench.Records());
    }

    [Fact]
    public async Task Records_a_refusal_then_answers_it_and_runs_no_later_stage()
    {
        using var call = _bench.ToolCall("free");
        Assert.True(await Pipeline(nameof(ApprovedCall), StageEnd.Refuse(No)).RunAsync(call));

        Assert.Equal(["Decided", "Priced", "Approved"], _ran);
        Assert.Contains("it is not to be", StageBench.Answer(call), StringComparison.Ordinal);
        var record = Assert.Single(_bench.Records());
        Assert.Equal(("denied", "/tools/t"),
            (record.GetProperty("outcome").GetString(), record.GetProperty("rule").GetString()));
    }

    [Theory]
    [InlineData("Approved", nameof(AdmittedCall))]
    [InlineData("Admitted", nameof(ForwardedCall))]
    public async Task Goes_back_a_bounded_number_of_times_and_then_refuses(string first, string last)
    {
        using var other = _bench.ToolCall("free");
        using var call = _bench.ToolCall("free");
        var end = first == "Approved"
            ? StageEnd.AgainFrom(await _bench.PriceAsync(call), No)
            : StageEnd.AgainFrom(await _bench.AdmitAsync(other), No);
        await Pipeline(last, end).RunAsync(call);

        Assert.Equal(CallPipeline.PermitAttemptsMax, _ran.Count(name => name == first));
        Assert.Equal(last, _ran[^1] + "Call");
        Assert.Contains("it is not to be", StageBench.Answer(call), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_back_what_a_refused_call_holds()
    {
        using var call = _bench.ToolCall("once");
        await Pipeline(nameof(AuditedCall), StageEnd.Refuse(No)).RunAsync(call);
        Assert.Equal("Audited", _ran[^1]);

        using var next = _bench.ToolCall("once");
        await _bench.AdmitAsync(next);
    }

    /// <param name="at">The output of the stage that ends the call; null for none.</param>
    /// <param name="end">Its result.</param>
    private CallPipeline Pipeline(string? at = null, StageEnd? end = null) => new(
        new DecidingStages(
            Stage<CallContext, DecidedCall>(at, end), _bench.Get<IStage<DecidedCall, DecidedCall>>(),
            Stage<DecidedCall, PricedCall>(at, end),
            Stage<PricedCall, ApprovedCall>(at, end)),
        new SendingStages(
            Stage<LimitAttempt, AdmittedCall>(at, end), Stage<AdmittedCall, AuditedCall>(at, end),
            Stage<AuditedCall, ForwardedCall>(at, end), _bench.Get<IStage<ResendableCall, ForwardedCall>>(),
            Stage<ForwardedCall, RelayedCall>(at, end), Stage<RelayedCall, AdmittedCall>(at, end)),
        _bench.Get<DecisionRecorder>(), _bench.Get<ICallQueue>());

    private SeenStage<TInput, TOutput> Stage<TInput, TOutput>(string? at, StageEnd? end) =>
        new(_bench.Get<IStage<TInput, TOutput>>(), _ran, typeof(TOutput).Name == at ? end : null);

    private sealed class SeenStage<TInput, TOutput>(IStage<TInput, TOutput> stage, List<string> ran, StageEnd? end)
        : IStage<TInput, TOutput>
    {
        public ValueTask<StageResult<TOutput>> RunAsync(TInput input)
        {
            ran.Add(typeof(TOutput).Name[..^"Call".Length]);
            return end is null ? stage.RunAsync(input) : new(end);
        }
    }
}
