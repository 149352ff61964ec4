using FsCheck;
using FsCheck.Fluent;
using Gateway.Limits.Model;
using Gateway.Policy.Schemas;
using Gateway.Policy.Schemas.Compiling;
using Gateway.Policy.Tests.Oracle;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Schemas;

public class PublishedSchemaTests
{
    private static readonly Schema Published = Compile();

    [Theory]
    [InlineData("")]
    [InlineData("\"$schema\":\"x\",\"description\":\"d\",\"mode\":\"shadow\",\"hide\":[\"a\",\"b*\"]")]
    [InlineData("\"tools\":{\"a\":{},\"b*\":{\"action\":\"deny\",\"reason\":\"r\"}}")]
    [InlineData("\"tools\":{\"a\":{\"rate_limit\":{\"max\":1,\"window\":60}},\"b\":{\"mode\":\"shadow\"}}")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"approve\",\"approval\":{\"expires\":\"15m\",\"wait\":0}}}")]
    [InlineData("\"tools\":{\"a\":{\"rounds\":0},\"b\":{\"rounds\":16.0}},\"case_variants\":\"allow\"")]
    [InlineData("\"tools\":{\"a\":{\"number\":\"double\"},\"b\":{\"number\":\"decimal\"}}")]
    [InlineData("\"record_arguments\":true")]
    [InlineData("\"record_arguments\":[\"args.to\",\"args.items[*].id\",\"args\"]")]
    [InlineData("\"tools\":{\"a\":{\"arguments\":{\"type\":\"object\"}},\"b\":{\"arguments\":false}}")]
    [InlineData("\"resources\":{\"default\":\"deny\",\"allow\":[\"file:///*\"]},\"prompts\":{\"deny\":[\"x\"]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"month\",\"max\":\"2500.00\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"90s\",\"max\":5,\"kind\":\"sliding\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"90s\",\"max\":5,\"kind\":\"bucket\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"week\",\"max\":5,\"zone\":\"UTC\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":5,"
        + "\"zone\":\"Europe/Berlin\",\"kind\":\"fixed\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":1,\"max\":5,\"increment_from\":\"args\"}]}")]
    [InlineData("\"tools\":{\"a\":{\"approve_if\":[{\"path\":\"args.n\",\"op\":\"gt\",\"value\":1}],\"approval\":{}}}")]
    [InlineData("\"all_tools\":{\"approve_if\":[]}")]
    [InlineData("\"all_tools\":{\"max_in_flight\":{\"max\":1000}}")]
    [InlineData("\"tools\":{\"a\":{\"max_in_flight\":{\"max\":1,\"scope\":\"server\"}}}")]
    [InlineData("\"all_tools\":{\"require\":[{\"path\":\"args.a\",\"op\":\"in\",\"list\":\"l\",\"as\":\"digits\"}]}")]
    [InlineData("\"all_tools\":{\"require\":[{\"path\":\"args.a\",\"op\":\"host_in\",\"list\":\"l\"}]}")]
    [InlineData("\"all_tools\":{\"require\":[{\"time\":{\"zone\":\"UTC\",\"days\":[\"fri-mon\"]},\"reason\":\"r\"}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":1,\"max\":5,"
        + "\"by\":\"args.a\",\"keys_max\":5}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":1,\"max\":5,\"by\":[\"args.a\","
        + "{\"path\":\"args.b\",\"as\":\"digits\"}]}]}")]
    [InlineData("\"all_tools\":{\"deny_if\":[{\"any\":[{\"not\":{\"path\":\"args\",\"op\":\"exists\"}}]}]}")]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":1,\"max\":5,\"scope\":\"subject\","
        + "\"without\":\"grant\",\"keys_max\":9,\"by\":\"caller.client\"}]}")]
    [InlineData("\"all_tools\":{\"require\":[{\"path\":\"caller.claims[\\\"a.b\\\"].x\",\"op\":\"has\","
        + "\"value\":1}]}")]
    [InlineData("\"all_tools\":{\"deny_if\":[{\"path\":\"caller.subject\",\"op\":\"starts_with\",\"value\":\"x\"}]}")]
    [InlineData("\"tests\":[{\"caller\":{\"issuer\":\"i\",\"subject\":\"s\",\"client\":\"c\","
        + "\"act\":{\"subject\":\"a\"},\"claims\":{}},\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]")]
    public void Accepts_what_the_loader_accepts(string members)
    {
        Assert.NotNull(Load(Document(members)).Policy);
        Assert.True(Accepts(Document(members), out var why), why);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("{\"version\":\"2\",\"default\":\"deny\"}")]
    [InlineData("{\"version\":1,\"default\":\"deny\"}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tool\":{}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"record_arguments\":false}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"record_arguments\":[]}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"record_arguments\":[\"to\"]}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"record_arguments\":[1]}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":true}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"\":{}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"acton\":\"deny\"}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"action\":\"rate_limit\"}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"rounds\":17}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"results\":{}}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"prompts\":{\"results\":{\"redact\":[{}]}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"number\":\"double\"}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"number\":\"float\"}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"case_variants\":\"no\"}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"rate_limit\":{\"max\":1}}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"require\":[{\"op\":\"eq\"}]}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"require\":[{\"any\":[]}]}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"a\":{\"approve_if\":{}}}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"_\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":\"month\",\"max\":5,\"kind\":\"sliding\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":1,\"max\":5,\"keys_max\":5}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":\"24h\",\"max\":5,\"zone\":\"UTC\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":\"day\",\"max\":5,\"zone\":\"UTC\",\"kind\":\"bucket\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":1,\"max\":5,\"by\":\"args.a[*]\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":1,\"max\":5,\"without\":\"grant\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[{\"counter\":\"c\","
        + "\"window\":1,\"max\":5,\"scope\":\"subject\",\"without\":\"server\"}]}}")]
    [InlineData("{\"version\":\"1\",\"default\":\"deny\",\"tests\":[{\"caller\":{\"issuer\":\"i\"},"
        + "\"call\":{\"tool\":\"t\"},\"expect\":\"deny\"}]}")]
    public void Refuses_what_the_loader_refuses(string json)
    {
        Assert.Null(Load(json).Policy);
        Assert.False(Accepts(json, out _));
    }

    [Theory]
    [InlineData("\"path\":\"args.a\",\"op\":\"eq\"")]
    [InlineData("\"path\":\"a\",\"op\":\"exists\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"equals\",\"value\":1")]
    [InlineData("\"path\":\"args.a\",\"op\":\"gt\",\"value\":\"1\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"length_gt\",\"value\":-1")]
    [InlineData("\"path\":\"args.a\",\"op\":\"in\",\"value\":[]")]
    [InlineData("\"path\":\"args.a\",\"op\":\"matches\",\"value\":1")]
    [InlineData("\"path\":\"args.a\",\"op\":\"exists\",\"value\":1")]
    [InlineData("\"path\":\"args.a\",\"op\":\"in\",\"list\":\"_\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"in\",\"list\":\"l\",\"value\":[1]")]
    [InlineData("\"path\":\"args.a\",\"op\":\"in\",\"list\":\"l\",\"as\":\"upper\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"in\",\"value\":[1],\"as\":\"text\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"eq\",\"list\":\"l\"")]
    [InlineData("\"path\":\"args.a\",\"op\":\"host_in\",\"list\":\"l\",\"as\":\"lower\"")]
    [InlineData("\"time\":{\"zone\":\"UTC\"}")]
    [InlineData("\"time\":{\"days\":[\"mon\"]}")]
    [InlineData("\"time\":{\"zone\":\"UTC\",\"days\":[\"Mon\"]}")]
    [InlineData("\"time\":{\"zone\":\"UTC\",\"hours\":[\"24:00-01:00\"]}")]
    [InlineData("\"time\":{\"zone\":\"UTC\",\"hours\":[\"00:00-24:01\"]}")]
    [InlineData("\"time\":{\"zone\":\"../UTC\",\"hours\":[\"00:00-01:00\"]}")]
    [InlineData("\"time\":{\"zone\":\"UTC\",\"days\":[\"mon\"]},\"op\":\"exists\"")]
    [InlineData("\"not\":{\"path\":\"args.a\",\"op\":\"exists\"},\"op\":\"eq\"")]
    [InlineData("\"path\":\"caller.claims.g\",\"op\":\"contains\",\"value\":\"a\"")]
    [InlineData("\"path\":\"caller.claims.g\",\"op\":\"matches_any\",\"value\":[\"a\"]")]
    [InlineData("\"path\":\"caller.claims.g\",\"op\":\"in\",\"list\":\"l\",\"as\":\"lower\"")]
    public void Refuses_a_condition_that_the_loader_refuses(string condition)
    {
        var json = Document("\"all_tools\":{\"require\":[{" + condition + "}]}");
        Assert.Null(Load(json).Policy);
        Assert.False(Accepts(json, out _));
    }

    [Fact]
    public void Accepts_every_random_document() => Prop.ForAll(
        Arb.From(RandomPolicies.Document),
        document => Accepts(document, out var why).Label($"{why}: {document}"))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static bool Accepts(string json, out string why)
    {
        var run = new SchemaRun(new WorkBudget());
        var value = JsonTreeReader.Read(Encoding.UTF8.GetBytes(json), depthMax: 64, duplicates: null, out _)!;
        var accepted = Published.Accepts(value, run) && !run.IsExhausted;
        why = run.Failure;
        return accepted;
    }

    [Fact]
    public void Published_numbers_and_lengths_are_the_defaults_of_the_code()
    {
        using var schema = JsonDocument.Parse(PublishedSchema.Policy.Utf8);
        var terms = ApprovalTerms.Default;
        string[] expected =
        [
            $"approvals {terms.Approvals}", $"expires \"{terms.ExpiresAfter.TotalMinutes:0}m\"", "increment 1",
            $"keys_max {PolicyBounds.KeysMaxDefault}", $"rounds {PolicyBounds.RoundsDefault}", "times 1",
            $"wait \"{terms.WaitAtMost.TotalSeconds:0}s\"",
        ];
        Assert.Equal(expected, Defaults("", schema.RootElement).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Defaults(string name, JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().SelectMany(item => Defaults(name, item));
        if (node.ValueKind != JsonValueKind.Object)
            return [];
        return node.EnumerateObject().SelectMany(member => member switch
        {
            { Name: "examples" } => [],
            { Name: "default", Value.ValueKind: JsonValueKind.Number } => [$"{name} {member.Value}"],
            { Name: "default", Value.ValueKind: JsonValueKind.String }
                when member.Value.GetString() is [>= '0' and <= '9', ..] => [$"{name} {member.Value.GetRawText()}"],
            _ => Defaults(member.Name, member.Value),
        });
    }

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        var terms = ApprovalTerms.Default;
        (string Pointer, string Value)[] expected =
        [
            ("/$defs/budgets/items/anyOf/1/properties/increment", Amount.One.ToString()),
            ("/$defs/limit/properties/increment", Amount.One.ToString()),
            ("/$defs/limit/properties/keys_max", $"{PolicyBounds.KeysMaxDefault}"),
            ("/$defs/test/properties/grant", CallTestReader.GrantDefault),
            ("/$defs/test/properties/times", $"{CallTestReader.TimesDefault}"),
            ("/$defs/tool/properties/approval/properties/approvals", $"{terms.Approvals}"),
            ("/$defs/tool/properties/approval/properties/expires", $"{terms.ExpiresAfter}"),
            ("/$defs/tool/properties/approval/properties/wait", $"{terms.WaitAtMost}"),
            ("/$defs/tool/properties/rounds", $"{PolicyBounds.RoundsDefault}"),
            ("/properties/extensions", string.Join(' ', KnownExtensions.All.Order(StringComparer.Ordinal))),
        ];

        using var schema = JsonDocument.Parse(PublishedSchema.Policy.Utf8);

        Assert.Equal(expected, Defaults(schema.RootElement, "")
            .OrderBy(static one => one.Pointer, StringComparer.Ordinal));
    }

    /// <summary>
    /// The defaults that are neither flags nor values of an enumeration, which have no constants; lengths of time as
    /// such.
    /// </summary>
    private static IEnumerable<(string Pointer, string Value)> Defaults(JsonElement json, string pointer)
    {
        var isObject = json.ValueKind == JsonValueKind.Object;
        if (isObject && !json.TryGetProperty("enum", out _) && json.TryGetProperty("default", out var value)
            && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Array)
        {
            var text = value.ValueKind == JsonValueKind.Array
                ? string.Join(' ', value.EnumerateArray().Select(static one => one.GetString()))
                : value.ToString();
            yield return (pointer, WrittenTime.TryLength(text, out var length) ? $"{length}" : text);
        }

        IEnumerable<(string Name, JsonElement Json)> children = isObject
            ? json.EnumerateObject().Where(static one => one.Name != "examples")
                .Select(static one => (one.Name, one.Value))
            : json.ValueKind == JsonValueKind.Array
                ? json.EnumerateArray().Select(static (one, i) => (i.ToString(CultureInfo.InvariantCulture), one))
                : [];
        foreach (var (name, child) in children)
        {
            foreach (var one in Defaults(child, $"{pointer}/{name}"))
                yield return one;
        }
    }

    private static Schema Compile()
    {
        var problems = new ProblemSink(PublishedSchema.Policy.FileName, new LineMap(PublishedSchema.Policy.Utf8));
        var root = JsonTreeReader.Read(PublishedSchema.Policy.Utf8.Span, depthMax: 64, duplicates: null, out var fault);
        Assert.True(root is not null, fault.ToString());
        var schema = SchemaCompiler.Compile(root, "", problems);
        Assert.Empty(problems.ToImmutable());
        return schema;
    }
}
