using Gateway.Proxy.InFlight;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Tests.Pipeline.Stages;

namespace Gateway.Proxy.Tests.Calls;

public sealed class CallContextTests : IAsyncLifetime
{
    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(StageTests.Policy);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public void Denies_when_a_second_label_is_set()
    {
        using var call = _bench.ToolCall("once");
        call.ToolLabel = "once";

        Assert.Throws<InvalidOperationException>(() => call.ToolLabel = "other");
    }

    [Fact]
    public async Task Denies_when_places_that_are_still_held_are_replaced()
    {
        using var call = _bench.ToolCall("once");
        var places = (await _bench.Get<InFlightCalls>().OpenAsync([])).Call!;
        (call.Open, call.ShadowOpen) = (places, places);

        Assert.Throws<InvalidOperationException>(() => call.Open = null);
        Assert.Throws<InvalidOperationException>(() => call.ShadowOpen = null);
        await places.ReleaseAsync();
        (call.Open, call.ShadowOpen) = (null, null);
        Assert.Equal((null, null), (call.Open, call.ShadowOpen));
    }

    [Fact]
    public void The_id_of_an_earlier_attempt_can_be_restored()
    {
        using var call = _bench.ToolCall("once");
        var (id, text) = (call.Id, call.IdText);

        call.BeginAttempt();
        Assert.NotEqual((id, text), (call.Id, call.IdText));
        call.ReturnTo(id);

        Assert.Equal((id, text), (call.Id, call.IdText));
    }
}
