using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Tests.Waiting;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Tests.Forwarding;

/// <summary>Calls whose stream ended after an event id: resumed here, at another frontend, or never.</summary>
public sealed class OpenResumesTests
{
    private const string Policy = """
        { "version": "1", "default": "allow",
          "tools": { "pay": { "limits": [ { "counter": "c", "window": "month", "max": 2, "refund_on_error": true } ] } } }
        """;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly ReadOnlyMemory<byte> Response = """{"jsonrpc":"2.0","id":1,"result":{}}"""u8.ToArray();

    [Fact]
    public async Task Stream_that_nobody_resumes_is_recorded_as_no_response_and_counted()
    {
        await using var bench = await StageBench.OpenAsync(Policy, unanswered: TimeSpan.FromSeconds(1));
        using var call = CallInSession(bench);

        await FinishAsync(bench, call);

        Assert.Equal(("no_response", "counted"), await OutcomeAsync(bench));
        Assert.NotNull(bench.Get<ServerHealth>().Of(call.Server)!.Fault);
    }

    [Fact]
    public async Task Resumed_stream_keeps_the_call_open_until_its_response()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = CallInSession(bench);
        await FinishAsync(bench, call);
        var resumes = bench.Get<OpenResumes>();

        using (var resumed = resumes.Resume("bot", "srv", call.Session.Session)!)
        {
            resumed.See("""{"jsonrpc":"2.0","id":2,"result":{}}"""u8.ToArray());
            resumed.See("""{"jsonrpc":"2.0","id":1,"method":"roots/list"}"""u8.ToArray());
        }

        Assert.DoesNotContain(bench.RecordsNow(), IsOutcome);
        using var again = resumes.Resume("bot", "srv", call.Session.Session)!;
        again.See(Response);

        Assert.Equal(("completed", "counted"), await OutcomeAsync(bench));
        Assert.Null(resumes.Resume("bot", "srv", call.Session.Session));
    }

    [Fact]
    public async Task Stream_that_another_frontend_resumed_is_not_recorded_as_no_response()
    {
        var store = new ConflictingStore { IsShared = true };
        await using var other = await StageBench.OpenAsync(Policy, store);
        await using var bench = await StageBench.OpenAsync(Policy, store, TimeSpan.FromSeconds(1));
        using var call = CallInSession(bench);
        await FinishAsync(bench, call);

        Assert.Null(other.Get<OpenResumes>().Resume("bot", "srv", call.Session.Session));

        Assert.Equal(("resumed elsewhere", "counted"), await OutcomeAsync(bench));
        Assert.Null(bench.Get<ServerHealth>().Of(call.Server));
    }

    [Fact]
    public async Task Canceled_call_is_over()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = CallInSession(bench);
        await FinishAsync(bench, call);
        using var cancel = bench.Call("notifications/cancelled", """ "requestId":1 """);
        cancel.Session.Bind("client", "upstream");

        bench.Get<OpenResumes>().Cancel(cancel);

        Assert.True(bench.Get<OpenResumes>().IsCanceled(call));
        Assert.Equal(("completed", "counted"), await OutcomeAsync(bench));
        bench.Get<OpenResumes>().Begin(call);
        Assert.False(bench.Get<OpenResumes>().IsCanceled(call));
    }

    private static CallContext CallInSession(StageBench bench)
    {
        var call = bench.ToolCall("pay");
        call.Session.Bind("client", "upstream");
        return call;
    }

    /// <summary>Ends a call that was sent and whose stream ended after an event id.</summary>
    private static async Task FinishAsync(StageBench bench, CallContext call)
    {
        var admitted = (await bench.RecordAsync(call)).Admitted;
        var request = new UpstreamRequest
        {
            Method = HttpMethod.Post,
            ClientHeaders = call.Http.Request.Headers,
            CallId = call.IdText,
            WasWritten = true,
        };
        var life = new CallLife(admitted, request, null, TimeProvider.System);
        call.Begin(life);
        await bench.EndAsync<RelayedCall, AdmittedCall>(new RelayedCall(
            new ForwardedCall(life, null, null),
            new RelayOutcome(200, false, 10, RelayEnd.Resumable) { Retry = Short }));
    }

    private static bool IsOutcome(JsonElement record) => record.GetProperty("kind").GetString() == "outcome";

    private static async Task<(string? Ended, string? Counted)> OutcomeAsync(StageBench bench)
    {
        await Soon.UntilAsync(() => bench.RecordsNow().Any(IsOutcome), "the outcome is recorded");
        var outcome = bench.RecordsNow().Single(IsOutcome);
        return (outcome.GetProperty("ended").GetString(), outcome.GetProperty("counted").GetString());
    }
}
