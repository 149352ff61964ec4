using static Gateway.Server.Tests.Results.ResultBench;

namespace Gateway.Server.Tests.Results;

/// <summary>Answers that no longer are what their tool's <c>outputSchema</c> says, once they are redacted.</summary>
public sealed class OutputSchemaTests
{
    private const string Pin = """{"content":[],"structuredContent":{"pin":1234}}""";
    private const string Redacted = """{"content":[],"structuredContent":{"pin":"[redacted]"}}""";

    [Theory]
    [InlineData("""{"type":"object","properties":{"pin":{"type":"integer"}}}""", false)]
    [InlineData("""{"type":"object","properties":{"pin":{"type":"string","maxLength":4}}}""", false)]
    [InlineData("""{"type":"object","properties":{"pin":{}}}""", true)]
    [InlineData("""{"type":"object","properties":{"pin":{"type":["integer","string"]}}}""", true)]
    [InlineData("""{"type":"object","properties":{"pin":{"type":"string"}},"unevaluatedProperties":false}""", true)]
    [InlineData("""{"type":"object","properties":{"pim":true},"unevaluatedProperties":false}""", false)]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","required":["pin"]}""", true)]
    public async Task Denies_what_no_longer_fits_the_schema_that_a_list_showed(string schema, bool passes)
    {
        await using var bench = await StartAsync();
        await ListAsync(bench, schema);
        bench.Answers(Result(Pin));

        var answer = await bench.PostAsync(Call("pay"));

        if (passes)
        {
            Assert.Equal(Result(Redacted), answer);
            return;
        }

        Assert.Contains("the response does not fit", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", answer, StringComparison.Ordinal);
        Assert.Contains("(result no longer fits)", await RecordAsync(bench), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$ref":"https://example.com/other.json"}""", "at /$ref")]
    [InlineData("""{"items":{"$dynamicRef":"#x"}}""", "at /items/$dynamicRef")]
    [InlineData("5", "a schema must be an object")]
    public async Task Redacted_response_is_denied_where_its_schema_cannot_be_checked(string schema, string reason)
    {
        await using var bench = await StartAsync();
        await ListAsync(bench, schema);
        bench.Answers(Result(Pin));

        var answer = await bench.PostAsync(Call("pay"));

        Assert.Contains("cannot check the rest against the tool", answer, StringComparison.Ordinal);
        Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", answer, StringComparison.Ordinal);
        Assert.Contains("(result no longer fits)", await RecordAsync(bench), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_it_in_an_event_too()
    {
        await using var bench = await StartAsync();
        await ListAsync(bench, """{"properties":{"pin":{"type":"integer"}}}""");
        bench.Answers($"data: {Result(Pin)}\n\n", "text/event-stream");

        Assert.Contains("does not fit", await bench.PostAsync(Call("pay")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_what_was_not_changed_and_what_has_no_structured_content()
    {
        const string plain = """{"content":[],"structuredContent":{"pim":"x"}}""";
        await using var bench = await StartAsync();
        await ListAsync(bench, """{"type":"object","required":["pin"]}""");

        Assert.Equal(Result(plain), await bench.Answers(Result(plain)).PostAsync(Call("pay")));
        bench.Answers(Result(Text($"card {Card}!")));
        Assert.Equal(Result(Text("card [redacted]!")), await bench.PostAsync(Call("pay")));
    }

    [Fact]
    public async Task Knows_no_schema_before_a_list_showed_it_nor_after_one_without_it()
    {
        await using var bench = await StartAsync();
        Assert.Equal(Result(Redacted), await bench.Answers(Result(Pin)).PostAsync(Call("pay")));
        await ListAsync(bench, """{"properties":{"pin":{"type":"integer"}}}""");
        Assert.Contains(
            "does not fit", await bench.Answers(Result(Pin)).PostAsync(Call("pay")), StringComparison.Ordinal);
        await ListAsync(bench, null);
        Assert.Equal(Result(Redacted), await bench.Answers(Result(Pin)).PostAsync(Call("pay")));
    }

    private static async Task ListAsync(ResultBench bench, string? schema)
    {
        var output = schema is null ? "" : $",\"outputSchema\":{schema}";
        bench.Answers(Result("{\"tools\":[{\"name\":\"other\"},{\"name\":\"pay\",\"inputSchema\":{}" + output + "}]}"));
        await bench.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
    }

    private static async Task<string> RecordAsync(ResultBench bench) =>
        (await bench.RecordsAsync("outcome"))[^1].GetRawText();
}
