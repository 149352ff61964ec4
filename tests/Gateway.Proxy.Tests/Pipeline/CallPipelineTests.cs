using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Tests.Pipeline.Stages;

namespace Gateway.Proxy.Tests.Pipeline;

/// <summary>What the list does with what its stages say.</summary>
public sealed class CallPipelineTests : IAsyncLifetime
{
    private static readonly Refusal No = new(RefusalCategory.Denied, "/tools/t", "it is not to be", "Go home.");
    private readonly List<StageNumber> _ran = [];
    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(StageTests.Policy);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Runs_every_stage_once_in_its_order()
    {
        await RunAsync(static _ => StageResult.Next);
        Assert.Equal(Enum.GetValues<StageNumber>(), _ran);
    }

    [Fact]
    public void Refuses_a_list_that_lacks_a_stage_or_has_one_out_of_its_place()
    {
        var stages = Stages(static _ => StageResult.Next);
        Assert.Throws<ArgumentException>(() => Pipeline(stages[1..]));
        Assert.Throws<ArgumentException>(() => Pipeline([stages[1], stages[0], .. stages[2..]]));
    }

    [Fact]
    public async Task Ends_where_a_stage_is_done()
    {
        await RunAsync(static number => number == StageNumber.Policy ? StageResult.Done : StageResult.Next);
        Assert.Equal([StageNumber.Policy], _ran);
        Assert.Empty(_bench.Records());
    }

    [Fact]
    public async Task Records_a_refusal_then_answers_it_and_runs_no_later_stage()
    {
        var call = await RunAsync(static number =>
            number == StageNumber.Approval ? StageResult.Refuse(No) : StageResult.Next);

        Assert.Equal([StageNumber.Policy, StageNumber.RetryToken, StageNumber.Approval], _ran);
        Assert.Contains("it is not to be", StageBench.Answer(call), StringComparison.Ordinal);
        var record = Assert.Single(_bench.Records());
        Assert.Equal(("denied", "/tools/t"),
            (record.GetProperty("outcome").GetString(), record.GetProperty("rule").GetString()));
    }

    [Theory]
    [InlineData(nameof(StageNumber.Approval), nameof(StageNumber.Limit))]
    [InlineData(nameof(StageNumber.Limit), nameof(StageNumber.Forward))]
    public async Task Goes_back_a_bounded_number_of_times_and_then_refuses(string back, string last)
    {
        var (to, from) = (Enum.Parse<StageNumber>(back), Enum.Parse<StageNumber>(last));
        var call = await RunAsync(number => number == from ? StageResult.BackTo(to, No) : StageResult.Next);

        Assert.Equal(new GatewayOptions().PermitAttemptsMax, _ran.Count(number => number == to));
        Assert.Equal(from, _ran[^1]);
        Assert.Contains("it is not to be", StageBench.Answer(call), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_back_what_a_refused_call_holds()
    {
        using var call = _bench.ToolCall("once");
        await _bench.PassAsync(call, StageNumber.Limit);
        await Pipeline(Stages(static _ => StageResult.Refuse(No))).RunAsync(call);

        using var next = _bench.ToolCall("once");
        await _bench.PassAsync(next, StageNumber.Limit);
    }

    private async Task<CallContext> RunAsync(Func<StageNumber, StageResult> say)
    {
        var call = _bench.ToolCall("free");
        await Pipeline(Stages(say)).RunAsync(call);
        return call;
    }

    private CallPipeline Pipeline(IEnumerable<ICallStage> stages) =>
        new(stages, _bench.Get<DecisionRecorder>(), new GatewayOptions());

    private ICallStage[] Stages(Func<StageNumber, StageResult> say) =>
        [.. Enum.GetValues<StageNumber>().Select(number => new ToldStage(number, _ran, say))];

    private sealed class ToldStage(StageNumber number, List<StageNumber> ran, Func<StageNumber, StageResult> say)
        : ICallStage
    {
        public StageNumber Number => number;

        public ValueTask<StageResult> RunAsync(CallContext call)
        {
            ran.Add(number);
            return new(say(number));
        }
    }
}
