namespace Gateway.Policy.Tests.Rules;

/// <summary>Whether two policies may decide for sessions of one grant at the same time.</summary>
public sealed class SharedCountersTests
{
    private const string Mail = """{ "counter": "mail", "window": "day", "max": 10 }""";
    private const string Danger = """{ "counter": "danger", "window": "day", "max": 10 }""";

    [Theory]
    [InlineData("{ }", "{ }", true)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""", """{ "action": "deny" }""", true)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""", $$"""{ "limits": [{{Mail}}, {{Danger}}] }""", true)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""", $$"""{ "limits": [{{Danger}}] }""", false)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""",
        """{ "limits": [{ "counter": "mail", "window": "hour", "max": 10 }] }""", false)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""",
        """{ "limits": [{ "counter": "mail", "window": "day", "max": 3 }] }""", true)]
    [InlineData($$"""{ "limits": [{{Mail}}] }""",
        """{ "limits": [{ "counter": "mail", "window": "day", "max": 10, "by": ["args.to"] }] }""", false)]
    [InlineData("""{ "max_in_flight": { "max": 2 } }""", """{ "max_in_flight": { "max": 5 } }""", true)]
    public void One_entry_must_count_on_the_same_counters(string one, string other, bool expected)
    {
        Assert.Equal(expected, CountsWith($"\"send\": {one}", $"\"send\": {other}"));
        Assert.Equal(expected, CountsWith($"\"send\": {other}", $"\"send\": {one}"));
    }

    [Theory]
    // Both policies have both counters, but the tools have swapped them.
    [InlineData($$"""{ "limits": [{{Danger}}] }""", $$"""{ "limits": [{{Mail}}] }""")]
    [InlineData($$"""{ "limits": [{{Danger}}] }""", $$"""{ "limits": [{{Danger}}] }""")]
    // Each is stricter for one tool: neither alone would allow the calls that both do together.
    [InlineData("{ }", $$"""{ "limits": [{{Danger}}, {{Mail}}] }""")]
    [InlineData("""{ "action": "deny" }""", "{ }")]
    public void Counters_must_not_move_between_entries(string send, string delete)
    {
        var published = $$"""
            "send": { "limits": [{{Mail}}] }, "delete": { "limits": [{{Danger}}] }
            """;

        Assert.False(CountsWith(published, $"\"send\": {send}, \"delete\": {delete}"));
        Assert.False(CountsWith($"\"send\": {send}, \"delete\": {delete}", published));
    }

    [Fact]
    public void Entries_must_be_the_same()
    {
        Assert.False(CountsWith($$""" "send*": { "limits": [{{Mail}}] } """, $$"""
            "send*": { "limits": [{{Mail}}] }, "send_all": { "limits": [{{Danger}}] }
            """));
    }

    [Fact]
    public void The_default_is_an_entry()
    {
        var (open, closed) = (
            Policies.Load("""{ "version": "1", "default": "allow" }""").Policy!,
            Policies.Load("""{ "version": "1", "default": "deny" }""").Policy!);

        Assert.True(open.CountsWith(closed));
        Assert.True(closed.CountsWith(open));
    }

    [Fact]
    public void Counters_of_shadow_rules_do_not_count()
    {
        Assert.False(CountsWith(
            $$""" "send": { "limits": [{{Mail}}] }, "other": { } """,
            $$""" "send": { "mode": "shadow", "limits": [{{Mail}}] }, "other": { "limits": [{{Danger}}] } """));
    }

    private static bool CountsWith(string published, string candidate) =>
        Loaded(candidate).CountsWith(Loaded(published));

    private static CompiledPolicy Loaded(string tools)
    {
        var loaded = Policies.Load($$"""{ "version": "1", "default": "deny", "tools": { {{tools}} } }""");
        Assert.True(loaded.Policy is not null, string.Join('\n', loaded.Problems));
        return loaded.Policy;
    }
}
