namespace Gateway.Upstreams.Tests.Relay;

public class StreamLimiterTests
{
    [Fact]
    public void A_grant_holds_so_many_streams_and_another_grant_its_own()
    {
        var slots = new StreamLimiter();
        var places = Enumerable.Range(0, 32).Select(_ => slots.TryEnter("a")).ToArray();

        Assert.DoesNotContain(null, places);
        Assert.Null(slots.TryEnter("a"));
        Assert.NotNull(slots.TryEnter("b"));

        places[0]!.Dispose();
        places[0]!.Dispose();
        Assert.NotNull(slots.TryEnter("a"));
        Assert.Null(slots.TryEnter("a"));
        Assert.Equal(33, slots.Open);
    }
}
