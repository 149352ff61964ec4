using Gateway.Catalogue.Classifying;
using Gateway.Control.Contracts;

namespace Gateway.Server.Tests.Channels;

/// <summary>Channels that are told of some kinds of tools alone, by what the catalogue holds them to be.</summary>
public sealed class ChannelKindTests : IAsyncLifetime
{
    private MessageReceiver _receiver = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _receiver = await MessageReceiver.StartAsync();
        _bench = await AdminBench.StartAsync();
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""
            {
              "version": "1", "default": "deny",
              "tools": { "list_customers": { "action": "require_approval", "approval": { "wait": "0s" } } }
            }
            """));
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Only_channels_with_a_matching_category_and_risk_are_notified()
    {
        await _bench.SendAsync("GET", "catalogue/crm");
        await AddAsync("money", "categories", "Financial");
        await AddAsync("high", "risks", "High", "Critical");
        await AddAsync("reads", "categories", "Read");

        await AskAsync("bot");
        Assert.Equal("/reads", (await _receiver.NextAsync()).Path);
        var said = await _bench.SendAsync(
            "PUT", "catalogue/crm/tools/list_customers/classification",
            new JsonObject { ["category"] = "Financial", ["risk"] = "Critical", ["note"] = "It bills." });
        Assert.InRange(said.Status, 200, 204);
        await AskAsync("second");

        // The first request still waits, and is for them now too.
        var received = new List<string>();
        while (received.Count < 4)
            received.Add((await _receiver.NextAsync()).Path);
        Assert.Equal(["/high", "/high", "/money", "/money"], received.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_channels_are_notified_of_an_unknown_tool()
    {
        await AddAsync("money", "categories", "Financial");
        await AskAsync("bot");

        Assert.Equal("/money", (await _receiver.NextAsync()).Path);
    }

    [Theory]
    [InlineData("categories", "financial")]
    [InlineData("risks", "Severe")]
    public async Task A_word_that_is_none_is_refused(string member, string word)
    {
        var refused = await _bench.SendAsync("POST", "channels", Input("ops", member, word));

        Assert.Equal(422, refused.Status);
        Assert.Contains(
            $", not \"{word}\"", (string?)refused.Json!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_of_a_channel_are_those_of_the_catalogue()
    {
        Assert.Equal(Enum.GetNames<ToolCategory>(), WordsOf("categories"));
        Assert.Equal(Enum.GetNames<RiskLevel>(), WordsOf("risks"));

        static string[] WordsOf(string name) =>
            ChannelSpec.Members.Single(member => member.Name == name).Declared.Choices;
    }

    [Theory]
    [InlineData("servers", "", "/servers/0", "this has 0 characters; 1 to 256 are allowed")]
    [InlineData("types", null, "/types/0", "this must be a string, not null")]
    public async Task A_value_out_of_range_is_refused_with_its_place(
        string member, string? value, string pointer, string message)
    {
        var refused = await _bench.SendAsync("POST", "channels", Input("ops", member, value!));

        Assert.Equal(422, refused.Status);
        var error = Assert.Single(refused.Json!["errors"]!.AsArray())!;
        Assert.Equal((pointer, message), ((string?)error["pointer"], (string?)error["message"]));
    }

    [Theory]
    [InlineData("approval.requestd")]
    [InlineData("bogus.*")]
    public async Task An_unknown_type_is_refused_when_a_channel_is_added_or_changed(string type)
    {
        await AddAsync("ops", "types", "approval.*", "none");

        var added = await _bench.SendAsync("POST", "channels", Input("typo", "types", type));
        var set = await _bench.SendAsync(
            "PATCH", "channels/ops", new JsonObject { ["types"] = new JsonArray(type) }, ifMatch: "*");

        foreach (var refused in (JsonObject[])[added.Json!.AsObject(), set.Json!.AsObject()])
        {
            Assert.StartsWith(
                $"No notification has the type \"{type}\"", (string)refused["detail"]!, StringComparison.Ordinal);
        }
    }

    private async Task AskAsync(string grant)
    {
        var made = await _bench.SendAsync("POST", "grants", AdminBench.GrantBody(grant));
        await _bench.CallAsync((string)made.Json!["token"]!);
    }

    private async Task AddAsync(string name, string member, params string[] words)
    {
        var added = await _bench.SendAsync("POST", "channels", Input(name, member, words));
        Assert.True(added.Status == 201, added.Json?.ToJsonString());
    }

    private JsonObject Input(string name, string member, params string[] words) => new()
    {
        ["name"] = name,
        ["kind"] = "webhook",
        ["url"] = $"{_receiver.Url}/{name}",
        ["allowPrivate"] = true,
        [member] = new JsonArray([.. words.Select(static word => JsonValue.Create(word))]),
    };
}
