using Gateway.Limits.Windows;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A counter as a command line names it: <c>name:seconds:max</c>.</summary>
internal sealed record CounterSpec(string Name, long Seconds, long Max)
{
    public LimitCost Cost => new(
        new CounterKey(LimitScope.Grant, "agent@server", Name, WindowKind.Fixed, Window),
        Amount.FromUnits(Max),
        Amount.One);

    private Window Window => Window.TryFromSeconds(Seconds, out var window)
        ? window
        : throw new InvalidOperationException($"no window of {Seconds} s");

    public static CounterSpec Parse(string text)
    {
        var parts = text.Split(':');
        return new(
            parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture),
            long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Seconds}:{Max}");
}
