namespace Gateway.Control.Tests.Health;

public sealed class RecentRefusalsTests
{
    private const long Minute = 60_000;
    private readonly RecentRefusals _refusals = new();

    [Fact]
    public void Counts_what_was_refused_in_the_last_hour_and_forgets_what_is_older()
    {
        _refusals.Add("bot", "/tools/a", 0);
        _refusals.Add("bot", "/tools/b", 30 * Minute);
        _refusals.Add("other", "/tools/a", 30 * Minute);

        Assert.Equal([("bot", 2), ("other", 1)], Counts(59 * Minute));
        Assert.Equal("/tools/b", _refusals.Read(59 * Minute)[0].Rule);
        Assert.Equal([("bot", 1), ("other", 1)], Counts(61 * Minute));
        Assert.Empty(Counts(91 * Minute));
    }

    [Fact]
    public void Keeps_a_bounded_number_of_grants_and_the_latest_of_them()
    {
        for (var grant = 0; grant < RecentRefusals.GrantsMax + 500; grant++)
            _refusals.Add($"g{grant}", "/tools/a", grant);

        var kept = _refusals.Read(Minute);
        Assert.InRange(kept.Count, RecentRefusals.GrantsMax * 8 / 10, RecentRefusals.GrantsMax);
        Assert.Contains(kept, static grant => grant.Name == $"g{RecentRefusals.GrantsMax + 499}");
    }

    private IEnumerable<(string, int)> Counts(long nowMs) =>
        _refusals.Read(nowMs).Select(static grant => (grant.Name, (int)grant.Count));
}
