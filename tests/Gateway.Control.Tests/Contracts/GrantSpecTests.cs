using Gateway.Control.Contracts;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Contracts;

public sealed class GrantSpecTests
{
    private static readonly TokenHash Token = TokenHash.Of("a-token-of-this-test");

    public static TheoryData<string> Names => [.. GrantSpec.Members.Select(static member => member.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_member_is_in_the_runtime_model_and_in_the_store(string name)
    {
        var member = GrantSpec.Members.Single(one => one.Name == name);
        var match = name == "order" ? """ "match": { "issuer": "corp" }, """ : "";
        var json = $$"""{ "servers": { "crm": "support" }, {{match}} "{{name}}": {{member.Declared.Example}} }""";
        if (name == "servers")
            json = $$"""{ "servers": {{member.Declared.Example}} }""";
        var written = JsonSerializer.Deserialize(json, SpecJson.Default.GrantSpec)!;

        var grant = GrantDefinition.Of("bot", Token, written, (at, message) => Assert.Fail($"{at}: {message}"));
        var stored = JsonDocument.Parse(GrantDocument.Write(grant)).RootElement;

        Assert.NotNull(member.Get(grant.Spec));
        Assert.True(stored.TryGetProperty(member.NameOnWire, out var kept));
        Assert.Equal(JsonSerializer.Serialize(member.Get(grant.Spec), SpecJson.Default.Options),
            JsonSerializer.Serialize(kept, SpecJson.Default.Options));
    }

    [Fact]
    public void A_member_that_is_absent_is_not_stored_so_that_a_previous_release_reads_the_grant()
    {
        var written = JsonSerializer.Deserialize(
            """{ "servers": { "crm": null }, "tools_as": "list", "virtual_tools": {} }""",
            SpecJson.Default.GrantSpec)!;
        var grant = GrantDefinition.Of("bot", Token, written, (at, message) => Assert.Fail($"{at}: {message}"));

        Assert.Equal($$$"""{"tokenHash":"{{{Token}}}","servers":{"crm":null}}""",
            Encoding.UTF8.GetString(GrantDocument.Write(grant)));
    }

    [Fact]
    public void A_grant_that_the_previous_release_stored_is_read_and_written_with_the_same_members()
    {
        var stored = $$$$"""
            {"servers":{"crm":"support","erp":null},"tokenHash":"{{{{Token}}}}","previousTokenHash":"{{{{Token}}}}",
             "previousUntil":"2026-11-27T00:00:00.5+00:00","expires":"2027-01-01T00:00:00.123+00:00","paused":true,
             "oauth":{"clientId":"c","clientName":"C","operator":"ana","operatorId":"1"},"tools_as":"search",
             "virtual_tools":{"crm":{"find":{"tool":"list_customers"}}},"created":"2026-11-01T00:00:00+00:00"}
            """;
        var grant = Read(stored);

        Assert.NotNull(grant);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(stored), JsonElement.Parse(GrantDocument.Write(grant))));
    }

    [Fact]
    public void A_grant_that_a_later_release_stored_under_the_names_of_this_one_is_read()
    {
        var former = $$$$$"""
            {"servers":{"crm":"support"},"tokenHash":"{{{{{Token}}}}}","tools_as":"search",
             "virtual_tools":{"crm":{"find":{"tool":"list_customers"}}}}
            """;
        var later = former.Replace("tools_as", "toolsAs", StringComparison.Ordinal)
            .Replace("virtual_tools", "virtualTools", StringComparison.Ordinal);

        Assert.All([former, later], stored => Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(former), JsonElement.Parse(GrantDocument.Write(Read(stored)!)))));
    }

    private static GrantDefinition? Read(string stored) =>
        new DocumentReader(SecretProtector.Opening(ControlSnapshot.Empty)).ReadGrant(
            new ControlDocument(new ControlKey(ControlKinds.Grants, "bot"), 1, Encoding.UTF8.GetBytes(stored)));

    [Fact]
    public void A_grant_with_labels_is_stored_and_without_them_again_as_the_previous_release_stores_it()
    {
        var stored = $$$"""{"tokenHash":"{{{Token}}}","servers":{"crm":null}}""";
        var labeled = $$$"""{"tokenHash":"{{{Token}}}","servers":{"crm":null},"labels":{"team":"support","b":""}}""";

        var grant = Read(stored)!;
        var (with, none) = (grant.Spec, grant.Spec);
        with.Labels = new() { ["team"] = "support", ["b"] = "" };
        none.Labels = [];

        Assert.Equal(labeled, Written(with));
        Assert.Equal(["support", ""], Read(labeled)!.Notes!.Labels!.Values);
        Assert.Equal(stored, Written(none));
        Assert.Null(Read(stored)!.Notes);

        static string Written(GrantSpec spec) => Encoding.UTF8.GetString(GrantDocument.Write(
            GrantDefinition.Of("bot", Token, spec, (at, message) => Assert.Fail($"{at}: {message}"))));
    }

    [Theory]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "toolsAs": "list", "tools_as": "search" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "added": 1 }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "labels": { "a b": "" } }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "labels": { "a": null } }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "expires": "30d" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "expires": "soon" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "expires": "" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "tools_as": "found" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "tools_as": "" }""")]
    [InlineData("""{ "servers": { "crm": "support" }, "tokenHash": "HASH", "order": 0, "match": { "issuer": "corp" } }""")]
    [InlineData("""
        { "servers": { "crm": "support" }, "tokenHash": "HASH", "order": 1, "match": { "issuer": "corp",
          "claims": [{ "path": "groups", "op": "contains", "value": "agents" }] } }
        """)]
    [InlineData("""{ "tokenHash": "HASH" }""")]
    public void A_stored_grant_that_cannot_be_understood_is_not_applied(string stored) =>
        Assert.Null(Read(stored.Replace("HASH", Token.ToString(), StringComparison.Ordinal)));

    [Fact]
    public void A_member_without_a_kind_is_refused()
    {
        var problem = Assert.Throws<NotSupportedException>(() => SpecMember.Of(WrongJson.Default.WrongSpec));

        Assert.Contains("Int32", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_schema_has_every_member() => SchemaFile.AssertCurrent(Schema);

    [Fact]
    public void The_console_has_every_member() =>
        SpecModule.AssertCurrent(SpecJson.Default.GrantSpec, "grants");

    private static string Schema(string present)
    {
        const string begin = "      \"description\": \"What an agent may reach with its token.\",\n";
        var members = SpecMember.Of(SpecJson.Default.GrantFile)
            .Where(static one => one.Declared.Example.Length > 0).ToArray();
        var first = members.Where(static one => one.Name is "server" or "policy" or "token" or "expires");
        return present[..(present.IndexOf(begin, StringComparison.Ordinal) + begin.Length)]
            + $"      \"examples\": [\n{Example(first)},\n{Example(members.Except(first))}\n      ],\n"
            + "      \"type\": \"object\",\n      \"additionalProperties\": false,\n"
            + "      \"oneOf\": [{ \"required\": [\"server\"] }, { \"required\": [\"servers\"] }],\n"
            + SchemaFile.Properties(SpecJson.Default.GrantFile) + "\n    }\n  }\n}\n";
    }

    private static string Example(IEnumerable<SpecMember> members) => "        {\n" + string.Join(",\n",
        members.Select(static one => $"          \"{one.Name}\": {one.Declared.Example}")) + "\n        }";
}

internal sealed record WrongSpec
{
    [Member("A number.")]
    public int Number { get; set; }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(WrongSpec))]
internal sealed partial class WrongJson : System.Text.Json.Serialization.JsonSerializerContext;
