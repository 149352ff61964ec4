using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

public class LinkedTimeoutTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Source_is_canceled_at_the_timeout_of_the_injected_clock()
    {
        using var limit = new LinkedTimeout(TimeSpan.FromMinutes(1), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(limit.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(limit.IsCancellationRequested);
    }

    [Fact]
    public void Source_is_canceled_with_its_token()
    {
        using var stop = new CancellationTokenSource();
        using var limit = new LinkedTimeout(TimeSpan.FromMinutes(1), _time, stop.Token);

        stop.Cancel();

        Assert.True(limit.IsCancellationRequested);
    }

    [Fact]
    public void Source_of_a_canceled_token_is_canceled_from_the_start()
    {
        using var limit = new LinkedTimeout(TimeSpan.FromMinutes(1), _time, new CancellationToken(canceled: true));

        Assert.True(limit.IsCancellationRequested);
    }

    [Fact]
    public void Disposed_source_follows_neither_its_token_nor_the_clock()
    {
        using var stop = new CancellationTokenSource();
        var limit = new LinkedTimeout(TimeSpan.FromMinutes(1), _time, stop.Token);
        limit.Dispose();

        stop.Cancel();
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.False(limit.IsCancellationRequested);
    }
}
