using Gateway.Policy.Reviewing;

namespace Gateway.Policy.Tests.Reviewing;

public class PolicyOverviewTests
{
    [Theory]
    [InlineData("""{"counter":"c","window":"minute","max":10}""", "at most 10 a minute for each grant")]
    [InlineData("""{"counter":"c","window":"hour","max":10,"scope":"server"}""",
        "at most 10 an hour for all grants together")]
    [InlineData("""{"counter":"c","window":"15m","max":3,"increment":2}""",
        "at most 3 every 15 minutes for each grant, where a call counts 2")]
    [InlineData("""{"counter":"c","window":60,"max":3,"scope":"session","refund_on_error":true}""",
        "at most 3 every 60 seconds for each session, refunded if the server fails")]
    [InlineData("""{"counter":"c","window":"day","max":"2500.00","increment_from":"args.amount"}""",
        "at most 2500 of args.amount a day for each grant")]
    [InlineData("""{"counter":"c","window":"hour","max":5,"kind":"sliding"}""",
        "at most 5 in any hour for each grant")]
    [InlineData("""{"counter":"c","window":"1h","max":5,"kind":"bucket","by":"args.to"}""",
        "at most 5 in a burst, then at most 5 every hour for each grant and each value of args.to")]
    [InlineData("""{"counter":"c","window":"day","max":5,"zone":"Europe/Berlin"}""",
        "at most 5 a day (time zone Europe/Berlin) for each grant")]
    [InlineData("""{"counter":"c","window":"hour","max":5,"wait":"90s"}""",
        "at most 5 an hour for each grant; if there is no room, the call waits as a task for at most 90s")]
    public void Says_a_limit_as_a_sentence(string limit, string sentence)
    {
        var part = Part($$$"""{"t":{"limits":[{{{limit}}}]}}""", "t");

        Assert.Contains(new RuleSentence("/tools/t/limits/0", sentence), part.Sentences);
    }

    [Theory]
    [InlineData("{}", "calls are allowed")]
    [InlineData("""{"action":"deny","reason":"no"}""", "every call is denied: \"no\"")]
    [InlineData("""{"action":"deny","mode":"shadow"}""", "every call is denied, in shadow: it is only recorded")]
    [InlineData("""{"action":"approve","approval":{"approvals":2}}""", "2 people must approve every call")]
    [InlineData("""{"deny_if":[{"path":"args.n","op":"gt","value":5}]}""",
        "calls are allowed; denied where args.n is greater than 5")]
    [InlineData("""{"require":[{"path":"args.n","op":"in","value":["a","b"]}]}""",
        "calls are allowed; only where args.n is one of \"a\", \"b\"")]
    [InlineData("""{"approve_if":[{"path":"args.n","op":"gt","value":5}]}""",
        "calls are allowed; where a condition requires it, a person must approve the call; "
        + "a person must approve where args.n is greater than 5")]
    [InlineData("""{"max_in_flight":{"max":3},"rounds":0}""",
        "calls are allowed; at most 3 calls at the same time for each grant; "
        + "each retry with input that the server requested counts as a call")]
    [InlineData("""{"max_in_flight":{"max":3,"wait":"1h"},"budgets":[{"budget":"mail","wait":"2m"}]}""",
        "calls are allowed; each call charges 1 to the budget mail; "
        + "if there is no room, the call waits as a task for at most 2m; at most 3 calls at the same time for each "
        + "grant; if there is no room, the call waits as a task for at most 1h")]
    [InlineData("""{"arguments":{"type":"object"},"results":{"redact":[{"path":"result.structuredContent.iban"}]}}""",
        "calls are allowed; the arguments must satisfy the JSON Schema; "
        + "result.structuredContent.iban of the response is redacted")]
    public void Says_an_entry_in_sentences(string entry, string said) =>
        Assert.Equal(said, string.Join("; ", Part($$"""{"t":{{entry}}}""", "t").Sentences.Select(one => one.Text)));

    [Fact]
    public void Lists_the_tools_that_each_part_decides_and_those_that_it_only_matches()
    {
        var overview = Of(
            """
            {"version":"1","default":"deny","hide":["delete_*"],"all_tools":{"max_in_flight":{"max":9}},
             "tools":{"send_*":{},"send_mail":{"action":"deny"}}}
            """,
            "send_mail", "send_sms", "delete_all", "list");

        Assert.Equal(
            ["/hide/0: delete_all", "/all_tools: send_mail send_sms list", "/tools/send_*: send_sms",
                "/tools/send_mail: send_mail", "/default: list"],
            overview.Parts.Select(part => $"{part.Pointer}: {string.Join(' ', part.Tools)}"));
        Assert.Equal("send_mail send_sms", string.Join(' ', overview.Parts[2].Matches));
        Assert.Equal("list", Assert.Single(overview.Uncovered));
    }

    [Fact]
    public void Says_what_resources_and_prompts_may_be_read()
    {
        var overview = Of("""
            {"version":"1","default":"allow","resources":{"default":"deny","allow":["file:///a/*"],"deny":["file:///a/b"]}}
            """);

        Assert.Equal(
            ["denies file:///a/b", "allows file:///a/*", "denies the others"],
            overview.Parts[^1].Sentences.Select(one => one.Text));
    }

    [Fact]
    public void Says_nothing_of_a_document_that_does_not_load() =>
        Assert.Null(PolicyOverview.Of("{}"u8.ToArray(), []));

    private static PolicyPart Part(string tools, string name) =>
        Of(Policies.Document($"\"tools\":{tools}")).Parts.Single(part => part.Name == name);

    private static PolicyOverview Of(string document, params string[] tools) =>
        PolicyOverview.Of(Encoding.UTF8.GetBytes(document), tools)!;
}
