using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Tasks;
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

        using (var resumed = (await resumes.ResumeAsync("bot", "srv", call.Session.Session))!)
        {
            resumed.See("""{"jsonrpc":"2.0","id":2,"result":{}}"""u8.ToArray());
            resumed.See("""{"jsonrpc":"2.0","id":1,"method":"roots/list"}"""u8.ToArray());
        }

        Assert.DoesNotContain(bench.RecordsNow(), IsOutcome);
        using var again = (await resumes.ResumeAsync("bot", "srv", call.Session.Session))!;
        again.See(Response);

        Assert.Equal(("completed", "counted"), await OutcomeAsync(bench));
        Assert.False((await resumes.ResumeAsync("bot", "srv", call.Session.Session))!.HasCalls);
    }

    [Fact]
    public async Task Stream_that_another_frontend_resumed_is_not_recorded_as_no_response()
    {
        var store = new ConflictingStore { IsShared = true };
        await using var other = await StageBench.OpenAsync(Policy, store);
        await using var bench = await StageBench.OpenAsync(Policy, store, TimeSpan.FromSeconds(1));
        using var call = CallInSession(bench);
        await FinishAsync(bench, call);

        using var resumed = await other.Get<OpenResumes>().ResumeAsync("bot", "srv", call.Session.Session);
        Assert.False(resumed!.HasCalls);

        Assert.Equal(("resumed elsewhere", "counted"), await OutcomeAsync(bench));
        Assert.Null(bench.Get<ServerHealth>().Of(call.Server));
    }

    [Fact]
    public async Task Task_on_a_stream_that_another_frontend_resumed_belongs_to_the_call_that_asked_for_one()
    {
        var store = new ConflictingStore { IsShared = true };
        await using var other = await StageBench.OpenAsync(Policy, store);
        await using var bench = await StageBench.OpenAsync(Policy, store);
        using var call = bench.ToolCall("pay", """, "task": {} """);
        call.Session.Bind("client", "upstream");
        using var plain = bench.ToolCall("pay");
        plain.Session.Bind("client", "of no task");
        foreach (var one in (CallContext[])[call, plain])
            await bench.Get<OpenResumes>().MarkAsync(one);

        using var resumed = (await other.Get<OpenResumes>().ResumeAsync("bot", "srv", call.Session.Session))!;
        Assert.Equal(
            new TaskHandle("srv", "pay", call.IdText, "own-1"), resumed.TaskOf(Response.Span)?.Invoke("own-1"));
        Assert.Null(resumed.TaskOf("""{"jsonrpc":"2.0","id":2,"result":{}}"""u8));
        using var second = (await other.Get<OpenResumes>().ResumeAsync("bot", "srv", plain.Session.Session))!;
        Assert.Null(second.TaskOf(Response.Span));
        using var stranger = (await other.Get<OpenResumes>().ResumeAsync("eve", "srv", call.Session.Session))!;
        Assert.Null(stranger.TaskOf(Response.Span));
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
