using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Tests.Telemetry;

/// <summary>Grants as labels of metrics: bounded, and the first of each is known for it.</summary>
public sealed class GrantLabelsTests
{
    [Fact]
    public void Counts_grants_beyond_its_bound_together()
    {
        var labels = new GrantLabels();
        for (var i = 0; i < GrantLabels.GrantsMax; i++)
            Assert.Equal(Name(i), labels.Of(Name(i), out _).Label);

        Assert.Equal(ToolLabels.Other, labels.Of("one more", out var isNew).Label);
        Assert.False(isNew);
        Assert.Equal(Name(0), labels.Of(Name(0), out _).Label);
    }

    [Fact]
    public void Marks_a_grant_as_new_only_the_first_time()
    {
        var labels = new GrantLabels();

        labels.Of("bot", out var first);
        labels.Of("bot", out var second);

        Assert.True(first);
        Assert.False(second);
    }

    private static string Name(int i) => i.ToString(CultureInfo.InvariantCulture);
}
