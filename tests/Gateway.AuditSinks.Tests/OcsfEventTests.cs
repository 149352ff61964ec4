namespace Gateway.AuditSinks.Tests;

/// <summary>Records as events of OCSF 1.8.0, class 6003, with what that class requires.</summary>
public sealed class OcsfEventTests
{
    private static readonly string[] Required =
    [
        "activity_id", "actor", "api", "category_uid", "class_uid", "metadata", "severity_id", "src_endpoint", "time",
        "type_uid",
    ];

    [Theory]
    [InlineData(TestRecords.Allowed, 600399, 1, 1)]
    [InlineData(TestRecords.Refused, 600399, 2, 3)]
    [InlineData("""{"kind":"gap","time":"2026-11-20T10:00:00Z","decisions":2}""", 600399, null, 4)]
    [InlineData("""{"kind":"change","time":"2026-11-20T10:00:00Z","by":"a","action":"update","object":"policy/p"}""", 600303, null, 2)]
    [InlineData("""{"kind":"change","time":"2026-11-20T10:00:00Z","by":"a","action":"delete","object":"policy/p"}""", 600304, null, 2)]
    [InlineData("""{"kind":"access","time":"2026-11-20T10:00:00Z","by":"a","from":"10.0.0.9","action":"sign_in"}""", 600302, null, 2)]
    [InlineData("""{}""", 600399, null, 1)]
    public void Every_record_has_what_the_class_requires(string line, int type, int? disposition, int severity)
    {
        var made = Event(line);

        Assert.All(Required, name => Assert.True(made.TryGetProperty(name, out _), name));
        Assert.Equal(
            (type, severity, disposition),
            (made.GetProperty("type_uid").GetInt32(), made.GetProperty("severity_id").GetInt32(),
                made.TryGetProperty("disposition_id", out var id) ? id.GetInt32() : null));
        Assert.Equal(line, made.GetProperty("unmapped").GetRawText());
        Assert.Equal("0a0b/3-0", made.GetProperty("metadata").GetProperty("uid").GetString());
    }

    [Fact]
    public void A_refused_call_names_who_called_what_and_which_rule_refused_it()
    {
        var made = Event(TestRecords.Refused);

        Assert.Equal(1795168801000, made.GetProperty("time").GetInt64());
        Assert.Equal("Übervoll: 3 of 3.", made.GetProperty("message").GetString());
        Assert.Equal("bot", made.GetProperty("actor").GetProperty("app_name").GetString());
        Assert.Equal("tools/call", made.GetProperty("api").GetProperty("operation").GetString());
        Assert.Equal("mail", made.GetProperty("api").GetProperty("service").GetProperty("name").GetString());
        Assert.Equal("send", made.GetProperty("resources")[0].GetProperty("name").GetString());
        Assert.Equal("/tools/send", made.GetProperty("policy").GetProperty("uid").GetString());
        Assert.Equal("rate_limited", made.GetProperty("status_code").GetString());
    }

    [Fact]
    public void An_operator_has_the_address_that_they_came_from()
    {
        var made = Event("""{"kind":"access","time":"2026-11-20T10:00:00Z","by":"ann","from":"10.0.0.9","action":"x"}""");

        Assert.Equal("10.0.0.9", made.GetProperty("src_endpoint").GetProperty("ip").GetString());
        Assert.Equal("ann", made.GetProperty("actor").GetProperty("user").GetProperty("name").GetString());
    }

    private static JsonElement Event(string line) => JsonElement.Parse(OcsfEvent.Write(TestRecords.Of(line)[0]));
}
