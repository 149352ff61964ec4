using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Tests.Pipeline.Stages;

namespace Gateway.Proxy.Tests.Telemetry;

/// <summary>What is told of calls: each counts once, under its labels, however many come at once.</summary>
public sealed class GatewayMetricsTests : IAsyncLifetime
{
    private StageBench _bench = null!;
    private GatewayMetrics _metrics = null!;

    public async Task InitializeAsync()
    {
        _bench = await StageBench.OpenAsync(StageTests.Policy);
        _metrics = _bench.Get<GatewayMetrics>();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Counts_every_call_of_many_at_once()
    {
        const int Tasks = 8;
        const int Rounds = 500;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Decide("free", refusal: null);
                Decide("free", RefusalCategory.RateLimited);
                Decide("unheard of", RefusalCategory.Denied);
            }
        })));

        Assert.Equal(
            [
                "outcome=allowed,server=srv,tool=free 4000",
                "outcome=denied,server=srv,tool=(other) 4000",
                "outcome=rate_limited,server=srv,tool=free 4000",
            ],
            Read("gateway.decisions"));
        Assert.Equal(
            [
                "method=tools/call,outcome=allowed,server=srv 4000",
                "method=tools/call,outcome=denied,server=srv 4000",
                "method=tools/call,outcome=rate_limited,server=srv 4000",
            ],
            Read("gateway.messages"));
        Assert.Equal(
            [
                "grant=bot,outcome=allowed 4000",
                "grant=bot,outcome=approval_required 0",
                "grant=bot,outcome=denied 4000",
                "grant=bot,outcome=rate_limited 4000",
                "grant=bot,outcome=unavailable 0",
            ],
            Read("gateway.grant.messages"));
    }

    [Fact]
    public void Counts_a_call_once_however_many_attempts_it_takes()
    {
        using var call = _bench.ToolCall("free");

        _metrics.Decided(call, "(test)", null);
        _metrics.Decided(call, "(test)", RefusalCategory.Denied);

        Assert.Equal(["outcome=allowed,server=srv,tool=free 1"], Read("gateway.decisions"));
    }

    [Fact]
    public void Tool_that_neither_policy_nor_server_names_is_counted_with_others_though_it_is_allowed()
    {
        for (var i = 0; i < 3; i++)
            Decide($"invented {i}", refusal: null);
        Decide(new string('a', 8000), refusal: null);
        Decide(ToolLabels.Other, RefusalCategory.Denied);

        Assert.Equal(
            ["outcome=allowed,server=srv,tool=(other) 4", "outcome=denied,server=srv,tool=(other) 1"],
            Read("gateway.decisions"));
    }

    [Fact]
    public void Tool_is_counted_under_its_name_from_the_moment_its_server_listed_it()
    {
        Decide("late", refusal: null);
        using (var list = _bench.Call("tools/list"))
            _metrics.Listed(list, "late");
        Decide("late", refusal: null);
        Decide("late", RefusalCategory.Denied);

        Assert.Equal(
            [
                "outcome=allowed,server=srv,tool=(other) 1",
                "outcome=allowed,server=srv,tool=late 1",
                "outcome=denied,server=srv,tool=late 1",
            ],
            Read("gateway.decisions"));
    }

    [Fact]
    public void Counts_a_method_that_no_revision_knows_with_others_and_as_no_tools_decision()
    {
        foreach (var method in new[] { "ping", "made/up", "made/up/too" })
        {
            using var call = _bench.Call(method);
            _metrics.Decided(call, "(test)", RefusalCategory.Denied);
        }

        Assert.Equal(
            ["method=(other),outcome=denied,server=srv 2", "method=ping,outcome=denied,server=srv 1"],
            Read("gateway.messages"));
        Assert.Empty(Read("gateway.decisions"));
    }

    [Fact]
    public void Call_past_its_deadline_is_overdue_until_it_ends_or_is_forwarded()
    {
        using var late = _bench.ToolCall("free");
        using var forwarded = _bench.ToolCall("free");
        using var timely = _bench.ToolCall("free");
        var series = ((CallContext[])[late, forwarded, timely]).Select(_metrics.Began).ToArray();
        Assert.Equal([" 0"], Read("gateway.requests.overdue"));

        late.Deadline.Set(TimeSpan.FromSeconds(-1));
        forwarded.Deadline.Set(TimeSpan.FromSeconds(-1));
        Assert.Equal([" 2"], Read("gateway.requests.overdue"));
        forwarded.Deadline.Remove();
        Assert.Equal([" 1"], Read("gateway.requests.overdue"));
        _metrics.Ended(late, series[0]);
        Assert.Equal([" 0"], Read("gateway.requests.overdue"));
        _metrics.Ended(forwarded, series[1]);
        _metrics.Ended(timely, series[2]);
    }

    [Fact]
    public void Request_is_overdue_only_once_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        var deadlines = new RequestDeadlines(time);
        RequestDeadline[] requests = [new(), new(), new()];
        foreach (var request in requests)
            deadlines.Begin(request, TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, deadlines.Overdue);
        time.Advance(TimeSpan.FromSeconds(2));
        foreach (var (left, request) in ((int[])[1, 0, 2]).Select(at => requests[at]).Index())
        {
            Assert.Equal(requests.Length - left, deadlines.Overdue);
            request.Dispose();
        }

        Assert.Equal(0, deadlines.Overdue);
    }

    [Fact]
    public async Task Reports_the_calls_in_flight_and_zero_after_all_have_ended()
    {
        Assert.Empty(Read("gateway.calls.open"));
        var began = Enumerable.Range(0, 3).Select(_ => _bench.ToolCall("free"))
            .Select(call => (Call: call, Series: _metrics.Began(call))).ToArray();
        Assert.Equal(["server=srv 3"], Read("gateway.calls.open"));

        foreach (var (call, series) in began)
            _metrics.Ended(call, series);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var call = _bench.ToolCall("free");
                _metrics.Ended(call, _metrics.Began(call));
            }
        })));

        Assert.Equal(["server=srv 0"], Read("gateway.calls.open"));
        foreach (var (call, _) in began)
            call.Dispose();
    }

    [Fact]
    public void Counts_without_an_allocation_once_a_series_is_there()
    {
        const int Calls = 100;
        CallContext[] calls = [.. Enumerable.Range(0, Calls + 1).Select(_ => _bench.ToolCall("free"))];
        Pass(calls[0]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var call in calls.AsSpan(1))
            Pass(call);

        // Usage over time begins a page each minute, which may be now.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Calls * 24 - 1);
        foreach (var call in calls)
            call.Dispose();

        void Pass(CallContext call)
        {
            var series = _metrics.Began(call);
            _metrics.Decided(call, "(test)", null);
            _metrics.Ended(call, series);
        }
    }

    private void Decide(string tool, RefusalCategory? refusal)
    {
        using var call = _bench.ToolCall(tool);
        _metrics.Decided(call, "(test)", refusal);
    }

    private string[] Read(string instrument) => MetricReading.Of(_bench.Get<IMeterFactory>(), instrument);
}
