namespace Gateway.Limits.Tests.Windows;

/// <summary>What each kind of limit says of a call that finds no room.</summary>
public sealed class WindowKindTextTests
{
    public static TheoryData<string> Kinds => [.. WindowKind.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Shows_a_counter_of_one_value_by_the_name_of_its_limit(string name)
    {
        Assert.True(Window.TryFromSeconds(60, out var minute));
        var counter = CounterKey.NameByValue("calls", "0123456789abcdef");
        var key = new CounterKey(LimitScope.Grant, "bot@afip", counter, WindowKind.Find(name)!, minute);

        var text = key.Kind.Explain(key, Amount.One, Amount.One, Amount.Zero, resetAtMs: 60_000);

        Assert.StartsWith("Counter calls has ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", text, StringComparison.Ordinal);
    }
}
